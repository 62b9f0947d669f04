package io.eddy.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Handles SIGTERM and Ctrl-C as a request to stop. The process waits for {@link #close}, at most
 * the grace period, and then exits with code 0, or 1 after a failure. It does not wait for work
 * that may be {@linkplain #abandonable abandoned}.
 */
public final class StopSignal implements AutoCloseable {
  private static final long GRACE_SECONDS = 25;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "stop");

  private final Consumer<String> report;

  private volatile int exitCode = ExitCode.OK;
  private boolean isAbandonable;

  /** Installs the handler. */
  public StopSignal() {
    this(message -> {});
  }

  /**
   * Installs the handler.
   *
   * @param report receives how the process ends, if it does not wait for {@link #close}
   */
  public StopSignal(Consumer<String> report) {
    this.report = report;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits up to {@code timeoutMs}; returns true as soon as a stop is requested. */
  public boolean await(long timeoutMs) {
    try {
      return requested.await(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /**
   * Runs an action that needs no orderly end: a stop ends the process while it runs, however long
   * its requests take.
   */
  public void abandonable(Runnable action) {
    setAbandonable(true);
    try {
      action.run();
    } finally {
      setAbandonable(false);
    }
  }

  private synchronized void setAbandonable(boolean isAbandonable) {
    this.isAbandonable = isAbandonable;
  }

  /** Notes that the stop failed, so that the process exits with code 1. */
  public void fail() {
    exitCode = ExitCode.FAILED;
  }

  public boolean hasFailed() {
    return exitCode != ExitCode.OK;
  }

  /** Signals that all resources are released, and removes the handler. */
  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is exiting; the hook sets the exit code.
    }
  }

  private void stop() {
    requested.countDown();
    abandon();
    try {
      boolean isClosed = closed.await(GRACE_SECONDS, TimeUnit.SECONDS);
      if (!isClosed) {
        report.accept("did not stop within %d s".formatted(GRACE_SECONDS));
      }
      Runtime.getRuntime().halt(isClosed ? exitCode : ExitCode.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process if its work may be abandoned; the lock keeps it from going on meanwhile. */
  private synchronized void abandon() {
    if (isAbandonable) {
      report.accept("stopped");
      Runtime.getRuntime().halt(exitCode);
    }
  }
}
