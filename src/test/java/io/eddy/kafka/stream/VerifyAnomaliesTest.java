package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.RecordedStream.GRU;
import static io.eddy.kafka.stream.RecordedStream.HOUR;
import static io.eddy.kafka.stream.RecordedStream.LSTM;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.forecast.anomaly.AnomalyKind;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.anomaly.AnomalyScore.Change;
import io.eddy.forecast.anomaly.Episode;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.record.AnomalyCodec;
import io.eddy.kafka.record.OutputFormat;
import io.eddy.kafka.record.PublishedAnomaly;
import io.eddy.kafka.verify.VerifyCount;
import io.eddy.kafka.verify.VerifyReport;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyAnomaliesTest {
  /** Kinds of a silence at its begin and at its end. */
  private static final List<AnomalyKind> ABSENCES =
      List.of(AnomalyKind.SILENCE, AnomalyKind.MISSING_DATA);

  private static final int STEPS = 400;
  private static final int SPIKE_AT = 300;
  private static final AnomalyPolicy EPISODES = new AnomalyPolicy(AnomalyPolicy.Output.EPISODES, 1);
  private static final AnomalyPolicy ALL = new AnomalyPolicy(AnomalyPolicy.Output.ALL, 1);

  @TempDir private Path folder;

  @Test
  void stepsAndEpisodesVerifyAcrossAMigration() {
    try (RecordedStream stream = stream(ALL, LatenessPolicy.IN_ORDER)) {
      stream.activate(1, GRU, 0L);
      run(stream, 0, 250);
      stream.activate(2, LSTM, null);
      run(stream, 250, STEPS);

      VerifyReport report = stream.verify();
      assertThat(report.differences()).isEmpty();
      assertThat(report.get(VerifyCount.ANOMALIES_EXPECTED)).isEqualTo(STEPS);
      assertThat(report.get(VerifyCount.ANOMALIES_FOUND)).isEqualTo(STEPS);
    }
  }

  @Test
  void aSpikeBeginsAndEndsOneEpisode() {
    try (RecordedStream stream = stream(EPISODES, LatenessPolicy.IN_ORDER)) {
      stream.activate(1, GRU, 0L);
      run(stream, 0, STEPS);

      List<PublishedAnomaly> found = anomalies(stream);
      List<PublishedAnomaly> spike =
          found.stream().filter(one -> episode(one).beginMs() == SPIKE_AT * HOUR).toList();
      assertThat(spike)
          .extracting(one -> one.anomaly().score().change())
          .containsExactly(Change.BEGIN, Change.END);
      assertThat(episode(spike.get(1)).kind()).isEqualTo(AnomalyKind.SPIKE);
      assertThat(stream.verify().isConsistent()).isTrue();
    }
  }

  @Test
  void aGapBeginsAndEndsAnAbsence() {
    try (RecordedStream stream = stream(EPISODES, LatenessPolicy.IN_ORDER)) {
      stream.activate(1, GRU, 0L);
      run(stream, 0, 200);
      run(stream, 5_000, 5_010);

      List<PublishedAnomaly> found = anomalies(stream);
      assertThat(found.subList(found.size() - 2, found.size()))
          .extracting(one -> episode(one).kind())
          .containsOnly(AnomalyKind.MISSING_DATA);
      assertThat(episode(found.get(found.size() - 2)).beginMs()).isEqualTo(202 * HOUR);
      assertThat(episode(found.get(found.size() - 1)).steps()).isEqualTo(4_800);
      assertThat(stream.verify().isConsistent()).isTrue();
    }
  }

  @Test
  void aSeriesThatStopsIsSilentUntilItReturns() {
    try (RecordedStream stream = stream(EPISODES, LatenessPolicy.IN_ORDER)) {
      stream.activate(1, GRU, 0L);
      for (int t = 0; t < 200; t++) {
        stream.send(new Observation("a", t * HOUR, value(t)));
        if (t < 100 || t > 150) {
          stream.send(new Observation("b", t * HOUR, value(t)));
        }
      }

      List<PublishedAnomaly> silence =
          anomalies(stream).stream().filter(one -> ABSENCES.contains(episode(one).kind())).toList();
      assertThat(silence).extracting(PublishedAnomaly::series).containsExactly("b", "b");
      assertThat(silence)
          .extracting(one -> one.anomaly().score().change())
          .containsExactly(Change.BEGIN, Change.END);
      assertThat(episode(silence.get(0)).beginMs()).isEqualTo(102 * HOUR);
      assertThat(silence.get(0).source().offset()).isEqualTo(100 * 2 + 3);
      assertThat(episode(silence.get(1)).steps()).isEqualTo(51);
      assertThat(silence)
          .extracting(one -> episode(one).kind())
          .containsExactlyElementsOf(ABSENCES);
      assertThat(stream.verify().differences()).isEmpty();
    }
  }

  @Test
  void revisedStepsReplaceTheirAnomalies() {
    LatenessPolicy revising = new LatenessPolicy(Duration.ZERO, 64, false, 24, Duplicates.LAST);
    try (RecordedStream stream = stream(EPISODES, revising)) {
      stream.activate(1, GRU, 0L);
      run(stream, 0, SPIKE_AT + 2);
      run(stream, SPIKE_AT + 3, SPIKE_AT + 5);
      run(stream, SPIKE_AT + 2, SPIKE_AT + 3);
      run(stream, SPIKE_AT + 5, STEPS);

      assertThat(anomalies(stream))
          .filteredOn(one -> one.subject().revision() > 0)
          .extracting(one -> one.anomaly().closedMs())
          .contains((SPIKE_AT + 3) * HOUR, (SPIKE_AT + 4) * HOUR);
      assertThat(stream.verify().differences()).isEmpty();
    }
  }

  @Test
  void findsLostChangedAndRepeatedRecords() {
    try (RecordedStream stream = stream(ALL, LatenessPolicy.IN_ORDER)) {
      stream.activate(1, GRU, 0L);
      run(stream, 0, 60);
      ConsumerRecord<byte[], byte[]> moved = stream.anomalies.remove(10);
      stream.anomalies.add(20, stream.anomalies.get(20));
      byte[] other = stream.anomalies.get(40).value();
      other[other.length / 3] ^= 1;

      VerifyReport report = stream.verify();
      assertThat(moved.key()).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
      assertThat(report.get(VerifyCount.ANOMALIES_LOST)).isEqualTo(1);
      assertThat(report.get(VerifyCount.ANOMALIES_DUPLICATED)).isEqualTo(1);
      assertThat(report.get(VerifyCount.ANOMALIES_DIFFERENT)).isEqualTo(1);
      assertThat(report.isConsistent()).isFalse();
    }
  }

  private RecordedStream stream(AnomalyPolicy anomalies, LatenessPolicy lateness) {
    StreamPolicies policies =
        StreamPoliciesBuilder.policies().lateness(lateness).anomalies(anomalies).build();
    return new RecordedStream(folder, policies);
  }

  private static void run(RecordedStream stream, int from, int to) {
    for (int t = from; t < to; t++) {
      stream.send(new Observation("a", t * HOUR, value(t)));
    }
  }

  private static double value(int t) {
    double noise = new Random(t).nextGaussian();
    return 20 + 5 * Math.sin(t * Math.PI / 12) + 0.3 * noise + (t == SPIKE_AT ? 60 : 0);
  }

  private static List<PublishedAnomaly> anomalies(RecordedStream stream) {
    AnomalyCodec codec = new AnomalyCodec(OutputFormat.DEFAULT, "");
    return stream.anomalies.stream()
        .map(
            record ->
                codec.decode(new String(record.key(), StandardCharsets.UTF_8), record.value()))
        .toList();
  }

  private static Episode episode(PublishedAnomaly one) {
    return Objects.requireNonNull(one.anomaly().score().episode());
  }
}
