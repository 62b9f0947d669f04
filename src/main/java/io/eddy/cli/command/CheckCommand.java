package io.eddy.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.kafka.check.EventMappingDetector;
import io.eddy.kafka.check.EventSample;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.config.UsageException;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.topics.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy check}. */
@Command(
    name = "check",
    description = {
      "Reads a sample of the events topic and says what it understands: format, series, times,",
      "gaps, and what would go to the dead letters and why. Where the settings make nothing of most"
          + " events, it guesses others, and prints a configuration to start from."
    },
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  private static final int SHOWN_SERIES = 5;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Records to read at most, the last of each partition. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Write the configuration into a file, which must not be there yet.")
  private @Nullable Path file;

  /** What was found. */
  private record Result(
      String topic, EventMapping mapping, boolean isGuessed, EventSample sample) {}

  @Override
  public Integer call() throws IOException {
    if (size < 1 || size > 1_000_000) {
      throw new UsageException("--sample: expected 1 to 1000000, got " + size);
    }
    if (file != null && Files.exists(file)) {
      throw new UsageException("--write: " + file + " is there already");
    }
    EddySettings settings = connection.settings();
    String topic = settings.stream().topics().events();
    List<ConsumerRecord<byte[], byte[]>> records = read(settings, topic);
    Console console = Console.of(spec);
    if (records.isEmpty()) {
      console.printErr("eddy: topic %s is empty: there is nothing to check", topic);
      return ExitCode.FAILED;
    }
    Result result = result(settings, topic, records);
    String configuration = configuration(settings, result);
    if (isJson) {
      console.println("%s", json(result, configuration));
    } else {
      tell(console, result, configuration);
    }
    if (file != null) {
      Files.writeString(file, configuration, StandardOpenOption.CREATE_NEW);
      console.printErr("%s is written", file);
    }
    return result.sample.observations() == 0 ? ExitCode.FAILED : 0;
  }

  private List<ConsumerRecord<byte[], byte[]>> read(EddySettings settings, String topic) {
    TopicReader reader = new TopicReader(settings.client());
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    Map<TopicPartition, Long> begins = new HashMap<>(reader.beginningOffsets(topic));
    int each = Math.max(1, size / ends.size());
    ends.forEach((partition, end) -> begins.merge(partition, end - each, Math::max));
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    reader.read(begins, ends, records::add);
    return records;
  }

  /** By the settings; by a guess where that makes more of the sample. */
  private static Result result(
      EddySettings settings, String topic, List<ConsumerRecord<byte[], byte[]>> records) {
    EventMapping set = settings.stream().events();
    EventSample bySettings = sample(settings, set, records);
    EventMappingDetector guess = new EventMappingDetector(set.encoding());
    records.forEach(guess::add);
    EventMapping guessed = guess.mapping();
    if (guessed == null || guessed.equals(set) || bySettings.rejected() == 0) {
      return new Result(topic, set, false, bySettings);
    }
    EventSample byGuess = sample(settings, guessed, records);
    return byGuess.rejected() < bySettings.rejected()
        ? new Result(topic, guessed, true, byGuess)
        : new Result(topic, set, false, bySettings);
  }

  private static EventSample sample(
      EddySettings settings, EventMapping mapping, List<ConsumerRecord<byte[], byte[]>> records) {
    EventSample sample = new EventSample(mapping, settings.stream().policies());
    records.forEach(sample::add);
    return sample;
  }

  private static void tell(Console console, Result result, String configuration) {
    EventSample sample = result.sample;
    console.println(
        "%s: %d records, read as %s%s",
        result.topic,
        sample.records(),
        result.mapping.format().id(),
        result.isGuessed ? ", by other settings than these, which fit more of them" : "");
    if (sample.observations() > 0) {
      List<String> series = sample.series();
      console.println(
          "series: %d, as in %s",
          series.size(),
          String.join(", ", series.subList(0, Math.min(SHOWN_SERIES, series.size()))));
      console.println(
          "times: %s to %s",
          Instant.ofEpochMilli(sample.firstMs()), Instant.ofEpochMilli(sample.lastMs()));
      console.println(
          "interval: %s; gaps: %d, late: %s, duplicates: %s",
          interval(sample),
          sample.gaps(),
          share(sample.late(), sample.observations()),
          share(sample.duplicates(), sample.observations()));
    }
    if (sample.deletions() > 0) {
      console.println("would delete their series: %d", sample.deletions());
    }
    console.println(
        "would go to the dead letters: %s",
        share(sample.rejected(), sample.rejected() + sample.observations()));
    sample
        .reasons()
        .forEach(
            one -> console.println("  %d: %s; first %s", one.count(), one.reason(), one.first()));
    console.println("%s", "");
    console.println("%s", configuration.strip());
  }

  private static String interval(EventSample sample) {
    return sample.intervalMs() == 0
        ? "not to be seen"
        : Duration.ofMillis(sample.intervalMs()).toString();
  }

  private static String share(long part, long whole) {
    return whole == 0 || part == 0
        ? Long.toString(part)
        : String.format(Locale.ROOT, "%d (%.1f %%)", part, 100.0 * part / whole);
  }

  private static String json(Result result, String configuration) {
    EventSample sample = result.sample;
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("topic", result.topic);
    node.put("records", sample.records());
    node.put("format", result.mapping.format().id());
    node.put("guessed", result.isGuessed);
    node.put("observations", sample.observations());
    node.put("series", sample.series().size());
    if (sample.observations() > 0) {
      node.put("first", Instant.ofEpochMilli(sample.firstMs()).toString());
      node.put("last", Instant.ofEpochMilli(sample.lastMs()).toString());
    }
    node.put("intervalMs", sample.intervalMs());
    node.put("gaps", sample.gaps());
    node.put("late", sample.late());
    node.put("duplicates", sample.duplicates());
    node.put("deletions", sample.deletions());
    node.put("deadLetters", sample.rejected());
    for (EventSample.Rejected one : sample.reasons()) {
      ObjectNode reason = node.withArray("reasons").addObject();
      reason.put("reason", one.reason());
      reason.put("count", one.count());
      reason.put("topic", one.first().topic());
      reason.put("partition", one.first().partition());
      reason.put("offset", one.first().offset());
    }
    node.put("configuration", configuration);
    return node.toString();
  }

  /** Settings that read the events as the result says; secrets are left to be filled in. */
  private static String configuration(EddySettings settings, Result result) {
    EventMapping mapping = result.mapping;
    List<String> lines = new ArrayList<>();
    lines.add("bootstrap.servers = " + settings.bootstrapServers());
    lines.add("application.id = " + settings.applicationId());
    lines.add("topic.events = " + result.topic);
    lines.add("events.format = " + mapping.format().id());
    if (!mapping.key().isRecordKey()) {
      lines.add("events.key = " + String.join(",", mapping.key().fields()));
      lines.add("events.key-separator = " + mapping.key().separator());
      lines.add("topic.keyed-events = " + result.topic + "-keyed");
    }
    if (!mapping.time().equals(EventTime.DEFAULT)) {
      String field = mapping.time().field();
      lines.add("events.timestamp = " + (field == null ? "record" : field));
      lines.add("events.timestamp-format = " + mapping.time().format().id());
    }
    if (mapping.format() != EventFormat.NUMBER) {
      lines.add("events.value = " + String.join(",", mapping.values()));
      lines.add("events.covariates = " + String.join(",", mapping.covariates()));
    }
    if (mapping.encoding().schema() != null) {
      lines.add("# events.schema as before; it may be left out where the registry knows it");
    }
    if (mapping.encoding().registry() != null) {
      lines.add("schema.registry.url = " + mapping.encoding().registry());
    }
    return String.join("\n", lines) + "\n";
  }
}
