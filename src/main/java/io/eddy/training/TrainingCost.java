package io.eddy.training;

import io.eddy.model.Decoder;
import io.eddy.model.InputEncoder;
import io.eddy.model.ModelSpecification;

/**
 * Estimates the time of a training on two cores from the number of its operations, by constants
 * that were measured once.
 *
 * <p>With M multiply-adds of a forward step, a step of a lane costs 3M: forward, gradients of the
 * inputs, gradients of the weights. Loss and raw outputs cost a time per output.
 */
final class TrainingCost {
  private static final double SECONDS_PER_MULTIPLY_ADD = 1 / 45e9;
  private static final double SECONDS_PER_OUTPUT = 2.7e-9;
  private static final double SECONDS_PER_STEP = 0.45e-6;
  private static final int PASSES = 3;

  private TrainingCost() {}

  /** Returns the seconds that updates over {@code laneSteps} steps of lanes take. */
  static double seconds(ModelSpecification specification, double laneSteps) {
    Decoder.Sizes sizes = Decoder.Sizes.of(specification);
    double multiplyAdds = layers(specification) + decoder(sizes);
    return laneSteps
        * (PASSES * multiplyAdds * SECONDS_PER_MULTIPLY_ADD
            + sizes.rawSize() * SECONDS_PER_OUTPUT
            + SECONDS_PER_STEP);
  }

  private static double layers(ModelSpecification specification) {
    ModelSpecification.Network network = specification.network();
    double size = new InputEncoder(specification).size();
    double hidden = network.hiddenSize();
    double sum = 0;
    for (int layer = 0; layer < network.layers(); layer++) {
      sum += network.cell().gates() * hidden * (size + hidden);
      size = hidden;
    }
    return sum;
  }

  private static double decoder(Decoder.Sizes sizes) {
    return sizes.width() == 0
        ? (double) sizes.hiddenSize() * sizes.rawSize()
        : (double) sizes.width()
            * (sizes.hiddenSize() + sizes.horizon() * (sizes.rawPerStep() + sizes.covariates()));
  }
}
