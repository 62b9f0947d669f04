package io.eddy.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The names that constants have in model files and options: their own, in lower case. */
final class EnumIds {
  private EnumIds() {}

  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name; throws {@link IllegalArgumentException} naming those there are. */
  static <E extends Enum<E>> E parse(Class<E> type, String what, String id) {
    E[] all = type.getEnumConstants();
    return Arrays.stream(all)
        .filter(constant -> of(constant).equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: expected %s, got %s"
                        .formatted(
                            what,
                            Arrays.stream(all).map(EnumIds::of).collect(Collectors.joining(", ")),
                            id)));
  }
}
