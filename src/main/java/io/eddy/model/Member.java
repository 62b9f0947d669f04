package io.eddy.model;

import io.eddy.nn.CellStack;

/** A net of a model with its input encoder, head and baseline. Immutable and shared. */
public final class Member {
  private final ModelSpecification specification;
  private final InputEncoder encoder;
  private final CellStack stack;
  private final Head head;
  private final Baseline baseline;

  /** Creates a member. Stack, head and baseline must have the sizes of the specification. */
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

  /** Returns the encoder of the net's input. */
  public InputEncoder encoder() {
    return encoder;
  }

  /** Returns the recurrent layers. */
  public CellStack stack() {
    return stack;
  }

  public Head head() {
    return head;
  }

  /** Returns the baseline that the head's output corrects. */
  public Baseline baseline() {
    return baseline;
  }

  /** Returns a copy with other warm-up intervals. */
  public Member withWarmUpIntervals(WarmUpIntervals warmUpIntervals) {
    return new Member(specification.withWarmUpIntervals(warmUpIntervals), stack, head, baseline);
  }

  /** Returns a copy with another combination. */
  public Member withCombination(CombinationSpec combination) {
    return new Member(specification.withCombination(combination), stack, head, baseline);
  }

  /** Returns a copy with another provenance. */
  public Member withProvenance(Provenance provenance) {
    return new Member(specification.withProvenance(provenance), stack, head, baseline);
  }
}
