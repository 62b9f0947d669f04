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

/** Runs tasks on several threads and passes on their results in the order of the tasks. */
final class OrderedParallelExecutor {
  private OrderedParallelExecutor() {}

  /**
   * Runs the tasks until one fails. At most {@code 2 * threads} tasks are in progress or wait for
   * their result to be consumed.
   *
   * @param consumer of the results, called on the caller's thread
   * @throws IllegalStateException if the caller's thread is interrupted; a runtime exception of a
   *     task or of the consumer is thrown unchanged
   */
  static <T> void run(List<? extends Callable<T>> tasks, int threads, Consumer<T> consumer) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "evaluation");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Iterator<? extends Callable<T>> remaining = tasks.iterator();
      Queue<Future<T>> started = new ArrayDeque<>();
      while (remaining.hasNext() || !started.isEmpty()) {
        while (remaining.hasNext() && started.size() < 2 * threads) {
          started.add(workers.submit(remaining.next()));
        }
        consumer.accept(result(started.remove()));
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
