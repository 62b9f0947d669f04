package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.ActivationFormat;
import io.eddy.cli.report.AlertFormat;
import io.eddy.cli.report.AnomalyFormat;
import io.eddy.cli.report.DeadLetterFormat;
import io.eddy.cli.report.DeadLetterSummary;
import io.eddy.cli.report.ForecastFormat;
import io.eddy.cli.report.ModelFormat;
import io.eddy.cli.report.ScoreFormat;
import io.eddy.cli.report.StatusFormat;
import io.eddy.cli.report.TopicFormat;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.topics.LastRecords;
import io.eddy.kafka.topics.TopicFollower;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.series.InvalidRecordException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy tail}. */
@Command(
    name = "tail",
    description = {
      "Prints the decoded records of one of Eddy's topics.",
      "Prints committed records only: the last ones, or all, and with --follow also those that"
          + " arrive."
    },
    mixinStandardHelpOptions = true)
public final class TailCommand implements Callable<Integer> {
  private static final int DEFAULT_LAST = 10;
  private static final int DEFAULT_REASONS = 20;
  private static final Duration POLL = Duration.ofMillis(200);

  /** Topics that Eddy writes. */
  enum Topic {
    FORECASTS,
    SCORES,
    ANOMALIES,
    ALERTS,
    DEAD_LETTERS,
    STATUS,
    MODELS,
    ACTIVATIONS;

    /** Returns the name on the command line. */
    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean hasSeries() {
      return switch (this) {
        case FORECASTS, SCORES, ANOMALIES, ALERTS, DEAD_LETTERS -> true;
        case STATUS, MODELS, ACTIVATIONS -> false;
      };
    }

    static Topic of(String id) {
      for (Topic topic : values()) {
        if (topic.id().equals(id)) {
          return topic;
        }
      }
      throw new UsageException(
          "TOPIC: expected forecasts, scores, anomalies, alerts, dead-letters, status, models or"
              + " activations, got '%s'".formatted(id));
    }

    String name(TopicNames names) {
      return switch (this) {
        case FORECASTS -> names.forecasts();
        case SCORES -> names.scores();
        case ANOMALIES -> anomalies(names);
        case ALERTS -> alerts(names);
        case DEAD_LETTERS -> names.deadLetters();
        case STATUS -> names.status();
        case MODELS -> names.models();
        case ACTIVATIONS -> names.activations();
      };
    }

    private static String anomalies(TopicNames names) {
      if (names.anomalies() == null) {
        throw new UsageException("TOPIC: anomalies are off; set anomalies = episodes or all");
      }
      return names.anomalies();
    }

    private static String alerts(TopicNames names) {
      String topic = names.alerts();
      if (topic == null) {
        throw new UsageException("alerts: the settings have no rules; set alerts.rules");
      }
      return topic;
    }

