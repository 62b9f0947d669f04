package io.eddy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.codec.Manifest;
import io.eddy.forecast.Activation;
import io.eddy.model.InvalidModelException;
import io.eddy.model.ModelVersion;
import io.eddy.stream.ModelRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy models}. */
@Command(
    name = "models",
    description = "Publishes model versions, puts them to work, and takes them back.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "expected publish, list, show, activate or rollback");
  }

  @Command(
      name = "publish",
      description = "Publishes a model file as a version. Nothing serves it yet.",
      mixinStandardHelpOptions = true)
  int publish(
      @Mixin Connection connection,
      @Parameters(paramLabel = "FILE", description = "The model file.") Path file) {
    Settings settings = connection.settings();
    ModelSource.read(file);
    Manifest manifest =
        registry(settings).publish(settings.stream().model(), ModelSource.bytes(file));
    Console.of(spec)
        .say(
            "published version %s of model %s: %d bytes in %d part(s)",
            manifest.version().shortSha(), manifest.model(), manifest.size(), manifest.parts());
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the versions and which of them serve.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--json", description = "Print JSON.") boolean isJson) {
    Settings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    List<ModelRegistry.Entry> entries =
        registry.list().stream()
            .filter(entry -> entry.manifest().model().equals(settings.stream().model()))
            .toList();
    List<Activation> activations = registry.activations(settings.stream().model()).descending();
    if (isJson) {
      ArrayNode array = JSON.createArrayNode();
      entries.forEach(entry -> array.add(json(entry, activations)));
      Console.of(spec).say("%s", array);
      return 0;
    }
    if (entries.isEmpty()) {
      Console.of(spec).say("no version of model %s is published", settings.stream().model());
    }
    for (ModelRegistry.Entry entry : entries) {
      Manifest manifest = entry.manifest();
      JsonNode specification = specification(manifest);
      Console.of(spec)
          .say(
              "%s  %s  %-8s %3d units  %8d bytes  %s%s",
              manifest.version().shortSha(),
              manifest.publishedAt(),
              specification.path("network").path("cell").asText("?"),
              specification.path("network").path("hiddenSize").asInt(),
              manifest.size(),
              service(manifest.version(), activations),
              entry.missingParts() == 0 ? "" : "  NOT WHOLE, publish it again");
    }
    return 0;
  }

  @Command(
      name = "show",
      description = "Shows a version's specification and activations.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin Connection connection,
      @Parameters(paramLabel = "VERSION", description = "The version's first digits.")
          String prefix)
      throws JsonProcessingException {
    Settings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    ModelVersion version = registry.resolve(settings.stream().model(), prefix);
    for (ModelRegistry.Entry entry : registry.list()) {
      if (entry.manifest().version().equals(version)) {
        ObjectNode node = json(entry, registry.activations(settings.stream().model()).descending());
        node.set("specification", specification(entry.manifest()));
        Console.of(spec).say("%s", JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
      }
    }
    return 0;
  }

  @Command(
      name = "activate",
      description = {
        "Puts a version to work: at once, or from an event time on.",
        "Each series moves at its first event from then on; its state is rebuilt under the new"
            + " weights from its last steps."
      },
      mixinStandardHelpOptions = true)
  int activate(
      @Mixin Connection connection,
      @Parameters(paramLabel = "VERSION", description = "The version's first digits.")
          String prefix,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              description = "Event time, ISO-8601. Default: at once.")
          @Nullable Instant from,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why, for people.")
          String reason) {
    Settings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    ModelVersion version = registry.resolve(settings.stream().model(), prefix);
    activate(settings, version, from == null ? null : from.toEpochMilli(), reason);
    return 0;
  }

  @Command(
      name = "rollback",
      description = "Puts the version that served before to work again, at once.",
      mixinStandardHelpOptions = true)
  int rollback(@Mixin Connection connection) {
    Settings settings = connection.settings();
    List<Activation> activations =
        registry(settings).activations(settings.stream().model()).descending();
    if (activations.isEmpty()) {
      throw new InvalidModelException(
          "no version of model %s was ever activated", settings.stream().model());
    }
    ModelVersion now = activations.get(0).version();
    for (Activation before : activations) {
      if (!before.version().equals(now)) {
        activate(settings, before.version(), null, "rollback from " + now.shortSha());
        return 0;
      }
    }
    throw new InvalidModelException(
        "version %s is the only one that ever served: there is nothing to go back to",
        now.shortSha());
  }

  private void activate(
      Settings settings, ModelVersion version, @Nullable Long fromMs, String reason) {
    Activation activation =
        registry(settings).activate(settings.stream().model(), version, fromMs, reason);
    Console.of(spec)
        .say(
            "version %s serves model %s under epoch %d, %s",
            version.shortSha(),
            activation.model(),
            activation.epoch(),
            fromMs == null ? "at once" : "from " + Instant.ofEpochMilli(fromMs) + " on");
  }

  private static String service(ModelVersion version, List<Activation> activations) {
    for (int i = 0; i < activations.size(); i++) {
      Activation activation = activations.get(i);
      if (activation.version().equals(version)) {
        Long from = activation.effectiveFromMs();
        String when = from == null ? "" : " from " + Instant.ofEpochMilli(from);
        return (i == 0 ? "serves" : "served") + " under epoch " + activation.epoch() + when;
      }
    }
    return "never activated";
  }

  private static ObjectNode json(ModelRegistry.Entry entry, List<Activation> activations) {
    Manifest manifest = entry.manifest();
    ObjectNode node = JSON.createObjectNode();
    node.put("version", manifest.version().sha());
    node.put("model", manifest.model());
    node.put("publishedAt", manifest.publishedAt().toString());
    node.put("bytes", manifest.size());
    node.put("missingParts", entry.missingParts());
    ArrayNode epochs = node.putArray("activations");
    for (Activation activation : activations) {
      if (activation.version().equals(manifest.version())) {
        ObjectNode one = epochs.addObject();
        one.put("epoch", activation.epoch());
        Long from = activation.effectiveFromMs();
        one.put("effectiveFrom", from == null ? null : Instant.ofEpochMilli(from).toString());
        one.put("reason", activation.reason());
      }
    }
    return node;
  }

  private static JsonNode specification(Manifest manifest) {
    try {
      return JSON.readTree(manifest.specification());
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private static ModelRegistry registry(Settings settings) {
    return new ModelRegistry(settings.client(), settings.stream().topics());
  }
}
