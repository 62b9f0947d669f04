package io.eddy.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names of enum constants in model files and options: the constant in lower case. */
final class EnumIds {
  private EnumIds() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the constant with this name, or throws {@link IllegalArgumentException}. */
  static <E extends Enum<E>> E parse(Class<E> type, String what, String id) {
    E[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> of(constant).equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: expected %s, got %s"
                        .formatted(
                            what,
                            Arrays.stream(constants)
                                .map(EnumIds::of)
                                .collect(Collectors.joining(", ")),
                            id)));
  }
}