    TopicFormat format(StreamSettings settings) {
      return switch (this) {
        case FORECASTS -> new ForecastFormat(settings.output(), settings.topics().forecasts());
        case SCORES -> new ScoreFormat(settings.output(), settings.topics().scores());
        case ANOMALIES -> new AnomalyFormat(settings.output(), anomalies(settings.topics()));
        case ALERTS -> new AlertFormat(settings.output(), alerts(settings.topics()));
        case DEAD_LETTERS -> new DeadLetterFormat();
        case STATUS -> new StatusFormat();
        case MODELS -> new ModelFormat();
        case ACTIVATIONS -> new ActivationFormat();
      };
    }
  }

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "TOPIC",
      description =
          "Topic: forecasts, scores, anomalies, alerts, dead-letters, status, models or"
              + " activations.")
  private String topicId = "";

  @Option(
      names = "--json",
      description = "Print one JSON document per line and nothing else on standard output.")
  private boolean isJson;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description =
          "Print only records of this series: of forecasts, scores, anomalies, alerts or"
              + " dead-letters.")
  private @Nullable String series;

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--last",
      paramLabel = "N",
      description = "Begin with the last N records. Default: 10.")
  private @Nullable Integer last;

  @Option(names = "--from-beginning", description = "Begin with the first record of the topic.")
  private boolean isFromBeginning;

  @Option(
      names = "--follow",
      description = "Then print records as they are committed, until Ctrl-C.")
  private boolean isFollowing;

  @Within(min = 1, max = 1e15)
  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "End after N records; with --by-reason, print N reasons. Default: no limit, 20.")
  private @Nullable Long limit;

  @Option(
      names = "--by-reason",
      description = "Count the dead letters by reason instead of printing them: all, or --last N.")
  private boolean isByReason;

  private long printed;
  private long undecoded;

  @Override
  public Integer call() {
    Topic topic = Topic.of(topicId);
    requireUsage(topic);
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    try (StopSignal stop = new StopSignal()) {
      String name = topic.name(settings.stream().topics());
      LastRecords records = new LastRecords(new TopicReader(settings.client()), name);
      TopicFormat format = topic.format(settings.stream());
      if (isByReason) {
        printReasons(console, settings, records, format);
      } else {
        print(new Output(console, format, stop), settings, records);
      }
      console.out().flush();
    }
    if (undecoded > 0) {
      console.printErr("eddy: %d records could not be decoded", undecoded);
    }
    return undecoded > 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private void requireUsage(Topic topic) {
    if (last != null && isFromBeginning) {
      throw new UsageException("--last and --from-beginning exclude each other");
    }
    if (series != null && !topic.hasSeries()) {
      throw new UsageException(
          "--series: records of %s do not belong to a series".formatted(topic.id()));
    }
    if (isByReason && topic != Topic.DEAD_LETTERS) {
      throw new UsageException("--by-reason: only dead-letters have a reason");
    }
    if (isByReason && isFollowing) {
      throw new UsageException("--by-reason and --follow exclude each other");
    }
  }

  private boolean isSelected(TopicFormat format, ConsumerRecord<byte[], byte[]> record) {
    return format.isShown(record) && (series == null || format.isOf(series, record));
  }

  private void printReasons(
      Console console, EddyConfig settings, LastRecords records, TopicFormat format) {
    DeadLetterSummary summary = new DeadLetterSummary();
    if (last != null) {
      records.read(last, record -> isSelected(format, record)).forEach(summary::add);
    } else {
      new TopicReader(settings.client())
          .read(
              records.ends(),
              record -> {
                if (isSelected(format, record)) {
                  summary.add(record);
                }
              });
    }
    long reasons = limit == null ? DEFAULT_REASONS : limit;
    if (isJson) {
      console.println("%s", summary.json(reasons));
    } else {
      summary.print(console, reasons);
    }
  }

  /** Prints records until the limit, a stop signal, or a closed pipe. */
  private record Output(Console console, TopicFormat format, StopSignal stop) {}

  private void print(Output output, EddyConfig settings, LastRecords records) {
    if (!isFromBeginning) {
      printAll(
          output,
          records.read(
              last == null ? DEFAULT_LAST : last, record -> isSelected(output.format(), record)));
      if (!isFollowing) {
        return;
      }
    }
    try (TopicFollower follower =
        new TopicFollower(settings.client(), isFromBeginning ? records.begins() : records.ends())) {
      boolean wasReachable = true;
      while (!isDone(output) && (isFollowing || !follower.isPast(records.ends()))) {
        printAll(output, follower.poll(POLL));
        if (follower.isReachable() != wasReachable) {
          wasReachable = follower.isReachable();
          output
              .console()
              .printErr(
                  wasReachable ? "eddy: connected again" : "eddy: no broker answers; waiting");
        }
      }
    }
  }

  private boolean isDone(Output output) {
    return output.stop().isRequested()
        || (limit != null && printed >= limit)
        || output.console().out().checkError();
  }

  private void printAll(Output output, List<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (output.stop().isRequested() || (limit != null && printed >= limit)) {
        break;
      }
      if (isSelected(output.format(), record)) {
        print(output, record);
      }
    }
    output.console().out().flush();
  }

  private void print(Output output, ConsumerRecord<byte[], byte[]> record) {
    try {
      TopicFormat format = output.format();
      output.console().out().println(isJson ? format.json(record) : format.line(record));
      printed++;
    } catch (InvalidRecordException e) {
      undecoded++;
      output.console().printErr("eddy: %s: %s", TopicFormat.position(record), e.getMessage());
    }
  }
}
