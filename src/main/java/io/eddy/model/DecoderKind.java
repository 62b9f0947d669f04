package io.eddy.model;

/** How the raw outputs of the steps ahead are made of the hidden state. */
public enum DecoderKind {
  /** One linear layer for all steps ahead. */
  LINEAR,
  /** One small net for every step ahead, told which step it is and what its calendar will be. */
  STEPS;

  /** The kind of that {@link #id}. */
  public static DecoderKind of(String id) {
    return EnumIds.parse(DecoderKind.class, "decoder", id);
  }

  /** Name in model files and options. */
  public String id() {
    return EnumIds.of(this);
  }
}
