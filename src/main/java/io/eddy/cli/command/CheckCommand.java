package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.CheckReport;
import io.eddy.cli.report.SuggestedSettings;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.check.EventInspection;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.topics.TopicReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
      "Reads a sample of the events topic with the settings and reports its content.",
      "Reports the format, series, times and gaps, and which events would be dead letters and why."
          + " If the settings read it badly and others read it well, prints those settings, too.",
      "The exit code is 1 if the settings reject more than half of the sample, or all of it is"
          + " unreadable."
    },
    mixinStandardHelpOptions = true)
public final class CheckCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Within(min = 1, max = 1_000_000)
  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Maximum number of records to read, from the end of each partition. Default:"
              + " ${DEFAULT-VALUE}.")
  private int sampleSize;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Write the suggested settings to FILE, which must not exist.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    if (file != null && Files.exists(file)) {
      throw new UsageException("--write: " + file + " exists already");
    }
    EddyConfig settings = connection.settings();
    String topic = settings.stream().topics().events();
    List<ConsumerRecord<byte[], byte[]>> records = read(settings, topic);
    Console console = Console.of(spec);
    if (records.isEmpty()) {
      console.printErr("eddy: topic %s is empty", topic);
      return ExitCode.FAILED;
    }
    EventInspection inspection =
        EventInspection.of(settings.stream().events(), settings.stream().policies(), records);
    EventInspection.Reading given = inspection.given();
    EventInspection.Reading proposed = inspection.proposed();
    boolean needsZone = proposed != null && inspection.detection().needsZone();
    EventMapping written = (proposed == null ? given : proposed).mapping();
    CheckReport report =
        new CheckReport(
            topic, inspection, SuggestedSettings.of(settings, topic, written, needsZone));
    if (isJson) {
      console.println("%s", report.json());
    } else {
      report.print(console);
    }
    if (file != null) {
      Files.writeString(file, report.configuration(), StandardOpenOption.CREATE_NEW);
      console.printErr("wrote %s", file);
    }
    return given.sample().isMostlyRejected() ? ExitCode.FAILED : ExitCode.OK;
  }

  private List<ConsumerRecord<byte[], byte[]>> read(EddyConfig settings, String topic) {
    TopicReader reader = new TopicReader(settings.client());
    Map<TopicPartition, Long> ends = reader.endOffsets(topic);
    Map<TopicPartition, Long> begins = new HashMap<>(reader.beginningOffsets(topic));
    int perPartition = Math.max(1, sampleSize / ends.size());
    ends.forEach((partition, end) -> begins.merge(partition, end - perPartition, Math::max));
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    reader.read(begins, ends, records::add);
    return records;
  }
}
