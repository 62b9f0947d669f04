package io.eddy.kafka.supervision;

import io.eddy.kafka.schema.RegistryUnavailableException;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that failed, or stops the forecaster. Runs on the thread that failed.
 *
 * <p>A thread that lost its broker or the schema registry is replaced once that answers, without a
 * limit of time or number. A thread that failed for another reason is replaced within a budget. The
 * forecaster stops when the budget is used up, after a fatal failure, and after a failure of the
 * thread of the global stores, which cannot be replaced.
 */
public final class ThreadSupervisor implements StreamsUncaughtExceptionHandler {
  /** The time over which replacements count. */
  public static final Duration WINDOW = Duration.ofMinutes(10);

  private static final Logger log = LoggerFactory.getLogger(ThreadSupervisor.class);

  private static final String REPLACED = "a stream thread failed and is being replaced";

  private final int maxReplacements;
  private final BooleanSupplier awaitBroker;
  private final Predicate<SchemaRegistrySettings> awaitRegistry;
  private final Consumer<Throwable> stop;
  private final LongSupplier nanoTime;
  private final Deque<Long> replacements = new ArrayDeque<>();
  private volatile long total;
  private volatile @Nullable String problem;

  /**
   * Creates a supervisor.
   *
   * @param maxReplacements maximum number of threads that are replaced within {@link #WINDOW} after
   *     an unexpected failure
   * @param awaitBroker waits until a broker answers; returns false if the forecaster stops first
   * @param awaitRegistry waits until a schema registry answers; returns false if the forecaster
   *     stops first
   * @param stop receives the failure that stops the forecaster
   * @param nanoTime {@link System#nanoTime}
   */
  public ThreadSupervisor(
      int maxReplacements,
      BooleanSupplier awaitBroker,
      Predicate<SchemaRegistrySettings> awaitRegistry,
      Consumer<Throwable> stop,
      LongSupplier nanoTime) {
    this.maxReplacements = maxReplacements;
    this.awaitBroker = awaitBroker;
    this.awaitRegistry = awaitRegistry;
    this.stop = stop;
    this.nanoTime = nanoTime;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable error) {
    FailureKind kind = isGlobalThread() ? FailureKind.FATAL : FailureKind.of(error);
    boolean isReplaced =
        switch (kind) {
          case CONNECTION -> replaceWhenBrokerAnswers(error);
          case REGISTRY -> replaceWhenRegistryAnswers(error);
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
    problem = REPLACED;
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

  private boolean replaceWhenRegistryAnswers(Throwable error) {
    RegistryUnavailableException unavailable =
        FailureKind.chain(error)
            .filter(RegistryUnavailableException.class::isInstance)
            .map(RegistryUnavailableException.class::cast)
            .findFirst()
            .orElseThrow();
    problem = unavailable.getMessage();
    log.warn(
        "a stream thread will be replaced when the schema registry answers: {}",
        unavailable.getMessage());
    if (!awaitRegistry.test(unavailable.registry())) {
      return false;
    }
    problem = REPLACED;
    count();
    log.info("the schema registry answers: replacing the stream thread");
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
    problem = REPLACED;
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
    problem = null;
  }

  /** Returns why a stream thread is being replaced; empty if all of them are running. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
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
