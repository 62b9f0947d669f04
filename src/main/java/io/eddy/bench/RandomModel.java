package io.eddy.bench;

import io.eddy.model.Baseline;
import io.eddy.model.BaselineSpec;
import io.eddy.model.BuildVersion;
import io.eddy.model.CombinationSpec;
import io.eddy.model.Decoder;
import io.eddy.model.Head;
import io.eddy.model.InputEncoder;
import io.eddy.model.Member;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.WarmUpIntervals;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.training.ModelPlan;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Model files with random weights, which cost as much as trained ones. */
public final class RandomModel {
  private RandomModel() {}

  /**
   * Returns the file of an hourly model.
   *
   * @param network of one layer
   * @param levels quantile levels
   * @param horizon steps ahead
   * @param context W
   */
  public static byte[] file(
      ModelSpecification.Network network,
      List<Double> levels,
      int horizon,
      int context,
      long seed) {
    return file(specification(network, levels, horizon, context, seed), seed);
  }

  /**
   * Returns the file of an hourly model with all that a trained one has: calibration, warm-up
   * intervals, and a combination with simple forecasts in three groups of steps ahead.
   *
   * @param network of one layer
   * @param levels quantile levels
   * @param horizon steps ahead
   * @param context W
   */
  static byte[] combined(
      ModelSpecification.Network network,
      List<Double> levels,
      int horizon,
      int context,
      long seed) {
    return file(
        calibrated(specification(network, levels, horizon, context, seed))
            .withCombination(combination(horizon)),
        seed);
  }

  /** Returns the file of such a model without a combination. */
  static byte[] calibrated(
      ModelSpecification.Network network,
      List<Double> levels,
      int horizon,
      int context,
      long seed) {
    return file(calibrated(specification(network, levels, horizon, context, seed)), seed);
  }

  private static ModelSpecification calibrated(ModelSpecification plain) {
    int groups = WarmUpIntervals.groupOf(plain.output().horizon()) + 1;
    int rows = WarmUpIntervals.groupOf(plain.contextLength()) + 1;
    WarmUpIntervals intervals =
        new WarmUpIntervals(
            Collections.nCopies(groups, 0.1),
            Collections.nCopies(rows, Collections.nCopies(groups, 1.2)));
    ModelSpecification.Output output =
        plain
            .output()
            .withCalibrationRate(ModelPlan.Head.DEFAULT_CALIBRATION_RATE)
            .withWarmUpIntervals(intervals);
    return new ModelSpecification(
        plain.network(),
        plain.sampling(),
        plain.inputs(),
        output,
        plain.contextLength(),
        plain.provenance());
  }

  private static CombinationSpec combination(int horizon) {
    CombinationSpec.Adjustment adjustment = new CombinationSpec.Adjustment(0.25, 0.9);
    CombinationSpec.Season day = new CombinationSpec.Season(24, 0.2, adjustment, adjustment);
    List<CombinationSpec.Group> groups =
        IntStream.of(3, 8, horizon)
            .map(last -> Math.min(last, horizon))
            .distinct()
            .mapToObj(
                last ->
                    new CombinationSpec.Group(
                        last, Collections.nCopies(6, 1 / 6.0), Collections.nCopies(5, 1.0)))
            .toList();
    return new CombinationSpec(
        0.1,
        new CombinationSpec.Trend(0.2, 0.1, 0.9),
        List.of(day),
        CombinationSpec.Learning.DEFAULT,
        groups);
  }

  private static ModelSpecification specification(
      ModelSpecification.Network network,
      List<Double> levels,
      int horizon,
      int context,
      long seed) {
    return new ModelSpecification(
        network,
        new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(2, true, 24),
        new ModelSpecification.Output(horizon, levels, new BaselineSpec(Math.min(24, context))),
        context,
        new Provenance("bench", seed, BuildVersion.number(), Map.of()));
  }

  private static byte[] file(ModelSpecification specification, long seed) {
    ModelSpecification.Network network = specification.network();
    SplittableRandom random = new SplittableRandom(seed);
    LayerParameters.Sizes sizes =
        new LayerParameters.Sizes(new InputEncoder(specification).size(), network.hiddenSize());
    CellStack stack =
        new CellStack(List.of(LayerParameters.random(network.cell(), sizes, random)), List.of(1));
    Head head = new Head(specification, Decoder.random(specification, 1, random));
    Baseline baseline = new Baseline(specification, null);
    return ModelFile.of(List.of(new Member(specification, stack, head, baseline))).bytes();
  }
}
