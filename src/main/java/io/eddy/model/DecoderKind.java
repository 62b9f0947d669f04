package io.eddy.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the raw outputs of the steps ahead are made of the hidden state. */
public enum DecoderKind {
  /** One linear layer for all steps ahead. */
  LINEAR,
  /** One small net for every step ahead, told which step it is and what its calendar will be. */
  STEPS;

  /** The kind of that {@link #id}. */
  public static DecoderKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "decoder: expected %s, got %s"
                        .formatted(
                            Arrays.stream(values())
                                .map(DecoderKind::id)
                                .collect(Collectors.joining(" or ")),
                            id)));
  }

  /** Name in model files and options. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
