package io.eddy.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.config.UsageException;
import io.eddy.kafka.record.SourcePosition;
import io.eddy.kafka.verify.Verifier;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyDifference;
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
      "Derives the committed forecasts anew from events, models and activations alone, and compares"
          + " every float's bits, the version, the epoch, and one forecast for each event that"
          + " gives one. Exit code 1 where anything differs.",
      "Activations reach each forecaster over a topic, at its own time; every forecast says which"
          + " was the highest epoch known. Among those up to it the one has to have served that the"
          + " event's time and series ask for, and in a partition what was known never becomes"
          + " less. --in-place takes all of them for known from the start.",
      "Reads every partition from its begin, also where less is compared. Where the begin of the"
          + " events was deleted, a series' bits are compared from the first time on that the"
          + " stream itself began its state anew from steps that are kept: at a switch of version,"
          + " which takes the last W steps, or after a gap too long to bridge. Forecasts before"
          + " that, and those of retired versions, are counted with the reason and no difference;"
          + " their epoch and version are compared."
    },
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Compare the forecasts of this series alone.")
  private @Nullable String series;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Compare from this event time on, as in 2026-01-20T00:00:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Compare up to this event time.")
  private @Nullable String to;

  @Option(
      names = "--in-place",
      description =
          "Every activation was there before the first event, as where a topic is processed again"
              + " from its begin: a series that moves later is a difference.")
  private boolean isInPlace;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "Differences to tell; all are counted. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    if (limit < 0) {
      throw new UsageException("--limit: expected 0 or more, got " + limit);
    }
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
    EddySettings settings = connection.settings();
    VerifyReport report =
        new Verifier(settings.client(), settings.stream(), settings.applicationId()).run(scope);
    Console console = Console.of(spec);
    if (isJson) {
      console.println("%s", json(report));
    } else {
      print(console, report);
    }
    return report.isConsistent() ? 0 : ExitCode.FAILED;
  }

  private static long time(String option, @Nullable String text, long otherwise) {
    try {
      return text == null ? otherwise : Instant.parse(text).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(
          "%s: expected a time such as 2026-01-20T00:00:00Z, got '%s'".formatted(option, text));
    }
  }

  private static void print(Console console, VerifyReport report) {
    console.println(
        "events processed: %d (dead-lettered %d, dropped %d, joined an open step %d, tombstones"
            + " %d)",
        report.get(VerifyCount.EVENTS),
        report.get(VerifyCount.DEAD_LETTERED),
        report.get(VerifyCount.DROPPED),
        report.get(VerifyCount.GATHERED),
        report.get(VerifyCount.DELETED));
    console.println(
        "forecasts: %d expected, %d found, %d compared bit by bit",
        report.get(VerifyCount.EXPECTED),
        report.get(VerifyCount.FOUND),
        report.get(VerifyCount.COMPARED));
    console.println(
        "faults: %d lost, %d duplicated, %d unexpected, %d different",
        report.get(VerifyCount.LOST),
        report.get(VerifyCount.DUPLICATED),
        report.get(VerifyCount.UNEXPECTED),
        report.get(VerifyCount.DIFFERENT));
    long notCompared =
        report.get(VerifyCount.EVENT_DELETED)
            + report.get(VerifyCount.STATE_UNKNOWN)
            + report.get(VerifyCount.VERSION_DELETED)
            + report.get(VerifyCount.FORECAST_DELETED);
    if (notCompared > 0) {
      console.println(
          "not compared: %d (event deleted %d, state unknown %d, version deleted %d, forecast"
              + " deleted %d)",
          notCompared,
          report.get(VerifyCount.EVENT_DELETED),
          report.get(VerifyCount.STATE_UNKNOWN),
          report.get(VerifyCount.VERSION_DELETED),
          report.get(VerifyCount.FORECAST_DELETED));
    }
    printIfAny(console, "activation arrived after the event", report, VerifyCount.ACTIVATION_LATE);
    printIfAny(
        console,
        "activation skipped, version incomplete or invalid",
        report,
        VerifyCount.ACTIVATION_SKIPPED);
    printIfAny(
        console,
        "migration pending, previous version served",
        report,
        VerifyCount.MIGRATION_PENDING);
    report.differences().forEach(difference -> console.println("%s", difference));
  }

  private static void printIfAny(
      Console console, String label, VerifyReport report, VerifyCount count) {
    if (report.get(count) > 0) {
      console.println("%s: %d", label, report.get(count));
    }
  }

  private static String json(VerifyReport report) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("consistent", report.isConsistent());
    for (VerifyCount count : VerifyCount.values()) {
      node.put(count.id(), report.get(count));
    }
    ArrayNode differences = node.putArray("differences");
    report.differences().forEach(difference -> put(differences.addObject(), difference));
    return node.toString();
  }

  private static void put(ObjectNode node, VerifyDifference difference) {
    node.put("kind", difference.kind().id());
    node.put("series", difference.series());
    put(node, "event", difference.event());
    put(node, "forecast", difference.forecast());
    VerifyDifference.Mismatch mismatch = difference.mismatch();
    node.put("field", mismatch.field());
    if (mismatch.step() > 0) {
      node.put("step", mismatch.step());
      node.put("level", mismatch.level());
    }
    node.put("expected", mismatch.expected());
    node.put("found", mismatch.found());
  }

  private static void put(ObjectNode node, String name, @Nullable SourcePosition position) {
    if (position != null) {
      ObjectNode at = node.putObject(name);
      at.put("topic", position.topic());
      at.put("partition", position.partition());
      at.put("offset", position.offset());
    }
  }
}
