package io.eddy.bench;

import io.eddy.model.Baseline;
import io.eddy.model.BaselineSpec;
import io.eddy.model.BuildVersion;
import io.eddy.model.Decoder;
import io.eddy.model.Head;
import io.eddy.model.InputEncoder;
import io.eddy.model.Member;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

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
    ModelSpecification specification =
        new ModelSpecification(
            network,
            new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
            new ModelSpecification.Inputs(2, true, 24),
            new ModelSpecification.Output(horizon, levels, new BaselineSpec(Math.min(24, context))),
            context,
            new Provenance("bench", seed, BuildVersion.number(), Map.of()));
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
