package io.eddy.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and Ctrl-C as a request to stop in an orderly way. While one is open, the process waits
 * for {@link #close} when it is told to end, and then ends with exit code 0.
 */
public final class StopSignal implements AutoCloseable {
  private static final long GRACE_SECONDS = 25;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");

  public StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits; true as soon as a stop is asked for. */
  public boolean await(long millis) {
    try {
      return requested.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Says that everything is put away. */
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook decides the exit code.
    }
  }

  private void stop() {
    requested.countDown();
    try {
      boolean isClean = done.await(GRACE_SECONDS, TimeUnit.SECONDS);
      Runtime.getRuntime().halt(isClean ? 0 : ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
