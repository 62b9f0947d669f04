package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.kafka.registry.PublishedVersion;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Published versions and their activations, as a table and as JSON. */
public final class VersionReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<PublishedVersion> entries;
  private final Activations activations;

  /**
   * Creates a report.
   *
   * @param entries versions of one model
   * @param activations of the same model
   */
  public VersionReport(List<PublishedVersion> entries, Activations activations) {
    this.entries = entries;
    this.activations = activations;
  }

  /** A published version as JSON. */
  private record Version(
      String version,
      String model,
      String publishedAt,
      long bytes,
      int missingParts,
      @Nullable String signature,
      List<ActivationReport> activations,
      List<Period> inForce) {}

  /** The time during which an activation of a version applies; null for no end. */
  private record Period(long epoch, @Nullable String until) {}

  /** A version that has parts on the topic, but no manifest, as JSON. */
  private record Orphan(
      String version, @Nullable String model, int parts, @Nullable Integer missingParts) {}

  private record Details(
      @JsonUnwrapped Version version, JsonNode specification, @Nullable JsonNode contextFit) {}

  /**
   * Prints the versions as a table.
   *
   * @param orphans number of parts of versions without a manifest
   */
  public void print(Console console, Map<ModelVersion, Integer> orphans) {
    Table table =
        new Table()
            .left("version")
            .left("published")
            .left("cell")
            .right("units")
            .right("bytes")
            .left("signed")
            .left("status");
    for (PublishedVersion entry : entries) {
      Manifest manifest = entry.manifest();
      JsonNode network = parse(manifest.specification()).path("network");
      table.row(
          manifest.version().shortSha(),
          manifest.publishedAt(),
          network.path("cell").asText("?"),
          network.path("hiddenSize").asInt(),
          manifest.size(),
          manifest.signature() == null ? "no" : "yes",
          status(entry));
    }
    orphans.forEach(
        (version, parts) ->
            table.row(
                version.shortSha(),
                null,
                null,
                null,
                null,
                null,
                "INCOMPLETE: manifest and other parts missing, %d part(s) found; publish again or retire"
                    .formatted(parts)));
    table.print(console);
  }

  /** Returns the versions as a JSON array. */
  public String json(Map<ModelVersion, Integer> orphans) {
    List<Object> versions = new ArrayList<>();
    entries.forEach(entry -> versions.add(version(entry)));
    orphans.forEach((version, parts) -> versions.add(new Orphan(version.sha(), null, parts, null)));
    return Json.write(versions);
  }

  /** Returns a version with its specification as indented JSON. */
  public String details(PublishedVersion entry) {
    Manifest manifest = entry.manifest();
    String contextFit = manifest.contextFit();
    return Json.writePretty(
        new Details(
            version(entry),
            parse(manifest.specification()),
            contextFit == null ? null : parse(contextFit)));
  }

  private String status(PublishedVersion entry) {
    String service = service(entry.manifest().version());
    return entry.isComplete()
        ? service
        : "%s; INCOMPLETE: %d of %d parts missing; publish again"
            .formatted(service, entry.missingParts(), entry.manifest().parts());
  }

  private String service(ModelVersion version) {
    List<Activations.Period> periods = inForce(version);
    if (!periods.isEmpty()) {
      return periods.stream().map(Activations.Period::describe).collect(Collectors.joining("; "));
    }
    return activations.descending().stream()
        .filter(activation -> activation.version().equals(version) && !activation.terms().isEnd())
        .findFirst()
        .map(
            activation ->
                "%s %s under epoch %d until it was replaced"
                    .formatted(
                        activation.terms().role() == Role.SERVE ? "served" : "shadowed",
                        activation.terms().scope(),
                        activation.epoch()))
        .orElse("never activated");
  }

  private List<Activations.Period> inForce(ModelVersion version) {
    return activations.periods(version, activation -> isAvailable(activation.version()));
  }

  private boolean isAvailable(ModelVersion version) {
    return entries.stream()
        .anyMatch(entry -> entry.isComplete() && entry.manifest().version().equals(version));
  }

  private Version version(PublishedVersion entry) {
    Manifest manifest = entry.manifest();
    return new Version(
        manifest.version().sha(),
        manifest.model(),
        manifest.publishedAt().toString(),
        manifest.size(),
        entry.missingParts(),
        manifest.signature(),
        activations.descending().stream()
            .filter(activation -> activation.version().equals(manifest.version()))
            .map(ActivationReport::of)
            .toList(),
        inForce(manifest.version()).stream().map(VersionReport::period).toList());
  }

  private static Period period(Activations.Period period) {
    Long untilMs = period.untilMs();
    return new Period(
        period.activation().epoch(),
        untilMs == null ? null : Instant.ofEpochMilli(untilMs).toString());
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }
}
