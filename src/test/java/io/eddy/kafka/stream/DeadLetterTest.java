package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.observation;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepFunction;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks which events become dead letters, and their headers. */
class DeadLetterTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);

  private TopologyFixture stream;

  @BeforeEach
  void start(@TempDir Path folder) {
    stream = TopologyFixture.withCovariates(folder, List.of("load", "height"));
  }

  @AfterEach
  void stop() {
    stream.close();
  }

  @Test
  void deadLettersUndecodableRecord() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    byte[] garbage = "{not json".getBytes(StandardCharsets.UTF_8);
    stream.process(observation("a", 0));

    stream.eventsTopic().pipeInput("a", garbage, Instant.ofEpochMilli(5));
    stream.process(observation("a", 1));

    assertThat(stream.forecastsTopic().getQueueSize()).isEqualTo(2);
    TestRecord<byte[], byte[]> dead = stream.deadLettersTopic().readRecord();
    assertThat(dead.value()).isEqualTo(garbage);
    assertThat(dead.key()).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
    assertThat(header(dead, "topic")).isEqualTo(TOPICS.events());
    assertThat(header(dead, "partition")).isEqualTo("0");
    assertThat(header(dead, "offset")).isEqualTo("1");
    assertThat(header(dead, "message")).isEqualTo("not valid JSON");
    assertThat(header(dead, "exception")).endsWith("InvalidRecordException");
  }

  @Test
  void deadLettersRecordWithoutKeyOrValue() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);

    stream
        .eventsTopic()
        .pipeInput(null, "{\"value\":1}".getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
    stream.eventsTopic().pipeInput("a", null, Instant.EPOCH);

    assertThat(stream.forecastsTopic().isEmpty()).isTrue();
    assertThat(header(stream.deadLettersTopic().readRecord(), "message"))
        .startsWith("key is empty");
    assertThat(header(stream.deadLettersTopic().readRecord(), "message"))
        .startsWith("value is null");
  }

  @Test
  void deadLettersEventWithoutVersion() {
    stream.process(observation("a", 0));

    assertThat(stream.forecastsTopic().isEmpty()).isTrue();
    assertThat(header(stream.deadLettersTopic().readRecord(), "message"))
        .startsWith("no version of model m serves events of ");
  }

  @Test
  void deadLettersValueThatIsNoClass() {
    byte[] file = Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 1);
    stream.publish(file);
    stream.activate(1, file);
    Model model = ModelFile.read(file);
    SeriesState state = SeriesState.inMemory(model);
    Observation first = new Observation("a", 100 * HOUR, 2);
    Observation second = new Observation("a", 101 * HOUR, 0);
    new StepFunction().apply(state, first, model, 1);

    stream.process(first);
    stream.process(new Observation("a", 101 * HOUR, 1.5));
    stream.process(second);

    StepResult.Advanced expected =
        (StepResult.Advanced) new StepFunction().apply(state, second, model, 1);
    assertThat(stream.readForecast().forecast().classes()).isEqualTo(3);
    assertThat(stream.readForecast().forecast().values()).isEqualTo(expected.forecast().values());
    assertThat(stream.forecastsTopic().isEmpty()).isTrue();
    TestRecord<byte[], byte[]> dead = stream.deadLettersTopic().readRecord();
    assertThat(header(dead, "message"))
        .startsWith("value: expected a class, a whole number from 0 to 2; version ");
    assertThat(header(dead, "offset")).isEqualTo("1");
  }

  @Test
  void deadLettersInvalidCovariate() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    stream
        .eventsTopic()
        .pipeInput("a", "{\"value\":1,\"load\":1e300}".getBytes(StandardCharsets.UTF_8));

    assertThat(header(stream.deadLettersTopic().readRecord(), "message"))
        .isEqualTo("load: expected a number within ±1e35");
    assertThat(stream.forecastsTopic().isEmpty()).isTrue();
  }

  @Test
  void deadLettersInvalidFutureCovariates() {
    stream.publish(FIRST);
    stream.activate(1, FIRST);
    stream
        .eventsTopic()
        .pipeInput(
            "a", "{\"value\":1,\"ahead\":{\"load\":[1,1e300]}}".getBytes(StandardCharsets.UTF_8));

    assertThat(header(stream.deadLettersTopic().readRecord(), "message"))
        .isEqualTo("ahead.load: expected numbers within ±1e35");
    assertThat(stream.forecastsTopic().isEmpty()).isTrue();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader("__streams.errors." + name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
