package io.eddy.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads of a training. */
final class WorkerPool implements AutoCloseable {
  private final ExecutorService threads;

  WorkerPool(int threads) {
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "trainer");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Runs independent tasks and returns when all have finished. */
  void run(List<Runnable> tasks) {
    List<Future<?>> running = new ArrayList<>();
    tasks.forEach(task -> running.add(threads.submit(task)));
    try {
      for (Future<?> task : running) {
        task.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("training failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("training was interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
