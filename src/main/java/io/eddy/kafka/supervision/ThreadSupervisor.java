package io.eddy.kafka.supervision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that failed, or stops the forecaster. Runs on the thread that failed.
 *
 * <p>A thread that lost its broker is replaced once a broker answers, without a limit of time or
 * number. A thread that failed for another reason is replaced within a budget. The forecaster stops
 * when the budget is used up, after a fatal failure, and after a failure of the thread of the
 * global stores, which cannot be replaced.
 */
public final class ThreadSupervisor implements StreamsUncaughtExceptionHandler {
  /** The time over which replacements count. */
  public static final Duration WINDOW = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(ThreadSupervisor.class);

  private final int maxReplacements;
  private final BooleanSupplier awaitBroker;
  private final Consumer<Throwable> stop;
  private final LongSupplier nanoTime;
  private final Deque<Long> replacements = new ArrayDeque<>();
  private volatile long total;
  private volatile boolean isReplacing;

  /**
   * Creates a supervisor.
   *
   * @param maxReplacements maximum number of threads that are replaced within {@link #WINDOW} after
   *     an unexpected failure
   * @param awaitBroker waits until a broker answers; returns false if the forecaster stops first
   * @param stop receives the failure that stops the forecaster
   * @param nanoTime {@link System#nanoTime}
   */
  public ThreadSupervisor(
      int maxReplacements,
      BooleanSupplier awaitBroker,
      Consumer<Throwable> stop,
      LongSupplier nanoTime) {
    this.maxReplacements = maxReplacements;
    this.awaitBroker = awaitBroker;
    this.stop = stop;
    this.nanoTime = nanoTime;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable error) {
    FailureKind kind = isGlobalThread() ? FailureKind.FATAL : FailureKind.of(error);
    boolean isReplaced =
        switch (kind) {
          case CONNECTION -> replaceWhenBrokerAnswers(error);
          case UNEXPECTED -> replaceWithinBudget(error);
          case FATAL -> stop(error);
        };
    if (isReplaced) {
      // Kafka Streams throws the failure again to end the thread.
      Thread.currentThread()
          .setUncaughtExceptionHandler((thread, again) -> log.debug("{} ended", thread.getName()));
    }
    return isReplaced
        ? StreamThreadExceptionResponse.REPLACE_THREAD
        : StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static boolean isGlobalThread() {
    return Thread.currentThread().getName().endsWith("-GlobalStreamThread");
  }

  private boolean replaceWhenBrokerAnswers(Throwable error) {
    isReplacing = true;
    log.warn(
        "a stream thread has lost its broker and will be replaced when one answers: {}",
        summary(error));
    log.debug("the failure of the stream thread", error);
    if (!awaitBroker.getAsBoolean()) {
      return false;
    }
    count();
    log.info("a broker answers: replacing the stream thread");
    return true;
  }

  private boolean replaceWithinBudget(Throwable error) {
    int used = use();
    if (used > maxReplacements) {
      log.error("{} failures of stream threads within {} min", used, WINDOW.toMinutes());
      return stop(error);
    }
    log.error(
        "a stream thread failed and is replaced ({} of at most {} within {} min)",
        used,
        maxReplacements,
        WINDOW.toMinutes(),
        error);
    isReplacing = true;
    count();
    return true;
  }

  /** Counts a failure, and returns the number of those within the window. */
  private synchronized int use() {
    long now = nanoTime.getAsLong();
    replacements.removeIf(failed -> now - failed > WINDOW.toNanos());
    replacements.add(now);
    return replacements.size();
  }

  private boolean stop(Throwable error) {
    stop.accept(error);
    return false;
  }

  private synchronized void count() {
    total++;
  }

  /** Notes that all stream threads are running. */
  public void running() {
    isReplacing = false;
  }

  /** Returns whether a stream thread has failed since all of them were running. */
  public Optional<String> problem() {
    return isReplacing
        ? Optional.of("a stream thread failed and is being replaced")
        : Optional.empty();
  }

  /** Returns the number of stream threads that were replaced since the start. */
  public long replacements() {
    return total;
  }

  /** Returns the messages of a failure and of its innermost cause. */
  private static String summary(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    return root.getClass().getSimpleName() + ": " + message.lines().findFirst().orElse("");
  }
}
