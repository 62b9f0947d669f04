package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.VerifySummary;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.reset.RecreatedTopics;
import io.eddy.kafka.topics.BrokerAdmin;
import io.eddy.kafka.verify.Verifier;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.kafka.verify.VerifyScope;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy verify}. */
@Command(
    name = "verify",
    description = {
      "Derives the committed forecasts again and compares every bit.",
      "Reads events, models and activations, and compares the values, the version and the epoch of"
          + " each forecast. Each event must have exactly one forecast, if it gives one. The exit"
          + " code is 1 if anything differs.",
      "The version must be the one that the activations known to the forecaster require. Each"
          + " forecast records the highest epoch that was known; it must not decrease within a"
          + " partition.",
      "If the first events were deleted, a series is compared from the first point at which the"
          + " stream rebuilt its state from events that still exist: at a change of version or"
          + " after a long gap. Earlier forecasts and those of retired versions are counted, not"
          + " reported as differences.",
      "A topic that was deleted and created again is a failure. The topics are compared with those"
          + " that the state in state.dir was computed from, if a forecaster has run on this machine.",
      "With --from, a partition is read from W steps before the last change of version on, because"
          + " the states at that time depend on nothing earlier. It is read from its beginning if"
          + " the version has not changed, if anomalies or alerts are on, or if the result is not"
          + " certain or differs. Activations and dead letters are always read completely. The"
          + " output gives the offsets read. A missing forecast of an event before that is not found."
    },
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Compare only the forecasts of this series. Default: all series.")
  private @Nullable String series;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Compare from this event time on, for example 2026-01-20T00:00:00Z. Default: the first"
              + " event.")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Compare up to this event time. Default: the last event.")
  private @Nullable String to;

  @Option(
      names = "--in-place",
      description =
          "Assume that all activations were known before the first event, as when a topic is"
              + " processed again from its beginning.")
  private boolean isInPlace;

  @Within(max = 1_000_000)
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Maximum number of differences to print. All are counted. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    VerifyScope scope =
        new VerifyScope(
            series,
            time("--from", from, Long.MIN_VALUE),
            time("--to", to, Long.MAX_VALUE),
            limit,
            isInPlace);
    if (scope.fromMs() >= scope.toMs()) {
      throw new UsageException("--from: expected a time before --to");
    }
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    VerifyReport report;
    try (ProgressBar bar = new ProgressBar(console.err(), "verifying");
        BrokerAdmin broker = new BrokerAdmin(settings.client())) {
      RecreatedTopics topics = new RecreatedTopics(settings, broker);
      VerifyReport found =
          new Verifier(settings.client(), settings.stream(), settings.applicationId())
              .run(
                  scope,
                  (partition, series, parts, isExact) -> {},
                  (read, total) -> bar.show(read, total, "%,d events".formatted(read)));
      topics.requireUnchanged();
      report = found.withRecreated(topics.sinceState());
    }
    if (isJson) {
      console.println("%s", VerifySummary.json(report));
    } else {
      VerifySummary.print(console, report);
    }
    return report.isConsistent() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static long time(String option, @Nullable String text, long defaultValue) {
    try {
      return text == null ? defaultValue : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(
          "%s: expected a time such as 2026-01-20T00:00:00Z, got '%s'".formatted(option, text));
    }
  }
}
