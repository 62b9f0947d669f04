package io.eddy.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.Scope;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Versions and activations, as people and programs read them. */
public final class ModelListing {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<ModelRegistry.Entry> entries;
  private final Activations activations;

  /** Of the versions of one model, and of its activations. */
  public ModelListing(List<ModelRegistry.Entry> entries, Activations activations) {
    this.entries = entries;
    this.activations = activations;
  }

  /** A version in one line. */
  public String line(ModelRegistry.Entry entry) {
    Manifest manifest = entry.manifest();
    JsonNode network = specification(manifest).path("network");
    return "%s  %s  %-8s %3d units  %8d bytes  %s%s%s"
        .formatted(
            manifest.version().shortSha(),
            manifest.publishedAt(),
            network.path("cell").asText("?"),
            network.path("hiddenSize").asInt(),
            manifest.size(),
            service(manifest.version()),
            manifest.signature() == null ? "" : "  signed",
            entry.isWhole()
                ? ""
                : "  NOT WHOLE, lacks %d of %d parts: publish it again"
                    .formatted(entry.missingParts(), manifest.parts()));
  }

  /** A publication that was interrupted, in one line. */
  public static String tornLine(ModelVersion version, int parts) {
    return "%s  NOT WHOLE, %d part(s) without a manifest: publish it again, or retire it"
        .formatted(version.shortSha(), parts);
  }

  private String service(ModelVersion version) {
    List<Activations.Period> periods = inForce(version);
    if (!periods.isEmpty()) {
      return periods.stream().map(Activations.Period::inWords).collect(Collectors.joining("; "));
    }
    return activations.descending().stream()
        .filter(one -> one.version().equals(version) && !one.terms().isEnd())
        .findFirst()
        .map(
            one ->
                (one.terms().role() == Role.SERVE ? "served " : "shadowed ")
                    + one.terms().scope()
                    + " under epoch "
                    + one.epoch())
        .orElse("never activated");
  }

  private List<Activations.Period> inForce(ModelVersion version) {
    return activations.inForce(
        version,
        activation ->
            entries.stream()
                .anyMatch(
                    entry ->
                        entry.isWhole()
                            && entry.manifest().version().equals(activation.version())));
  }

  /** A version. */
  public ObjectNode json(ModelRegistry.Entry entry) {
    Manifest manifest = entry.manifest();
    ObjectNode node = JSON.createObjectNode();
    node.put("version", manifest.version().sha());
    node.put("model", manifest.model());
    node.put("publishedAt", manifest.publishedAt().toString());
    node.put("bytes", manifest.size());
    node.put("missingParts", entry.missingParts());
    node.put("signature", manifest.signature());
    ArrayNode all = node.putArray("activations");
    for (Activation activation : activations.descending()) {
      if (activation.version().equals(manifest.version())) {
        all.add(json(activation));
      }
    }
    ArrayNode inForce = node.putArray("inForce");
    for (Activations.Period period : inForce(manifest.version())) {
      Long until = period.untilMs();
      inForce
          .addObject()
          .put("epoch", period.activation().epoch())
          .put("until", until == null ? null : Instant.ofEpochMilli(until).toString());
    }
    return node;
  }

  /** A publication that was interrupted. */
  public static ObjectNode tornJson(ModelVersion version, int parts) {
    return JSON.createObjectNode()
        .put("version", version.sha())
        .putNull("model")
        .put("parts", parts)
        .putNull("missingParts");
  }

  /** An activation. */
  public static ObjectNode json(Activation activation) {
    Activation.Terms terms = activation.terms();
    ObjectNode node = JSON.createObjectNode();
    node.put("epoch", activation.epoch());
    node.put("version", activation.version().sha());
    node.put("role", terms.role() == Role.SERVE ? "serve" : "shadow");
    node.put("scope", terms.scope().toString());
    Long from = activation.effectiveFromMs();
    node.put("effectiveFrom", from == null ? null : Instant.ofEpochMilli(from).toString());
    node.put("overMs", terms.timing().overMs());
    node.put("urgent", terms.timing().isUrgent());
    node.put("ends", terms.isEnd());
    node.put("reason", activation.reason());
    PromotionRule challenge = activation.grounds().challenge();
    if (challenge != null) {
      node.put("when", challenge.condition().toString());
      node.put("until", challenge.until().toString());
    }
    if (activation.grounds().revokes() > 0) {
      node.put("revokes", activation.grounds().revokes());
    }
    return node;
  }

  /** What an activation does, in one line. */
  public static String line(Activation activation) {
    Activation.Terms terms = activation.terms();
    String verb = terms.role() == Role.SERVE ? "serves" : "shadows";
    return "version %s %s %s under epoch %d, %s"
        .formatted(
            activation.version().shortSha(),
            terms.isEnd() ? "no longer " + verb : verb,
            subject(activation),
            activation.epoch(),
            timing(terms.timing()));
  }

  private static String timing(Activation.Timing timing) {
    Long from = timing.fromMs();
    if (from == null) {
      return timing.isUrgent() ? "at once, without waiting" : "at once";
    }
    Instant begin = Instant.ofEpochMilli(from);
    return timing.overMs() == 0
        ? "from " + begin + " on"
        : "series by series from " + begin + " to " + begin.plusMillis(timing.overMs());
  }

  /** Why it was activated, and what is to come of it, as it stands behind the line. */
  public static String why(Activation activation) {
    PromotionRule challenge = activation.grounds().challenge();
    return (activation.reason().isEmpty() ? "" : "; " + activation.reason())
        + (challenge == null
            ? ""
            : "; to serve when %s, until %s".formatted(challenge.condition(), challenge.until()));
  }

  private static String subject(Activation activation) {
    Scope scope = activation.terms().scope();
    String model = "model " + activation.model();
    return scope.equals(Scope.all()) ? model : scope + " of " + model;
  }

  public static JsonNode specification(Manifest manifest) {
    return parsed(manifest.specification());
  }

  /** How well the context is chosen; null where that was not looked at. */
  public static @Nullable JsonNode contextFit(Manifest manifest) {
    String json = manifest.contextFit();
    return json == null ? null : parsed(json);
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }
}
