package io.eddy.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordSampleTest {
  private static final RecordSample.Pair FIRST =
      new RecordSample.Pair(new byte[] {0, 1, 2}, new byte[] {10, 11, 12, 13});
  private static final RecordSample.Pair SECOND =
      new RecordSample.Pair(new byte[] {0, 3}, new byte[] {14});

  @Test
  void fileHasSamplesAndSizes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("sample");

    new RecordSample(List.of(FIRST, SECOND), 2.5, 1.5).write(file);

    RecordSample read = RecordSample.read(file);
    assertThat(read.bytes(7)).isEqualTo(new StreamResult.RecordBytes(2.5, 1.5, 2.5, 7));
    assertThat(read.pairs()).hasSize(2);
    assertThat(read.pairs().get(0).state()).containsExactly(0, 1, 2);
    assertThat(read.pairs().get(1).result()).containsExactly(14);
  }

  @Test
  void stateIsExtendedByOtherValues() {
    assertThat(RecordSample.join(new byte[] {1, 2}, new byte[] {7, 8}, 2.6))
        .containsExactly(1, 2, 7, 8, 7);
    assertThat(RecordSample.join(new byte[] {1, 2}, new byte[0], 0)).containsExactly(1, 2);
  }

  @Test
  void writesOfNewSeriesDoNotCount() {
    RecordSample.Writes before = new RecordSample.Writes(100, 300);

    assertThat(new RecordSample.Writes(300, 350).windowsPerState(before)).isEqualTo(0.25);
    assertThat(before.windowsPerState(before)).isZero();
  }

  @Test
  void bareTopologyStoresAndEmitsSamples() {
    try (TopologyTestDriver driver =
        new TopologyTestDriver(BareStream.topology("events", List.of(FIRST, SECOND)))) {
      TestInputTopic<byte[], byte[]> events =
          driver.createInputTopic("events", new ByteArraySerializer(), new ByteArraySerializer());
      TestOutputTopic<byte[], byte[]> results =
          driver.createOutputTopic(
              BareStream.RESULTS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      for (int i = 0; i < 3; i++) {
        events.pipeInput(new byte[] {5}, new byte[] {1});
      }

      assertThat(results.readValuesToList())
          .containsExactly(FIRST.result(), SECOND.result(), FIRST.result());
      KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(BareStream.STATES);
      assertThat(store.get(Bytes.wrap(new byte[] {5}))).containsExactly(2, 1, 2);
    }
  }

  @Test
  void childInheritsNoAgent() {
    assertThat(
            JavaProcess.jvmOptions(
                List.of("-Xmx1g", "-javaagent:a.jar", "-agentlib:jdwp", "-Deddy.terminal=true")))
        .containsExactly("-Xmx1g");
  }
}
