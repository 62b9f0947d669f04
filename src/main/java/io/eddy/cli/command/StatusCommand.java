package io.eddy.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.ModelListing;
import io.eddy.cli.terminal.Console;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.promotion.ShadowComparisonStatus;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.status.StatusBoard;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models status}. */
@Command(
    name = "status",
    description = {
      "Says what serves where, how many series have moved, how shadows with a condition stand"
          + " against what serves, and what every instance has loaded or refused.",
      "Series move at their next event, or, where many are to, as moves.steps-per-event lets"
          + " them. Instances speak every few seconds; counts are as old as"
          + " their words."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    EddySettings settings = connection.settings();
    String model = settings.stream().model();
    ModelRegistry registry = ModelsCommand.registry(settings);
    Activations activations = registry.activations(model);
    StatusBoard board =
        new StatusBoard(
            StatusBoard.read(
                    settings.client(),
                    settings.stream().topics().status(),
                    settings.applicationId(),
                    model)
                .instances()
                .stream()
                .map(status -> current(status, activations))
                .toList());
    List<Activation> heads = new ArrayList<>(activations.heads(Role.SERVE));
    heads.addAll(activations.heads(Role.SHADOW));
    Map<Long, ShadowComparisonStatus> duels =
        ShadowComparisonStatus.read(
            settings.client(), settings.stream().topics().scores(), model, activations);
    Instant now = Instant.now();
    if (isJson) {
      Console.of(spec).println("%s", json(heads, duels, board, now));
    } else {
      tell(heads, duels, board, now);
    }
    return 0;
  }

  private void tell(
      List<Activation> heads,
      Map<Long, ShadowComparisonStatus> duels,
      StatusBoard board,
      Instant now) {
    Console console = Console.of(spec);
    if (heads.isEmpty()) {
      console.println("no version is activated");
    }
    Map<Forecast.Served, Long> series = board.series();
    Map<Forecast.Served, Long> waiting = board.waiting();
    long all = series.values().stream().mapToLong(Long::longValue).sum();
    for (Activation head : heads) {
      Long moved = series.get(new Forecast.Served(head.version(), head.epoch()));
      console.println(
          "%s%s%s",
          ModelListing.line(head),
          head.terms().role() == Role.SERVE
              ? ": %d of %d series".formatted(moved == null ? 0 : moved, all)
              : "",
          ModelListing.why(head));
      ShadowComparisonStatus duel = duels.get(head.epoch());
      if (duel != null) {
        console.println("  %s", line(duel));
      }
    }
    series.forEach(
        (served, count) -> {
          if (heads.stream().noneMatch(head -> head.epoch() == served.epoch())) {
            console.println(
                "version %s of epoch %d still has %d of %d series, of which %d are to move",
                served.version().shortSha(), served.epoch(), count, all, waiting.get(served));
          }
        });
    long left = waiting.values().stream().mapToLong(Long::longValue).sum();
    if (left > 0) {
      console.println("%d of %d series are still to move", left, all);
    }
    if (board.instances().isEmpty()) {
      console.println("no instance is running");
    }
    board.instances().forEach(instance -> console.println("%s", line(instance, now)));
  }

  /** Leaves out what was refused for activations that others hide by now. */
  private static InstanceStatus current(InstanceStatus status, Activations activations) {
    Map<ModelVersion, String> refused = new TreeMap<>(status.versions().refused());
    refused.keySet().removeIf(version -> activations.inForce(version, one -> true).isEmpty());
    return new InstanceStatus(
        status.id(),
        status.at(),
        new InstanceStatus.Versions(status.versions().loaded(), refused),
        status.series());
  }

  /** How a shadow stands, and what its condition waits for. */
  private static String line(ShadowComparisonStatus duel) {
    if (duel.compared() == 0 && duel.decision() == null) {
      return "no forecasts compared yet, %d to go".formatted(duel.missing());
    }
    if (duel.decision() != null) {
      return "decided, and yet to be done by a judge: " + duel.decision();
    }
    double gain = duel.decisive().gain();
    return String.format(
        Locale.ROOT,
        "%d forecasts compared, %.1f %% %s so far: %s%s; looked at after %d more",
        duel.compared(),
        100 * Math.abs(gain),
        gain >= 0 ? "better" : "worse",
        errors("scaled pinball loss", duel.pinball()),
        errors(Double.isNaN(duel.pinball().serving()) ? "MASE" : ", MASE", duel.mase()),
        duel.missing());
  }

  private static String errors(String measure, ShadowComparisonStatus.Errors errors) {
    return Double.isNaN(errors.serving())
        ? ""
        : String.format(
            Locale.ROOT, "%s %.4f against %.4f", measure, errors.shadowing(), errors.serving());
  }

  private static void put(ObjectNode node, ShadowComparisonStatus duel) {
    node.put("compared", duel.compared());
    node.put("missing", duel.missing());
    put(node, "pinball", duel.pinball());
    put(node, "mase", duel.mase());
    node.put("until", duel.until().toString());
    node.put("decision", duel.decision());
  }

  private static void put(ObjectNode node, String measure, ShadowComparisonStatus.Errors errors) {
    if (!Double.isNaN(errors.serving())) {
      node.putObject(measure)
          .put("serving", errors.serving())
          .put("shadowing", errors.shadowing())
          .put("gain", errors.gain());
    }
  }

  private static String line(InstanceStatus instance, Instant now) {
    StringBuilder line = new StringBuilder("instance " + instance.id().instance());
    line.append(StatusBoard.isSilent(instance, now) ? ", SILENT since " : ", as of ");
    line.append(instance.at());
    line.append(": loaded ");
    line.append(
        instance.versions().loaded().isEmpty()
            ? "nothing"
            : instance.versions().loaded().stream()
                .map(ModelVersion::shortSha)
                .collect(Collectors.joining(", ")));
    instance
        .versions()
        .refused()
        .forEach(
            (version, reason) ->
                line.append("; REFUSED ").append(version.shortSha()).append(": ").append(reason));
    return line.toString();
  }

  private static ObjectNode json(
      List<Activation> heads,
      Map<Long, ShadowComparisonStatus> duels,
      StatusBoard board,
      Instant now) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode activations = node.putArray("activations");
    for (Activation head : heads) {
      ObjectNode one = ModelListing.json(head);
      ShadowComparisonStatus duel = duels.get(head.epoch());
      if (duel != null) {
        put(one.putObject("duel"), duel);
      }
      activations.add(one);
    }
    Map<Forecast.Served, Long> waiting = board.waiting();
    node.put("waiting", waiting.values().stream().mapToLong(Long::longValue).sum());
    ArrayNode series = node.putArray("series");
    board
        .series()
        .forEach(
            (served, count) ->
                series
                    .addObject()
                    .put("version", served.version().sha())
                    .put("epoch", served.epoch())
                    .put("series", count)
                    .put("waiting", waiting.get(served)));
    ArrayNode instances = node.putArray("instances");
    for (InstanceStatus instance : board.instances()) {
      ObjectNode one = instances.addObject();
      one.put("instance", instance.id().instance());
      one.put("at", instance.at().toString());
      one.put("silent", StatusBoard.isSilent(instance, now));
      ArrayNode loaded = one.putArray("loaded");
      instance.versions().loaded().forEach(version -> loaded.add(version.sha()));
      ObjectNode refused = one.putObject("refused");
      instance
          .versions()
          .refused()
          .forEach((version, reason) -> refused.put(version.sha(), reason));
    }
    return node;
  }
}
