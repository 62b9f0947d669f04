package io.eddy.model;

/** Kind of decoder, which computes the raw outputs of the steps ahead from the hidden state. */
public enum DecoderKind {
  /** One linear layer for all steps ahead. */
  LINEAR,
  /** A small net per step ahead, which takes the step's embedding and known-future covariates. */
  STEPS;

  /** Returns the kind with this {@link #id}. */
  public static DecoderKind of(String id) {
    return EnumIds.parse(DecoderKind.class, "decoder", id);
  }

  /** Returns the name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }
}
