package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.codec.avro.ActivationRole;
import io.eddy.codec.avro.ForecastRecord;
import io.eddy.codec.avro.MainComponentRecord;
import io.eddy.codec.avro.ScoreRecord;
import io.eddy.codec.avro.Sha256;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.MainComponent;
import io.eddy.forecast.Score;
import io.eddy.kafka.schema.SchemaIdType;
import io.eddy.kafka.schema.SchemaServer;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import io.eddy.series.Interval;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

/** Compares the encoders with Avro's own writer, byte for byte, over random records. */
class RecordEncoderTest {
  private static final int RECORDS = 3000;
  private static final List<String> TEXTS =
      List.of(
          "",
          "m",
          "power-forecast",
          "Zürich/Straße 5",
          "温度",
          "a\ud83d\ude00b",
          "\ud800",
          "\u007f\u0080");
  private static final List<String> INTERVALS =
      List.of("PT1H", "PT0.001S", "P1M", "P3M/1970-02-01", "P1D[Europe/Berlin]", "business-day");

  private final SplittableRandom random = new SplittableRandom(19);

  @Test
  void forecastsHaveTheBytesOfAvro() throws IOException {
    ForecastCodec codec = new ForecastCodec();
    for (int i = 0; i < RECORDS; i++) {
      PublishedForecast forecast = forecast();
      assertThat(codec.encode(forecast)).isEqualTo(singleObject(record(forecast)));
    }
  }

  @Test
  void scoresHaveTheBytesOfAvro() throws IOException {
    ScoreCodec codec = new ScoreCodec();
    for (int i = 0; i < RECORDS; i++) {
      PublishedScore score = score();
      assertThat(codec.encode(score)).isEqualTo(singleObject(record(score)));
    }
  }

  @Test
  void registryFramesHaveIdAndBody() throws IOException {
    try (SchemaServer server = new SchemaServer()) {
      server.addId("forecasts-value", 0x01020304);
      server.addId("scores-value", 7);
      OutputFormat format =
          new OutputFormat(OutputFormat.Format.AVRO, server.settings(SchemaIdType.CONFLUENT));
      ForecastCodec forecasts = new ForecastCodec(format, "forecasts");
      ScoreCodec scores = new ScoreCodec(format, "scores");
      for (int i = 0; i < 100; i++) {
        PublishedForecast forecast = forecast();
        PublishedScore score = score();
        assertThat(forecasts.encode(forecast)).isEqualTo(framed(0x01020304, record(forecast)));
        assertThat(scores.encode(score)).isEqualTo(framed(7, record(score)));
      }
    }
  }

