package io.eddy.model;

import io.eddy.nn.CellStack;

/** One net of a model with all that it takes to forecast by it: immutable, shared. */
public final class Member {
  private final ModelSpecification specification;
  private final InputEncoder encoder;
  private final CellStack stack;
  private final Head head;
  private final Baseline baseline;

  /** A net: stack, head and base are of the specification's sizes. */
  public Member(ModelSpecification specification, CellStack stack, Head head, Baseline baseline) {
    this.specification = specification;
    this.encoder = new InputEncoder(specification);
    this.stack = stack;
    this.head = head;
    this.baseline = baseline;
  }

  public ModelSpecification specification() {
    return specification;
  }

  /** Makes the net's input. */
  public InputEncoder encoder() {
    return encoder;
  }

  /** The recurrent layers. */
  public CellStack stack() {
    return stack;
  }

  public Head head() {
    return head;
  }

  /** What the head's forecast corrects. */
  public Baseline baseline() {
    return baseline;
  }

  /** The same net with other quantiles while a series is cold. */
  public Member withWarmUpIntervals(WarmUpIntervals warmUpIntervals) {
    return new Member(specification.withWarmUpIntervals(warmUpIntervals), stack, head, baseline);
  }

  /** The same net under that provenance. */
  public Member withProvenance(Provenance provenance) {
    return new Member(specification.withProvenance(provenance), stack, head, baseline);
  }
}
