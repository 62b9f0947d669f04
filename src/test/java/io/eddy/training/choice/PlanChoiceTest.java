package io.eddy.training.choice;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.ModelSpecification;
import io.eddy.model.Transform;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.AutomaticSchedule;
import io.eddy.training.CovariateNames;
import io.eddy.training.ModelPlan;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanChoiceTest {
  private static final int STEPS = 1440;
  private static final Sampling HOURS = new Sampling(Duration.ofHours(1), Aggregation.FIRST, 24);

  private final Random random = new Random(1);

  @Test
  void seasonalNaiveFitsExactSeason() {
    ModelSpecification model = choose(t -> 10 + 5 * sine(t, 24));

    assertThat(model.output().baseline().seasonSteps()).isEqualTo(24);
    assertThat(model.output().baseline().isLinear()).isFalse();
    assertThat(model.inputs().patch()).isEqualTo(24);
  }

  @Test
  void linearBaselineAveragesNoise() {
    ModelSpecification model = choose(t -> 50 + 5 * random.nextGaussian());

    assertThat(model.output().baseline().seasonSteps()).isZero();
    assertThat(model.output().baseline().lookBack()).isGreaterThanOrEqualTo(16);
  }

  @Test
  void naiveBaselineFitsRandomWalk() {
    double[] walk = values(t -> random.nextGaussian());
    Arrays.parallelPrefix(walk, Double::sum);

    ModelSpecification model = choose(t -> 1000 + walk[t]);

    assertThat(model.output().baseline().seasonSteps()).isZero();
    assertThat(model.output().baseline().lookBack()).isLessThanOrEqualTo(8);
  }

  @Test
  void linearBaselineFollowsTrend() {
    assertThat(choose(t -> 100 + 0.5 * t).output().baseline().isLinear()).isTrue();
    assertThat(choose(t -> 100 + 0.3 * t + 50 * sine(t, 24)).output().baseline().isLinear())
        .isTrue();
  }

  @Test
  void longerSeasonsBecomeLagsAndContext() {
    ModelSpecification model =
        choose(t -> 100 + 30 * sine(t, 24) - (t / 24 % 7 > 4 ? 25 : 0) + random.nextGaussian());

    assertThat(model.inputs().lags()).containsExactly(168);
    assertThat(model.contextLength()).isGreaterThanOrEqualTo(2 * 168);
  }

  @Test
  void logarithmsWhereNoiseGrowsWithLevel() {
    IntToDoubleFunction growing =
        t -> Math.exp(0.003 * t + sine(t, 24) + 0.1 * random.nextGaussian());

    assertThat(choose(growing).inputs().transform()).isEqualTo(Transform.LOG);
    assertThat(choose(t -> growing.applyAsDouble(t) - 5).inputs().transform())
        .isEqualTo(Transform.NONE);
    assertThat(choose(t -> 50 + 5 * sine(t, 24) + random.nextGaussian()).inputs().transform())
        .isEqualTo(Transform.NONE);
  }

  @Test
  void lookBackAndPatchDependOnAllSeriesTogether() {
    double[] weekly = values(t -> 100 + 30 * sine(t, 24) + 20 * sine(t, 168), 600);
    List<SteppedSeries> one = List.of(noisy(weekly));
    List<SteppedSeries> many = IntStream.range(0, 60).mapToObj(i -> noisy(weekly)).toList();

    ModelPlan ofOne = plan(ModelPlan.DEFAULT, one);
    ModelPlan ofMany = plan(ModelPlan.DEFAULT, many);

    assertThat(ofOne.baseline().lookBack()).isBetween(2, 600 * 70 / 100 / 3);
    assertThat(ofMany.baseline().lookBack()).isGreaterThan(168);
  }

  @Test
  void membersOfEnsembleDifferInTheirPatch() {
    double[] weekly = values(t -> 100 + 30 * sine(t, 24) + 20 * sine(t, 168), 1000);
    List<SteppedSeries> many = IntStream.range(0, 30).mapToObj(i -> noisy(weekly)).toList();
    ModelPlan.Inputs automatic = ModelPlan.DEFAULT.inputs();
    ModelPlan given =
        ModelPlan.DEFAULT.withInputs(
            new ModelPlan.Inputs(
                List.of(12), null, null, automatic.covariates(), automatic.contextLength()));

    ModelPlan plan = plan(ModelPlan.DEFAULT, many);

    assertThat(plan.network().members()).isGreaterThan(2);
    assertThat(plan.inputs().patches()).containsExactly(24, 168);
    assertThat(plan(given, many).inputs().patches()).containsExactly(12);
  }

  @Test
  void manySeriesNeedLessGainOfLogarithms() {
    assertThat(LogTransform.maxErrorRatio(1)).isEqualTo(0.99);
    assertThat(LogTransform.maxErrorRatio(100)).isEqualTo(0.999);
  }

  @Test
  void optionsOverride() {
    ModelPlan automatic = ModelPlan.DEFAULT;
    ModelPlan requested =
        automatic
            .withBaseline(
                new ModelPlan.Baseline(List.of(12, 36), 30, false, ModelPlan.CorrectionUnit.ERROR))
            .withInputs(
                new ModelPlan.Inputs(
                    List.of(5), List.of(7), Transform.LOG, CovariateNames.NONE, 99))
            .withNetwork(new ModelPlan.Network(automatic.network().cells(), 17, List.of(1), 0, 2));

    PlanChoice choice = choice(requested, values(t -> 10 + 5 * sine(t, 24)));

    ModelPlan plan = (ModelPlan) choice.definition();
    assertThat(plan.baseline()).isEqualTo(requested.baseline());
    assertThat(plan.inputs()).isEqualTo(requested.inputs());
    assertThat(plan.network()).isEqualTo(requested.network());
    assertThat(choice.seasons()).containsExactly(12, 36);
  }

  @Test
  void everyChoiceHasAReason() {
    PlanChoice choice = choice(ModelPlan.DEFAULT, values(t -> 10 + 5 * sine(t, 24)));

    assertThat(choice.decisions())
        .extracting(Decision::property)
        .contains("season", "look-back", "patch", "hidden");
    assertThat(choice.decisions().get(0).toString())
        .isEqualTo("season: 24 (explains 100 % of the variance)");
  }

  @Test
  void ignoresTestPart() {
    double[] x = values(t -> 10 + 5 * sine(t, 24) + random.nextGaussian());
    double[] other = x.clone();
    Arrays.fill(other, STEPS * 85 / 100, STEPS, 1e6);

    assertThat(choice(ModelPlan.DEFAULT, other)).isEqualTo(choice(ModelPlan.DEFAULT, x));
  }

  @Test
  void fewDataGiveSmallModel() {
    double[] x = {3, 4, 3, 5, 3, 4, 6, 3, 4, 5, 3, 6};

    ModelSpecification model = model(choice(ModelPlan.DEFAULT, x), x);

    assertThat(model.output().baseline().lookBack()).isZero();
    assertThat(model.inputs().patch()).isEqualTo(1);
  }

  private static ModelSpecification choose(IntToDoubleFunction value) {
    double[] x = values(value);
    return model(choice(ModelPlan.DEFAULT, x), x);
  }

  private static ModelSpecification model(PlanChoice choice, double[] x) {
    List<SteppedSeries> series = List.of(new SteppedSeries("a", 0, x));
    return choice.definition().members(HOURS, series, TimeSplit.of(series)).get(0);
  }

  private SteppedSeries noisy(double[] x) {
    double level = 1 + random.nextDouble();
    double[] noisy = Arrays.stream(x).map(v -> level * v + random.nextGaussian()).toArray();
    return new SteppedSeries("s" + random.nextLong(), 0, noisy);
  }

  private static ModelPlan plan(ModelPlan requested, List<SteppedSeries> series) {
    return (ModelPlan)
        PlanChoice.of(
                new TrainingRequest(requested, AutomaticSchedule.DEFAULT, 1),
                HOURS,
                series,
                TimeSplit.of(series))
            .definition();
  }

  private static PlanChoice choice(ModelPlan plan, double[] x) {
    List<SteppedSeries> series = List.of(new SteppedSeries("a", 0, x));
    return PlanChoice.of(
        new TrainingRequest(plan, TrainingSettings.DEFAULT, 1),
        HOURS,
        series,
        TimeSplit.of(series));
  }

  private static double[] values(IntToDoubleFunction value) {
    return values(value, STEPS);
  }

  private static double[] values(IntToDoubleFunction value, int steps) {
    return IntStream.range(0, steps).mapToDouble(value).toArray();
  }

  private static double sine(int t, double period) {
    return Math.sin(2 * Math.PI * t / period);
  }
}
