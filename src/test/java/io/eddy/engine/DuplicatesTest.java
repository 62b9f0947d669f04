package io.eddy.engine;

import static io.eddy.engine.EngineFixture.serving;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.admission.LatenessPolicy;
import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.state.StateCodec;
import io.eddy.model.Model;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Aggregation;
import io.eddy.series.Duplicates;
import io.eddy.series.Observation;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.SeriesStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two observations of one time: every aggregation, rule and order of arrival, with the second one
 * in time and late, as a stream and as a file.
 */
class DuplicatesTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int HOURS = 12;
  private static final int CORRECTED = 8;
  private static final int WINDOW = 7;
  private static final Map<Aggregation, Model> MODELS =
      List.of(Aggregation.values()).stream()
          .collect(Collectors.toMap(aggregation -> aggregation, DuplicatesTest::newModel));

  private static Model newModel(Aggregation aggregation) {
    return ModelFile.read(
        Models.file(Models.specification(CellKind.GRU, 6, 24, aggregation), aggregation.code()));
  }

  /** Time at which the second observation arrives. */
  private enum Arrival {
    NEXT,
    IN_GRACE_PERIOD,
    AFTER_CLOSING
  }

  private record Order(double first, double second) {}

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Aggregation aggregation : Aggregation.values()) {
      for (Duplicates rule : Duplicates.values()) {
        for (Order order : List.of(new Order(5, 9), new Order(9, 5), new Order(7, 7))) {
          for (Arrival arrival : Arrival.values()) {
            cases.add(Arguments.of(aggregation, rule, order, arrival));
          }
        }
      }
    }
    return cases;
  }

  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @MethodSource("cases")
  void streamAndFileAgree(Aggregation aggregation, Duplicates rule, Order order, Arrival arrival) {
    Model model = model(aggregation);
    boolean isLate = arrival == Arrival.AFTER_CLOSING;
    Duration grace = arrival == Arrival.IN_GRACE_PERIOD ? Duration.ofHours(4) : Duration.ZERO;
    LatenessPolicy policy = new LatenessPolicy(grace, 64, false, isLate ? WINDOW : 0, rule);
    List<Observation> arriving = arriving(order, arrival == Arrival.NEXT ? 0 : 3);
    double counting =
        switch (rule) {
          case FIRST -> order.first();
          case LAST -> order.second();
          case MAX -> Math.max(order.first(), order.second());
        };

    Stream stream = new Stream(policy, model);
    arriving.forEach(stream::apply);
    Stream corrected = new Stream(policy, model);
    arriving(new Order(counting, Double.NaN), 0).forEach(corrected::apply);
    Stream file = new Stream(policy, model);
    SeriesCollector rows = new SeriesCollector();
    arriving.forEach(rows::add);
    SeriesData data = rows.toList(rule).get(0);
    data.observations().forEach(file::apply);

    assertThat(stream.last).isEqualTo(corrected.last).isEqualTo(file.last);
    assertThat(stream.last).hasSizeGreaterThanOrEqualTo(HOURS - 5);
    assertThat(stream.encoded()).isEqualTo(corrected.encoded()).isEqualTo(file.encoded());
    assertThat(data.stepped(model.specification().sampling()).values()[CORRECTED])
        .isEqualTo(expected(aggregation, counting));
    assertThat(stream.dropped).hasSize(counting == order.first() ? 1 : 0);
  }

  private static Model model(Aggregation aggregation) {
    return Objects.requireNonNull(MODELS.get(aggregation));
  }

  /** Returns the value of the corrected hour, which has one value at its begin, and 3 and 4. */
  private static double expected(Aggregation aggregation, double counting) {
    return switch (aggregation) {
      case FIRST -> counting;
      case LAST -> 4;
      case MEAN -> (counting + 3 + 4) / 3;
      case SUM -> counting + 3 + 4;
      case MIN -> 3;
      case MAX -> counting;
      case COUNT -> 3;
    };
  }

  /** Without revisions, a correction of a closed step is dropped and its forecasts stay. */
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @MethodSource("cases")
  void lateDuplicateIsDroppedWithoutRevisions(
      Aggregation aggregation, Duplicates rule, Order order, Arrival arrival) {
    if (arrival != Arrival.AFTER_CLOSING) {
      return;
    }
    LatenessPolicy policy = new LatenessPolicy(Duration.ZERO, 64, false, 0, rule);
    Stream stream = new Stream(policy, model(aggregation));
    arriving(order, 3).forEach(stream::apply);
    Stream first = new Stream(policy, model(aggregation));
    arriving(new Order(order.first(), Double.NaN), 0).forEach(first::apply);

    assertThat(stream.last).isEqualTo(first.last);
    assertThat(stream.dropped).contains(StepResult.Reason.LATE);
  }

  /** The step that takes its first observation closes with it only if nothing can replace it. */
  @ParameterizedTest
  @MethodSource("immediate")
  void stepThatMayBeCorrectedInTimeStaysOpen(Duplicates rule, int revised, boolean isImmediate) {
    Stream stream =
        new Stream(
            new LatenessPolicy(Duration.ZERO, 64, false, revised, rule), model(Aggregation.FIRST));

    StepResult result = stream.apply(new Observation("a", 0, 1));

    assertThat(result instanceof StepResult.Advanced).isEqualTo(isImmediate);
  }

  static List<Arguments> immediate() {
    return List.of(
        Arguments.of(Duplicates.FIRST, 0, true),
        Arguments.of(Duplicates.LAST, 0, false),
        Arguments.of(Duplicates.MAX, 0, false),
        Arguments.of(Duplicates.FIRST, WINDOW, true),
        Arguments.of(Duplicates.LAST, WINDOW, true),
        Arguments.of(Duplicates.MAX, WINDOW, true));
  }

  @Test
  void namesOfRulesAreStated() {
    assertThat(Duplicates.of("max")).isEqualTo(Duplicates.MAX);
    assertThatThrownBy(() -> Duplicates.of("min"))
        .hasMessage("duplicates: expected first, last, max, got 'min'");
  }

  /**
   * Returns an observation per hour; the corrected hour has two more, and the second of the same
   * time if it is a number.
   *
   * @param hours after which the second arrives; 0 for directly after the first
   */
  private static List<Observation> arriving(Order order, int hours) {
    List<Observation> all = new ArrayList<>();
    Observation second =
        Double.isNaN(order.second())
            ? null
            : new Observation("a", CORRECTED * HOUR, order.second());
    for (int hour = 0; hour < HOURS; hour++) {
      boolean isCorrected = hour == CORRECTED;
      all.add(new Observation("a", hour * HOUR, isCorrected ? order.first() : 1 + hour % 3));
      if (isCorrected && hours == 0 && second != null) {
        all.add(second);
      }
      if (isCorrected) {
        all.add(new Observation("a", hour * HOUR + HOUR / 4, 3));
        all.add(new Observation("a", hour * HOUR + HOUR / 2, 4));
      }
      if (hour == CORRECTED + hours && hours > 0 && second != null) {
        all.add(second);
      }
    }
    return all;
  }

  /** One series, and the latest forecast from each origin. */
  private static final class Stream {
    private final SeriesEngine engine;
    private final Model model;
    private final ServingVersion serving;
    private final SeriesStore store = new InMemorySeriesStore();
    final Map<Long, String> last = new TreeMap<>();
    final List<StepResult.Reason> dropped = new ArrayList<>();

    Stream(LatenessPolicy policy, Model model) {
      engine = new SeriesEngine(policy);
      this.model = model;
      serving = serving(model, 1);
    }

    StepResult apply(Observation observation) {
      SeriesUpdate update = engine.prepare(store, observation, serving);
      update.commit();
      StepResult result = update.result();
      boolean hasSameTime = observation.timestampMs() == CORRECTED * HOUR;
      if (hasSameTime && result instanceof StepResult.Dropped drop) {
        dropped.add(drop.reason());
      }
      result.forecasts().forEach(advanced -> put(advanced.forecast()));
      return result;
    }

    private void put(Forecast forecast) {
      StringBuilder bits = new StringBuilder();
      for (double value : forecast.values()) {
        bits.append(' ').append(Long.toHexString(Double.doubleToRawLongBits(value)));
      }
      last.put(forecast.origin().timestampMs(), bits.toString());
    }

    byte[] encoded() {
      SeriesState state = Objects.requireNonNull(store.get(StateKey.STATE)).restore(model, store);
      return StateCodec.encode(state, SeriesState.NO_TIME);
    }
  }
}
