package io.eddy.training.choice;

import io.eddy.training.ModelPlan;
import io.eddy.training.TrainingSchedule.DataSize;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The choice of the size of the network by the size of the data.
 *
 * @param network with a hidden size
 * @param decisions with reasons
 */
record NetworkChoice(ModelPlan.Network network, List<Decision> decisions) {
  private static final int MAX_MEMBERS = 5;

  /** Number of steps from which networks are wider, and ensembles are trained. */
  private static final long MANY_STEPS = 20_000;

  /** Numbers of steps and series from which networks have the largest size. */
  private static final long VERY_MANY_STEPS = 100_000;

  private static final int MANY_SERIES = 50;

  static NetworkChoice of(ModelPlan plan, DataSize data) {
    ModelPlan.Network network = plan.network();
    if (network.hiddenSize() != null) {
      return new NetworkChoice(network, List.of());
    }
    int size = hiddenSize(data);
    return new NetworkChoice(
        new ModelPlan.Network(
            network.cells(), size, network.dilations(), network.dropout(), network.members()),
        List.of(
            new Decision(
                "hidden",
                "" + size,
                "%,d steps of %,d series".formatted(data.steps(), data.series()))));
  }

  private static int hiddenSize(DataSize data) {
    if (data.steps() < MANY_STEPS) {
      return ModelPlan.Network.DEFAULT_HIDDEN_SIZE;
    }
    return data.steps() < VERY_MANY_STEPS || data.series() < MANY_SERIES ? 64 : 96;
  }

  /**
   * Returns the size of the ensemble; 1 for the size that the plan requests.
   *
   * @param affordable number of members that can be trained on data
   */
  static int members(ModelPlan plan, DataSize data, ToIntFunction<DataSize> affordable) {
    List<Integer> patches = plan.inputs().patches();
    boolean isOpen =
        plan.network().members() == null
            && plan.network().cells().size() == 1
            && (patches == null || patches.size() == 1);
    return isOpen && data.steps() >= MANY_STEPS
        ? Math.min(MAX_MEMBERS, affordable.applyAsInt(data))
        : 1;
  }
}
