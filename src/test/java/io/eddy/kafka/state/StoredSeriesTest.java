package io.eddy.kafka.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.engine.EngineFixture;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Covariate;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.Interval;
import io.eddy.series.Observation;
import io.eddy.series.SegmentKey;
import io.eddy.series.store.SeriesStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredSeriesTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int CONTEXT = 24;

  private final Model model =
      ModelFile.read(
          Models.file(
              Models.withCovariates(
                  Models.specification(CellKind.GRU, 8, CONTEXT), Covariate.past("load")),
              1));
  private final SeriesEngine engine = new SeriesEngine(LatenessPolicy.IN_ORDER);
  private final TaskStores stores = new TaskStores();

  @Test
  void historyIsTheWindowWithGapsAtEveryCount() {
    for (int hour = 0; hour < 3 * CONTEXT; hour++) {
      if (isMeasured(hour)) {
        StepResult result = apply(hour, hour / 4.0);
        assertThat(result).isNotInstanceOf(StepResult.Dropped.class);

        List<StoredSeries.Step> history = stored().history(1000);
        int size = Math.min(hour + 1, CONTEXT);
        assertThat(history).hasSize(size);
        for (int i = 0; i < size; i++) {
          int expected = hour + 1 - size + i;
          double value = isMeasured(expected) ? expected / 4.0 : Double.NaN;
          assertThat(history.get(i)).isEqualTo(new StoredSeries.Step(expected * HOUR, value));
          assertThat(stored().stepAt(expected * HOUR)).isEqualTo(history.get(i));
        }
        assertThat(stored().last()).isEqualTo(history.get(size - 1));
        assertThat(stored().history(3))
            .isEqualTo(history.subList(Math.max(0, size - 3), history.size()));
      }
    }
  }

  @Test
  void historyOfMonthsHasTheirStarts() {
    Interval months = Interval.parse("P1M[Europe/Berlin]");
    Model monthly =
        ModelFile.read(
            Models.file(
                Models.withInterval(Models.specification(CellKind.GRU, 8, CONTEXT), months), 1));
    SeriesStore store = stores.partition().series("a");
    for (int month = 600; month < 640; month++) {
      Observation observation = new Observation("a", months.startMs(month + 1) - 1, month);
      engine.prepare(store, observation, EngineFixture.serving(monthly, 1)).commit();
    }

    List<StoredSeries.Step> history = stored().history(3);

    assertThat(history)
        .containsExactly(
            new StoredSeries.Step(months.startMs(637), 637),
            new StoredSeries.Step(months.startMs(638), 638),
            new StoredSeries.Step(months.startMs(639), 639));
    assertThat(stored().stepAt(months.startMs(620))).extracting("value").isEqualTo(620.0);
    assertThat(stored().stepAt(months.startMs(620) + 1)).isNull();
    assertThat(stored().state().sampling().interval()).isEqualTo(months);
    assertThat(stored().state().lastStepMs()).isEqualTo(months.startMs(639));
  }

  @Test
  void timesOutsideTheWindowHaveNoStep() {
    for (int hour = 0; hour < 2 * CONTEXT; hour++) {
      apply(hour, 1);
    }

    assertThat(stored().stepAt(2 * CONTEXT * HOUR)).isNull();
    assertThat(stored().stepAt((CONTEXT - 1) * HOUR)).isNull();
    assertThat(stored().stepAt((2 * CONTEXT - 1) * HOUR + 1)).isNull();
  }

  @Test
  void stepsBetweenTwoTimes() {
    for (int hour = 0; hour < 2 * CONTEXT; hour++) {
      apply(hour, hour);
    }

    assertThat(stored().between(40 * HOUR, 43 * HOUR, 10))
        .extracting(StoredSeries.Step::value)
        .containsExactly(41.0, 42.0, 43.0);
    assertThat(stored().between(0, 43 * HOUR, 2))
        .extracting(StoredSeries.Step::value)
        .containsExactly(42.0, 43.0);
    assertThat(stored().between(43 * HOUR, 43 * HOUR, 10)).isEmpty();
    assertThat(stored().between(0, 1000 * HOUR, 10)).isEmpty();
    assertThat(stored().between(0, 25 * HOUR, 10)).hasSize(2);
  }

  @Test
  void historyEndsAtADeletedSegment() {
    for (int hour = 0; hour < 2 * CONTEXT; hour++) {
      apply(hour, hour);
    }
    stores.partition().series("a").delete(new SegmentKey(1));

    assertThat(stored().history(1000))
        .extracting(StoredSeries.Step::value)
        .containsExactlyElementsOf(
            java.util.stream.IntStream.range(32, 48).mapToObj(Double::valueOf).toList());
  }

  @Test
  void seriesWithoutClosedStepHasNoHistory() {
    byte[] state =
        StateCodec.encode(
            SeriesState.initial(model, 1, stores.partition().series("a")), SeriesState.NO_TIME);
    StoredSeries series = new StoredSeries("a", state, stores.windows::get);

    assertThat(series.history(10)).isEmpty();
    assertThat(series.last()).isNull();
    assertThat(series.stepAt(0)).isNull();
  }

  private static boolean isMeasured(int hour) {
    return hour % 7 != 3;
  }

  private StepResult apply(int hour, double value) {
    SeriesStore store = stores.partition().series("a");
    Observation observation =
        new Observation("a", hour * HOUR, value, new Covariates(Map.of("load", 1.0)));
    SeriesUpdate update = engine.prepare(store, observation, EngineFixture.serving(model, 1));
    update.commit();
    return update.result();
  }

  private StoredSeries stored() {
    return new StoredSeries("a", stores.states.get("a"), stores.windows::get);
  }
}
