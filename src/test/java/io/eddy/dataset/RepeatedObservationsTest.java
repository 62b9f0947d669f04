package io.eddy.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RepeatedObservationsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long HOUR_MS = HOUR.toMillis();

  @Test
  void repeatsWholeDaysInPhase() {
    RepeatedObservations source = new RepeatedObservations(List.of(hours("a", 60)), HOUR, 0);

    List<Observation> observations = take(source, 60 + 48 + 3);

    assertThat(observations)
        .extracting(Observation::timestampMs)
        .containsExactlyElementsOf(
            LongStream.range(0, 111).map(hour -> hour * HOUR_MS).boxed().toList());
    // The value is the hour of the original; the last 48 hours are repeated.
    assertThat(observations.get(59).value()).isEqualTo(59);
    assertThat(observations.get(60).value()).isEqualTo(12);
    assertThat(observations.get(107).value()).isEqualTo(59);
    assertThat(observations.get(108).value()).isEqualTo(12);
  }

  @Test
  void startsAtAnyTimeAsIfItHadRunUntilThen() {
    List<SeriesData> series = List.of(hours("a", 60), hours("b", 60));
    List<Observation> all = take(new RepeatedObservations(series, HOUR, 0), 200);

    for (int hour : new int[] {0, 1, 59, 60, 61, 107, 108, 109, 170}) {
      RepeatedObservations late = new RepeatedObservations(series, HOUR, hour * HOUR_MS);
      assertThat(late.nextMs()).isEqualTo(hour * HOUR_MS);
      assertThat(take(late, 20)).isEqualTo(all.subList(2 * hour, Math.min(400, 2 * hour + 40)));
    }
  }

  @Test
  void rejectsEmptyData() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RepeatedObservations(List.of(), HOUR, 0))
        .withMessage("no observations to replay");
  }

  private static List<Observation> take(RepeatedObservations source, int steps) {
    List<Observation> taken = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      taken.addAll(source.next());
    }
    return taken;
  }

  private static SeriesData hours(String name, int count) {
    return new SeriesData(
        name,
        LongStream.range(0, count).map(hour -> hour * HOUR_MS).toArray(),
        LongStream.range(0, count).mapToDouble(hour -> hour).toArray());
  }
}
