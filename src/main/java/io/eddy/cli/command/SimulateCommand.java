package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.CsvObservations;
import io.eddy.dataset.IntervalDetector;
import io.eddy.dataset.ObservationSource;
import io.eddy.dataset.RepeatedObservations;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.synthetic.SensorGenerator;
import io.eddy.dataset.synthetic.SensorSource;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventPublisher;
import io.eddy.kafka.simulation.FaultInjector;
import io.eddy.kafka.simulation.Simulation;
import io.eddy.kafka.simulation.SimulationClock;
import io.eddy.kafka.simulation.TopicEnd;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy simulate}. */
@Command(
    name = "simulate",
    description = {
      "Publishes events of simulated sensors, or of a CSV file again and again, until Ctrl-C.",
      "It continues where the events topic ends: after a restart, or after `eddy feed` of series"
          + " from `eddy generate`.",
      "With --speed 1x, event time is the time of the clock. At any other speed, event time"
          + " advances that much faster from the topic's end, or from --start."
    },
    mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {
  private static final int DEFAULT_SERIES = 50;
  private static final Duration DEFAULT_INTERVAL = Duration.ofHours(1);
  private static final long PROGRESS_PERIOD_MS = 10_000;
  private static final long RETRY_PERIOD_MS = 5_000;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "Replay these observations instead: all of them once, then the last whole weeks or days"
              + " again and again.")
  private @Nullable Path csv;

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--series",
      paramLabel = "N",
      description =
          "Number of sensors. Default: as many as the topic's last events have, otherwise 50.")
  private @Nullable Integer series;

  @Within(min = 1)
  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description =
          "Time between two events of a sensor, for example PT10S. Default: that of the topic's"
              + " last events, otherwise PT1H.")
  private @Nullable Duration interval;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description =
          "Speed of event time: 1x for real time, 60x for a minute per second, max for no limit."
              + " Default: one interval per second.")
  private @Nullable String speed;

  @Within(isMinExclusive = true, max = 10_000_000)
  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events per second of all series together, instead of --speed.")
  private @Nullable Double rate;

  @Within
  @Option(
      names = "--history",
      paramLabel = "DURATION",
      defaultValue = "PT0S",
      description =
          "Event time to publish at once before the simulation proceeds at its speed; in real time,"
              + " the time before now. Events that the topic already contains are left out."
              + " Default: none.")
  private Duration history = Duration.ZERO;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description =
          "Time of the first event if the topic is empty, for example 2026-01-20T00:00:00Z."
              + " Default: 2026-01-05T00:00:00Z as in `eddy generate`; in real time, now minus"
              + " --history.")
  private @Nullable Instant start;

  @Within(min = 1)
  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "End after this event time. Default: never.")
  private @Nullable Duration length;

  @Option(
      names = "--anomalies",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Share of the observations at which a series becomes anomalous for up to 6 steps, for"
              + " example 0.1%%. Default: ${DEFAULT-VALUE}.")
  private String anomalies = "0";

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Share of the events that arrive one to five steps late. Default: ${DEFAULT-VALUE}.")
  private String late = "0";

  @Option(
      names = "--invalid",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of additional events that cannot be decoded. Default: ${DEFAULT-VALUE}.")
  private String invalid = "0";

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Random seed of the sensors and faults. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    requireUsage();
    FaultInjector faults = new FaultInjector(shares(), seed);
    EddyConfig settings = connection.settings();
    String topic = settings.stream().topics().events();
    List<SeriesData> data = csv == null ? List.of() : observations(csv, settings);
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      admin.require(topic);
    }
    Console console = Console.of(spec);
    Totals totals = new Totals();
    try (StopSignal stop = new StopSignal()) {
      do {
        run(settings, faults, data, new Session(console, stop, totals));
      } while (!stop.isRequested() && !totals.isComplete);
      if (isJson) {
        console.println("%s", Json.write(totals.result(topic)));
      } else {
        totals.print(console, topic);
      }
    }
    return ExitCode.OK;
  }

  /** State that the parts of a simulation before and after an outage share. */
  private record Session(Console console, StopSignal stop, Totals totals) {}

  /** The events published so far. */
  private static final class Totals {
    private final long beginNs = System.nanoTime();
    private long events;
    private long lastMs = Long.MIN_VALUE;
    private boolean isStarted;
    private boolean isComplete;

    void add(Simulation simulation) {
      events += simulation.events();
      lastMs = Math.max(lastMs, simulation.lastMs());
    }

    Result result(String topic) {
      String last = events == 0 ? null : Instant.ofEpochMilli(lastMs).toString();
      return new Result(topic, events, seconds(), last);
    }

    private double seconds() {
      return (System.nanoTime() - beginNs) * 1e-9;
    }

    void print(Console console, String topic) {
      console.println(
          "published %,d events to %s in %s%s",
          events,
          topic,
          ProgressBar.time(seconds()),
          events == 0 ? "" : ", event time " + Instant.ofEpochMilli(lastMs));
    }
  }

  /** Simulates until a stop is requested, the end of event time, or an outage of the broker. */
  private void run(
      EddyConfig settings, FaultInjector faults, List<SeriesData> data, Session session) {
    String topic = settings.stream().topics().events();
    EventMapping mapping = settings.stream().events();
    Simulation simulation = null;
    try (EventPublisher publisher =
        new EventPublisher(settings.client(), mapping.withCovariates(List.of()), topic)) {
      TopicEnd end = TopicEnd.read(settings.client(), topic, mapping);
      Plan plan = plan(end, data);
      announce(session.console(), plan, end, topic);
      simulation = new Simulation(plan.source(), end, plan.clock(), InstantSource.system());
      session.totals().isStarted = true;
      ProgressLines progress = new ProgressLines(session.console(), plan.firstMs());
      simulation.run(
          publisher,
          faults,
          durationMs -> session.stop().await(durationMs) || progress.isComplete(length),
          progress);
      session.totals().isComplete = true;
    } catch (BrokerException e) {
      if (!session.totals().isStarted || !isRetriable(e)) {
        throw e;
      }
      session.console().printErr("%s; retrying", e.getMessage());
      session.stop().await(RETRY_PERIOD_MS);
    } finally {
      if (simulation != null) {
        session.totals().add(simulation);
      }
    }
  }

  /** Returns false if the broker answered that it does not accept the events. */
  private static boolean isRetriable(BrokerException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiException && !(cause instanceof RetriableException)) {
        return false;
      }
    }
    return true;
  }

  /** The events to publish, and when. */
  private record Plan(
      ObservationSource source,
      SimulationClock clock,
      int series,
      Duration interval,
      double speed,
      long firstMs) {}

  private Plan plan(TopicEnd end, List<SeriesData> data) {
    Duration step = interval(end, data);
    int count =
        csv != null ? data.size() : series != null ? series : sensors(end.series("sensor-").size());
    double factor = speed(step, count);
    long nowMs = System.currentTimeMillis();
    OptionalLong lastMs = end.lastMs();
    boolean isRealTime = factor == 1;
    long firstMs =
        lastMs.isPresent()
            ? lastMs.getAsLong()
            : startMs(data, isRealTime ? nowMs - history.toMillis() : SensorGenerator.START_MS);
    if (isRealTime && csv == null) {
      firstMs = Math.max(firstMs, nowMs - Math.max(history.toMillis(), step.toMillis()));
    }
    ObservationSource source =
        csv == null
            ? new SensorSource(count, step, seed, firstMs)
            : new RepeatedObservations(data, step, firstMs);
    long pacedFromMs =
        lastMs.isPresent() ? firstMs + step.toMillis() : firstMs + history.toMillis();
    SimulationClock clock =
        isRealTime && csv == null
            ? SimulationClock.realTime()
            : SimulationClock.accelerated(factor, pacedFromMs, nowMs);
    return new Plan(source, clock, count, step, factor, firstMs);
  }

  private static int sensors(int found) {
    return found == 0 ? DEFAULT_SERIES : found;
  }

  private long startMs(List<SeriesData> data, long defaultMs) {
    if (start != null) {
      return start.toEpochMilli();
    }
    return data.stream()
        .filter(one -> one.size() > 0)
        .mapToLong(one -> one.timestampsMs()[0])
        .min()
        .orElse(defaultMs);
  }

  private Duration interval(TopicEnd end, List<SeriesData> data) {
    if (interval != null) {
      return interval;
    }
    if (csv != null) {
      return IntervalDetector.detect(data);
    }
    OptionalLong found = end.intervalMs();
    return found.isPresent() ? Duration.ofMillis(found.getAsLong()) : DEFAULT_INTERVAL;
  }

  /** Returns the given speed of event time, infinite for no limit; null for the default. */
  private @Nullable Double givenSpeed() {
    if (speed == null || speed.equals("max")) {
      return speed == null ? null : Double.valueOf(Double.POSITIVE_INFINITY);
    }
    try {
      double factor =
          Double.parseDouble(speed.endsWith("x") ? speed.substring(0, speed.length() - 1) : speed);
      if (factor > 0 && factor < Double.POSITIVE_INFINITY) {
        return factor;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(
        "--speed: expected a factor above 0 such as 60x, or max, got '%s'".formatted(speed));
  }

  /** Returns the speed of event time for a number of series. */
  private double speed(Duration step, int count) {
    Double given = givenSpeed();
    if (given != null) {
      return given;
    }
    double stepsPerSecond = rate == null ? 1 : rate / count;
    return stepsPerSecond * step.toMillis() / 1000;
  }

  /**
   * The result as JSON.
   *
   * @param last event time of the last event; null without events
   */
  private record Result(String topic, long events, double seconds, @Nullable String last) {}

  private void requireUsage() {
    var unused = givenSpeed();
    if (rate != null && speed != null) {
      throw new UsageException("--rate and --speed exclude each other");
    }
    if (series != null && csv != null) {
      throw new UsageException("--series cannot be combined with --csv");
    }
  }

  private FaultInjector.Shares shares() {
    return new FaultInjector.Shares(
        share("--anomalies", anomalies), share("--late", late), share("--invalid", invalid));
  }

  private static double share(String option, String text) {
    try {
      double share =
          text.endsWith("%")
              ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
              : Double.parseDouble(text);
      if (share >= 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new UsageException(
        "%s: expected a share such as 0.1%% or 0.001, got '%s'".formatted(option, text));
  }

  private static List<SeriesData> observations(Path file, EddyConfig settings) {
    return CsvObservations.readSeries(file, settings.stream().covariates());
  }

  private static void announce(Console console, Plan plan, TopicEnd end, String topic) {
    console.printErr(
        "simulating %d series, interval %s, speed %s, %s → %s; press Ctrl-C to end",
        plan.series(),
        plan.interval(),
        Double.isInfinite(plan.speed())
            ? "max"
            : String.format(Locale.ROOT, plan.speed() < 10 ? "%.3gx" : "%,.0fx", plan.speed()),
        end.lastMs().equals(OptionalLong.of(plan.firstMs()))
            ? "continuing after " + Instant.ofEpochMilli(plan.firstMs())
            : "from " + Instant.ofEpochMilli(plan.source().nextMs()),
        topic);
  }

  /** Prints a line every ten seconds, and knows how far event time has advanced. */
  private static final class ProgressLines implements Simulation.Progress {
    private final Console console;
    private final long firstMs;
    private long printedMs = System.currentTimeMillis();
    private long eventMs;

    ProgressLines(Console console, long firstMs) {
      this.console = console;
      this.firstMs = firstMs;
      eventMs = firstMs;
    }

    @Override
    public void published(long events, long eventTimeMs) {
      eventMs = eventTimeMs;
      long nowMs = System.currentTimeMillis();
      if (nowMs - printedMs >= PROGRESS_PERIOD_MS) {
        printedMs = nowMs;
        console.printErr("%s  %,d events", Instant.ofEpochMilli(eventTimeMs), events);
      }
    }

    boolean isComplete(@Nullable Duration length) {
      return length != null && eventMs - firstMs >= length.toMillis();
    }
  }
}
