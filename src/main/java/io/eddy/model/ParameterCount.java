package io.eddy.model;

import io.eddy.nn.CellKind;

/**
 * Size of a net including its head, or of all nets of a model.
 *
 * @param parameters number of weights in the model file
 * @param multiplyAdds multiply-adds of the products per step: G·H·(D + H) for each layer (the same
 *     for the LRU, whose two recurrent products read 2·H values), H·J·R for the head; with the
 *     steps decoder H·M + C·M + J·M·R, for consecutive origins
 * @param stateBytes bytes of state per series: d slots for each layer
 * @param slotBytes bytes of state that one step reads and writes: one slot for each layer
 */
public record ParameterCount(long parameters, long multiplyAdds, long stateBytes, long slotBytes) {
  /** Returns the size of all members of a model if their cells were of a given kind. */
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

  /** Returns the size of a specification's net. */
  public static ParameterCount of(ModelSpecification specification) {
    return of(specification, specification.network().cell());
  }

  /** Returns the size of a specification's net if its cells were of a given kind. */
  public static ParameterCount of(ModelSpecification specification, CellKind cell) {
    ModelSpecification.Network network = specification.network();
    long hidden = network.hiddenSize();
    long inputs = new InputEncoder(specification).size();
    long slot = hidden * cell.statesPerUnit() * Float.BYTES;
    long products = 0;
    long biases = 0;
    long state = 0;
    for (int dilation : network.dilations()) {
      products += hidden * cell.gates() * inputs;
      products += hidden * cell.recurrentGates() * hidden * cell.recurrentInputs();
      biases += hidden * (cell.gates() + cell.recurrentGates() + cell.rates());
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
    // Covariates of the data are rescaled for all steps; the decoder's sum counts those of one
    // step.
    long rescaled = (horizon - 1) * head.futureInputs().perStep() * width;
    long perStep = width * head.rawPerStep();
    biases += width + horizon * width + head.rawPerStep();
    return new ParameterCount(
        products + biases + decoder + perStep,
        products + decoder + rescaled + horizon * perStep,
        state,
        slot * network.layers());
  }
}
