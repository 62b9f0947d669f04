package io.eddy.engine;

import static io.eddy.engine.EngineFixture.activation;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.RejectionKind;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StepResult;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activations;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.Scope;
import io.eddy.series.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionEngineTest {
  private static final long HOUR = Models.INTERVAL.toMillis();
  private static final int CONTEXT = 24;
  private static final Model FIRST = Models.model(CellKind.GRU, 6, CONTEXT, 1);
  private static final Model SECOND = Models.model(CellKind.LSTM, 5, CONTEXT, 2);

  private final Resolver resolver = new Resolver();
  private final InMemoryPartitionStore store = new InMemoryPartitionStore();

  /** Activations and versions on the heap. */
  private static final class Resolver implements ModelResolver {
    private final List<Activation> activations = new ArrayList<>();
    private final Map<ModelVersion, Model> models = new HashMap<>();

    void add(Activation activation, Model model) {
      activations.add(activation);
      models.put(model.version(), model);
    }

    @Override
    public long changes() {
      return activations.size();
    }

    @Override
    public Activations activations() {
      return new Activations(activations);
    }

    @Override
    public @Nullable Model find(ModelVersion version) {
      return models.get(version);
    }
  }

  private PartitionEngine engine(MigrationThrottle throttle, SeriesLimits limits) {
    return new PartitionEngine(
        new PartitionEngine.Rules(
            EngineFixture.MODEL,
            LatenessPolicy.IN_ORDER,
            limits,
            AnomalyPolicy.OFF,
            AlertRules.NONE),
        new VersionSelector(resolver, throttle),
        store);
  }

  private PartitionEngine engine() {
    return engine(MigrationThrottle.UNLIMITED, SeriesLimits.DEFAULT);
  }

  @Test
  void rejectsEventWithoutVersion() {
    assertThat(engine().process(at("a", 0)))
        .isEqualTo(
            new EventOutcome.Rejected(
                RejectionKind.NO_VERSION,
                "no version of model m serves events of 1970-01-01T00:00:00Z: activate one"));
  }

  @Test
  void rejectsNewSeriesOfFullPartition() {
    resolver.add(activation(FIRST, 1), FIRST);
    SeriesLimits limits = SeriesLimits.DEFAULT.with(1);
    PartitionEngine engine = engine(MigrationThrottle.UNLIMITED, limits);
    applied(engine.process(at("a", 0)));

    assertThat(engine.process(at("b", 0)))
        .isEqualTo(new EventOutcome.Rejected(RejectionKind.SERIES_LIMIT, limits.fullReason()));
    assertThat(store.series("b").get(StateKey.STATE)).isNull();

    engine.delete("a");
    applied(engine.process(at("b", 0)));
  }

  @Test
  void jumpIsAcceptedAtItsSecondEvent() {
    resolver.add(activation(FIRST, 1), FIRST);
    PartitionEngine engine = engine();
    applied(engine.process(at("a", 0)));
    int far = 3 * 366 * 24;

    assertThat(engine.process(at("a", far))).isInstanceOf(EventOutcome.Rejected.class);
    applied(engine.process(at("a", far + 1)));
    assertThat(engine.process(at("a", 5))).isInstanceOf(EventOutcome.Rejected.class);
    EventOutcome.Applied reset = applied(engine.process(at("a", 6)));

    assertThat(reset.asOfMs()).isEqualTo(6 * HOUR);
    assertThat(reset.result()).isInstanceOf(StepResult.Advanced.class);
  }

  /**
   * Every event earns 2 steps and nothing is saved, so after the first migration, of 24 steps, the
   * next one is covered at the twelfth event.
   */
  @Test
  void lateEventEarnsMigrationBudgetOnce() {
    resolver.add(activation(FIRST, 1), FIRST);
    PartitionEngine engine = engine(new MigrationThrottle(2, 0), SeriesLimits.DEFAULT);
    for (int hour = 0; hour < 30; hour++) {
      applied(engine.process(at("a", hour)));
      applied(engine.process(at("b", hour)));
    }
    resolver.add(activation(SECOND, 2), SECOND);
    assertThat(epoch(engine.process(at("a", 30)))).isEqualTo(2);
    for (int event = 0; event < 10; event++) {
      assertThat(applied(engine.process(at("a", 3))).result())
          .isInstanceOf(StepResult.Dropped.class);
    }

    EventOutcome.Applied eleventh = applied(engine.process(at("b", 30)));
    EventOutcome.Applied twelfth = applied(engine.process(at("b", 31)));

    assertThat(epoch(eleventh)).isEqualTo(1);
    assertThat(eleventh.selection().pendingEpoch()).isEqualTo(2);
    assertThat(epoch(twelfth)).isEqualTo(2);
    assertThat(twelfth.selection().pendingEpoch()).isZero();
  }

  @Test
  void lateEventMigratesNoSeries() {
    resolver.add(activation(FIRST, 1), FIRST);
    Activation later =
        new Activation("m", 2, SECOND.version(), Terms.serving(Scope.all(), 20 * HOUR), "");
    resolver.add(later, SECOND);
    PartitionEngine engine = engine();
    for (int hour = 0; hour < 30; hour++) {
      applied(engine.process(at("a", hour)));
    }

    EventOutcome.Applied late = applied(engine.process(at("a", 5)));

    assertThat(late.selection().version()).isNotNull();
    assertThat(epoch(late)).isEqualTo(2);
    assertThat(late.asOfMs()).isEqualTo(29 * HOUR);
  }

  @Test
  void shadowIsScoredOnTheOriginsOfTheServingVersion() {
    resolver.add(activation(FIRST, 1), FIRST);
    resolver.add(
        new Activation("m", 2, SECOND.version(), Terms.shadowing(Scope.all(), null), ""), SECOND);
    PartitionEngine engine = engine();
    List<Long> serving = new ArrayList<>();
    List<Long> shadow = new ArrayList<>();
    for (int hour = 0; hour < 100; hour++) {
      EventOutcome.Applied outcome = applied(engine.process(at("a", hour)));
      if (outcome.result() instanceof StepResult.Advanced advanced && advanced.score() != null) {
        serving.add(advanced.score().origin().timestampMs());
      }
      for (RoleScore score : outcome.scores()) {
        assertThat(score.role()).isEqualTo(Role.SHADOW);
        assertThat(score.failure()).isNull();
        shadow.add(score.score().origin().timestampMs());
      }
    }

    assertThat(shadow).isNotEmpty().isEqualTo(serving);
  }

  private static EventOutcome.Applied applied(EventOutcome outcome) {
    assertThat(outcome).isInstanceOf(EventOutcome.Applied.class);
    return (EventOutcome.Applied) outcome;
  }

  private static long epoch(EventOutcome outcome) {
    return Objects.requireNonNull(applied(outcome).selection().version()).activation().epoch();
  }

  private static Observation at(String series, int hour) {
    return new Observation(series, hour * HOUR, 5 + StrictMath.sin(hour / 5.0));
  }
}
