package io.eddy.model;

import io.eddy.cell.CellStack;

/** A model ready to serve: immutable, shared by every thread. */
public final class Model {
  private final ModelVersion version;
  private final ModelSpecification specification;
  private final InputEncoder encoder;
  private final CellStack stack;
  private final Head head;
  private final Base base;

  Model(
      ModelVersion version,
      ModelSpecification specification,
      CellStack stack,
      Head head,
      Base base) {
    this.version = version;
    this.specification = specification;
    this.encoder = new InputEncoder(specification);
    this.stack = stack;
    this.head = head;
    this.base = base;
  }

  public ModelVersion version() {
    return version;
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
  public Base base() {
    return base;
  }
}
