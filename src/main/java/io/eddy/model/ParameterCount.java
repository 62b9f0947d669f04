package io.eddy.model;

import io.eddy.nn.CellKind;

/**
 * How large the net of a specification is, head included, or the nets of a model together.
 *
 * @param parameters numbers in the model file
 * @param multiplyAdds of one step's products: G·H·(D + H) for each layer, H·J·R for the head; with
 *     a decoder of steps H·M + C·M + J·M·R, its origin being one step on
 * @param stateBytes of one series: d slots for each layer
 * @param slotBytes of the state that one step reads and writes: one slot for each layer
 */
public record ParameterCount(long parameters, long multiplyAdds, long stateBytes, long slotBytes) {
  /** The size that all members of a model would have together with cells of that kind. */
  public static ParameterCount of(Model model, CellKind cell) {
    return model.members().stream()
        .map(member -> of(member.specification(), cell))
        .reduce(new ParameterCount(0, 0, 0, 0), ParameterCount::plus);
  }

  private ParameterCount plus(ParameterCount other) {
    return new ParameterCount(
        parameters + other.parameters,
        multiplyAdds + other.multiplyAdds,
        stateBytes + other.stateBytes,
        slotBytes + other.slotBytes);
  }

  /** The size of a specification's net. */
  public static ParameterCount of(ModelSpecification specification) {
    return of(specification, specification.network().cell());
  }

  /** The size that it would have with cells of that kind. */
  public static ParameterCount of(ModelSpecification specification, CellKind cell) {
    ModelSpecification.Network network = specification.network();
    long hidden = network.hiddenSize();
    long inputs = new InputEncoder(specification).size();
    long slot = hidden * cell.statesPerUnit() * Float.BYTES;
    long products = 0;
    long biases = 0;
    long state = 0;
    for (int dilation : network.dilations()) {
      products += hidden * cell.gates() * (inputs + hidden);
      biases += 2 * hidden * cell.gates();
      state += slot * dilation;
      inputs = hidden;
    }
    Decoder.Sizes head = Decoder.Sizes.of(specification);
    long horizon = head.horizon();
    long width = head.width();
    if (width == 0) {
      long outputs = horizon * head.rawPerStep();
      products += hidden * outputs;
      biases += outputs;
      return new ParameterCount(products + biases, products, state, slot * network.layers());
    }
    long decoder = hidden * width + head.covariates() * width;
    // The columns' part of all steps but one.
    long anew = (horizon - 1) * head.futureInputs().perStep() * width;
    long each = width * head.rawPerStep();
    biases += width + horizon * width + head.rawPerStep();
    return new ParameterCount(
        products + biases + decoder + each,
        products + decoder + anew + horizon * each,
        state,
        slot * network.layers());
  }
}
