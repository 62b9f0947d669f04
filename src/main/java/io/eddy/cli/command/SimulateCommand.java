package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.IntervalOption;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.simulation.FaultInjector;
import io.eddy.kafka.simulation.SimulationPlan;
import io.eddy.kafka.simulation.SimulationRequest;
import io.eddy.kafka.simulation.SimulationRun;
import io.eddy.kafka.simulation.TopicEnd;
import io.eddy.kafka.topics.BrokerException;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.series.Interval;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.Callable;
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
  private static final long PROGRESS_PERIOD_MS = 10_000;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "Replay the observations of this file instead: all of them once, then the last whole"
              + " weeks or days (on a calendar years or weeks) again and again. "
              + CsvFormatOptions.FILE)
  private @Nullable Path csv;

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--series",
      paramLabel = "N",
      description =
          "Number of sensors. Default: as many as the topic's last events have, otherwise 50.")
  private @Nullable Integer series;

  @Option(
      names = "--interval",
      paramLabel = "INTERVAL",
      description =
          "Time between two events of a sensor, for example PT10S; with --csv also a calendar"
              + " period such as P1M. Default: that of the file, or of the topic's last events,"
              + " otherwise PT1H.")
  private @Nullable String interval;

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
    csvFormat.requireFile(csv);
    SimulationRequest.Pace pace = pace();
    FaultInjector faults = new FaultInjector(shares(), seed);
    EddyConfig settings = connection.settings();
    SimulationRequest request =
        new SimulationRequest(
            csv == null ? SimulationRequest.Replay.NONE : replay(csv, settings),
            new SimulationRequest.Sensors(series, interval(settings), seed),
            new SimulationRequest.Schedule(pace, history, start, length));
    String topic = settings.stream().topics().events();
    try (TopicAdmin admin = new TopicAdmin(settings.client())) {
      admin.require(topic);
    }
    SimulationRun simulation =
        new SimulationRun(
            new SimulationRun.Target(settings.client(), settings.stream().events(), topic),
            request,
            faults);
    Console console = Console.of(spec);
    long beginNs = System.nanoTime();
    try (StopSignal stop = new StopSignal()) {
      simulation.run(stop::await, new ProgressLines(console, topic));
      Result result = Result.of(simulation, topic, (System.nanoTime() - beginNs) * 1e-9);
      if (isJson) {
        console.println("%s", Json.write(result));
      } else {
        result.print(console);
      }
    }
    return ExitCode.OK;
  }

  private SimulationRequest.Pace pace() {
    Double factor = speed == null ? null : factor(speed);
    if (rate != null && speed != null) {
      throw new UsageException("--rate and --speed exclude each other");
    }
    if (series != null && csv != null) {
      throw new UsageException("--series cannot be combined with --csv");
    }
    return new SimulationRequest.Pace(factor, rate);
  }

  /** Returns the multiple of real time, infinite for no limit. */
  private static double factor(String speed) {
    if (speed.equals("max")) {
      return Double.POSITIVE_INFINITY;
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

  /**
   * The result as JSON.
   *
   * @param last event time of the last event; null without events
   */
  private record Result(String topic, long events, double seconds, @Nullable String last) {
    static Result of(SimulationRun simulation, String topic, double seconds) {
      long events = simulation.events();
      String last = events == 0 ? null : Instant.ofEpochMilli(simulation.lastMs()).toString();
      return new Result(topic, events, seconds, last);
    }

    void print(Console console) {
      console.println(
          "published %,d events to %s in %s%s",
          events, topic, ProgressBar.time(seconds), last == null ? "" : ", event time " + last);
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

  private @Nullable Interval interval(EddyConfig settings) {
    ZoneId zone = csvFormat.options(settings).times().zone();
    Interval parsed =
        interval == null
            ? null
            : IntervalOption.parse("--interval", interval, zone == null ? ZoneOffset.UTC : zone);
    if (parsed != null && csv == null && !parsed.isFixed()) {
      throw new UsageException(
          "--interval: simulated sensors have a fixed interval such as PT10S, got '%s'"
              .formatted(interval));
    }
    return parsed;
  }

  private SimulationRequest.Replay replay(Path file, EddyConfig settings) {
    CsvData data =
        CsvObservations.read(file, csvFormat.options(settings), settings.stream().covariates());
    DataReport.of(data, null).print(Console.of(spec));
    ZoneId zone = data.summary().times().zone();
    return new SimulationRequest.Replay(data.series(), zone == null ? ZoneOffset.UTC : zone);
  }

  /** Prints the plan, a line every ten seconds, and outages. */
  private static final class ProgressLines implements SimulationRun.Listener {
    private final Console console;
    private final String topic;
    private long printedMs;

    ProgressLines(Console console, String topic) {
      this.console = console;
      this.topic = topic;
    }

    @Override
    public void planned(SimulationPlan plan, TopicEnd end) {
      printedMs = System.currentTimeMillis();
      console.printErr(
          "simulating %d series, interval %s, speed %s, %s → %s; press Ctrl-C to end",
          plan.series(),
          plan.interval(),
          speed(plan.clock().speed()),
          plan.continues(end)
              ? "continuing after " + Instant.ofEpochMilli(plan.firstMs())
              : "from " + Instant.ofEpochMilli(plan.source().nextMs()),
          topic);
    }

    private static String speed(double factor) {
      if (Double.isInfinite(factor)) {
        return "max";
      }
      return String.format(Locale.ROOT, factor < 10 ? "%.3gx" : "%,.0fx", factor);
    }

    @Override
    public void published(long events, long eventTimeMs) {
      long nowMs = System.currentTimeMillis();
      if (nowMs - printedMs >= PROGRESS_PERIOD_MS) {
        printedMs = nowMs;
        console.printErr("%s  %,d events", Instant.ofEpochMilli(eventTimeMs), events);
      }
    }

    @Override
    public void interrupted(BrokerException outage) {
      console.printErr("%s; retrying", outage.getMessage());
    }
  }
}
