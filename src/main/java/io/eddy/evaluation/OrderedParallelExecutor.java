package io.eddy.evaluation;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Works tasks out on several threads, a few ahead, and hands on what comes of them in order. */
final class OrderedParallelExecutor {
  private OrderedParallelExecutor() {}

  /**
   * Works all of them out, or those before the first that fails.
   *
   * @param taker is called by the caller's thread
   * @throws IllegalStateException where the thread is interrupted; what a task or {@code taker}
   *     throws is thrown as it is
   */
  static <T> void run(List<? extends Callable<T>> tasks, int threads, Consumer<T> taker) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "evaluation");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Iterator<? extends Callable<T>> coming = tasks.iterator();
      Queue<Future<T>> begun = new ArrayDeque<>();
      while (coming.hasNext() || !begun.isEmpty()) {
        while (coming.hasNext() && begun.size() < 2 * threads) {
          begun.add(workers.submit(coming.next()));
        }
        taker.accept(result(begun.remove()));
      }
    } finally {
      workers.shutdownNow();
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a task failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
