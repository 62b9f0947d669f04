package io.eddy.bench.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of a campaign's parts. With a file, each part is a line of JSON, so that a campaign
 * that was interrupted continues with the first part that is missing.
 */
final class CampaignRecord {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OPTIONS = "options";
  private static final String SEED = "seed";

  private final @Nullable Path file;
  private final String options;
  private final List<JsonNode> parts = new ArrayList<>();

  /**
   * Reads the parts so far.
   *
   * @param file null to keep the record in memory
   * @param options of all parts, without the seed
   * @throws IllegalArgumentException if the file is no record, or of other options
   */
  CampaignRecord(@Nullable Path file, String options) throws IOException {
    this.file = file;
    this.options = options;
    if (file != null && Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        parts.add(parse(line));
      }
    }
  }

  private JsonNode parse(String line) {
    JsonNode part;
    try {
      part = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("%s: %s".formatted(file, e.getOriginalMessage()), e);
    }
    if (!part.path(OPTIONS).asText().equals(options)) {
      throw new IllegalArgumentException(
          "%s is of a campaign with the options \"%s\", not \"%s\": use them, or another file"
              .formatted(file, part.path(OPTIONS).asText(), options));
    }
    return part;
  }

  boolean hasSeed(long seed) {
    return parts.stream().anyMatch(part -> part.path(SEED).asLong() == seed);
  }

  void add(ObjectNode part) throws IOException {
    part.put(OPTIONS, options);
    parts.add(part);
    if (file != null) {
      Files.writeString(file, part + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  boolean isConsistent() {
    return parts.stream().allMatch(part -> part.path("consistent").asBoolean());
  }

  /** Prints the sums over all parts. */
  void print(Console console) {
    console.println(
        "%d parts, seeds %s: %d events, %d faults",
        parts.size(),
        parts.stream().map(part -> part.path(SEED).asText()).toList(),
        sum("/events"),
        parts.stream().mapToLong(part -> part.path("faults").size()).sum());
    console.println(
        "%d lost, %d duplicated, %d unexpected, %d different, %d not processed in time",
        sum("/ledger/missingEvents") + larger("lost"),
        larger("duplicated"),
        larger("unexpected"),
        sum("/verify/different"),
        sum("/unprocessed"));
    console.println(
        "longest time from event to forecast: %.1f s",
        parts.stream()
            .mapToDouble(part -> part.path("longestWaitSeconds").asDouble())
            .max()
            .orElse(0));
    times().print(console);
    console.println("%s", isConsistent() ? "consistent" : "NOT CONSISTENT");
  }

  private RecoveryTimes times() {
    RecoveryTimes times = new RecoveryTimes();
    for (JsonNode part : parts) {
      part.path("faults")
          .forEach(
              fault ->
                  times.add(fault.path("kind").asText(), fault.path("waitSeconds").asDouble()));
    }
    return times;
  }

  /** Returns the only part, or all parts with the sums. */
  ObjectNode json() {
    if (parts.size() == 1) {
      return (ObjectNode) parts.get(0);
    }
    ObjectNode node = JSON.createObjectNode();
    node.put("consistent", isConsistent()).put("events", sum("/events"));
    node.set("kinds", times().json());
    node.putArray("parts").addAll(parts);
    return node;
  }

  int size() {
    return parts.size();
  }

  /** Returns the sum of the larger one of the ledger's and verify's count of each part. */
  private long larger(String count) {
    return parts.stream()
        .mapToLong(
            part ->
                Math.max(
                    part.path("ledger").path(count).asLong(),
                    part.path("verify").path(count).asLong()))
        .sum();
  }

  private long sum(String path) {
    return parts.stream().mapToLong(part -> part.at(path).asLong()).sum();
  }
}