  private static byte[] framed(int id, SpecificRecordBase record) throws IOException {
    byte[] body = body(record);
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  @Test
  void buffersGrow() throws IOException {
    Forecast.Origin origin = origin();
    double[] values = random.doubles(100_000).toArray();
    String name = "x".repeat(10_000);
    PublishedForecast large =
        new PublishedForecast(
            new Forecast(origin, List.of(), 0, values), name, new SourcePosition(name, 1, 2));

    assertThat(new ForecastCodec().encode(large)).isEqualTo(singleObject(record(large)));
  }

  @Test
  void rejectsOtherSchema() {
    RecordEncoder<PublishedForecast> encoder = new ForecastEncoder();

    assertThatThrownBy(() -> RecordEncoder.requireSchema(encoder, ScoreRecord.getClassSchema()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "ForecastEncoder writes the schema with the fingerprint 129d190321fd7731, got"
                + " ScoreRecord with 104fb267029ddab6: adapt the encoder");
  }

  private static byte[] singleObject(SpecificRecordBase record) throws IOException {
    ByteBuffer bytes =
        new BinaryMessageEncoder<>(SpecificData.get(), record.getSchema()).encode(record);
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    return array;
  }

  private static byte[] body(SpecificRecordBase record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    GenericDatumWriter<SpecificRecordBase> writer = new SpecificDatumWriter<>(record.getSchema());
    writer.write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private PublishedForecast forecast() {
    int horizon = random.nextInt(1, 30);
    boolean isClassification = random.nextInt(4) == 0;
    int classes = isClassification ? random.nextInt(1, 6) : 0;
    List<Double> levels = isClassification ? List.of() : levels();
    double[] means = random.nextBoolean() ? doubles(horizon) : new double[0];
    Forecast forecast =
        new Forecast(
                origin(),
                levels,
                classes,
                doubles(horizon * Math.max(1, Math.max(classes, levels.size()))),
                means)
            .withMainComponents(
                IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> new MainComponent(1 + 100 * i, text(), number()))
                    .toList());
    return new PublishedForecast(
        forecast,
        text(),
        new SourcePosition(text(), random.nextInt(), integer()),
        new PublishedForecast.Knowledge(integer(), random.nextInt(), integer()));
  }

  private PublishedScore score() {
    int horizon = random.nextInt(30);
    List<Double> levels = levels();
    Score score =
        new Score(
            origin(),
            levels,
            new Score.Errors(
                floats(horizon),
                floats(horizon),
                floats(horizon),
                floats(levels.size()),
                floats(random.nextBoolean() ? horizon : 0)),
            new Score.Naive(floats(random.nextBoolean() ? horizon : 0), doubles(1)[0]),
            random.ints(random.nextInt(30)).toArray());
    return new PublishedScore(
        score,
        text(),
        random.nextBoolean() ? Role.SERVE : Role.SHADOW,
        random.nextBoolean() ? text() : null);
  }

  private Forecast.Origin origin() {
    Interval interval = Interval.parse(INTERVALS.get(random.nextInt(INTERVALS.size())));
    byte[] digest = new byte[32];
    random.nextBytes(digest);
    return new Forecast.Origin(
        text(),
        interval.startMs(random.nextInt(-1000, 10_000)),
        interval,
        new Forecast.Served(ModelVersion.ofDigest(digest), integer()),
        random.nextBoolean(),
        new ForecastQuality(
            random.nextInt(), random.nextInt(), random.nextInt(), random.nextBoolean()));
  }

  private List<Double> levels() {
    return Arrays.stream(random.doubles(random.nextInt(10)).sorted().toArray()).boxed().toList();
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /** Returns an integer of any length, as its encoded length depends on it. */
  private long integer() {
    return random.nextLong() >> random.nextInt(64);
  }

  private float number() {
    return Float.intBitsToFloat(random.nextInt());
  }

  /** Returns numbers with random bits, among them NaN and infinity. */
  private double[] doubles(int size) {
    double[] values = new double[size];
    Arrays.setAll(
        values,
        i ->
            switch (random.nextInt(4)) {
              case 0 -> Double.longBitsToDouble(random.nextLong());
              case 1 -> random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
              default -> number();
            });
    return values;
  }

  private float[] floats(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(8) == 0 ? Float.NaN : number();
    }
    return values;
  }

  private static ForecastRecord record(PublishedForecast published) {
    Forecast forecast = published.forecast();
    Forecast.Origin origin = forecast.origin();
    ForecastRecord record = new ForecastRecord();
    record.setOrigin(Instant.ofEpochMilli(origin.timestampMs()));
    record.setIntervalMs(origin.interval().fixedMs());
    record.setInterval(origin.interval().toString());
    record.setStepTimes(
        origin.interval().isFixed()
            ? List.of()
            : IntStream.rangeClosed(1, forecast.horizon())
                .mapToObj(step -> Instant.ofEpochMilli(forecast.timestampMs(step)))
                .toList());
    record.setHorizon(forecast.horizon());
    record.setQuantileLevels(forecast.quantileLevels());
    record.setValues(Arrays.stream(forecast.values()).boxed().toList());
    record.setMeans(Arrays.stream(forecast.means()).boxed().toList());
    record.setClasses(forecast.classes());
    record.setWarm(origin.warm());
    record.setModel(published.model());
    record.setVersion(new Sha256(origin.served().version().digest()));
    record.setEpoch(origin.served().epoch());
    record.setSourceTopic(published.source().topic());
    record.setSourcePartition(published.source().partition());
    record.setSourceOffset(published.source().offset());
    record.setKnownEpoch(published.known().epoch());
    record.setPassedOver(published.known().skipped());
    record.setAwaitedEpoch(published.known().pendingEpoch());
    record.setContextSteps(origin.quality().contextSteps());
    record.setWarmSteps(origin.quality().warmSteps());
    record.setRevision(origin.quality().revision());
    record.setProvisional(origin.quality().isProvisional());
    record.setMainComponents(
        forecast.mainComponents().stream()
            .map(main -> new MainComponentRecord(main.lastStep(), main.name(), main.weight()))
            .toList());
    return record;
  }

  private static ScoreRecord record(PublishedScore published) {
    Score score = published.score();
    Forecast.Origin origin = score.origin();
    ScoreRecord record = new ScoreRecord();
    record.setOrigin(Instant.ofEpochMilli(origin.timestampMs()));
    record.setIntervalMs(origin.interval().fixedMs());
    record.setInterval(origin.interval().toString());
    record.setModel(published.model());
    record.setVersion(new Sha256(origin.served().version().digest()));
    record.setEpoch(origin.served().epoch());
    record.setWarm(origin.warm());
    record.setAbsoluteError(boxed(score.absoluteError()));
    record.setBaseAbsoluteError(boxed(score.baseAbsoluteError()));
    record.setPinballLoss(boxed(score.pinballLoss()));
    record.setQuantileLevels(score.quantileLevels());
    record.setCoverage(boxed(score.coverage()));
    record.setCrossEntropy(boxed(score.crossEntropy()));
    record.setRole(published.role() == Role.SHADOW ? ActivationRole.SHADOW : ActivationRole.SERVE);
    record.setNaiveAbsoluteError(boxed(score.naiveAbsoluteError()));
    record.setNaiveMeanError(score.naiveMeanError());
    record.setQuantilesBelow(Arrays.stream(score.quantilesBelow()).boxed().toList());
    record.setFailure(published.failure());
    return record;
  }

  private static List<Float> boxed(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }
}
