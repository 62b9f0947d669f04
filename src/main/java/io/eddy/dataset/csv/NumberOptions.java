package io.eddy.dataset.csv;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a CSV file.
 *
 * @param decimal decimal separator, a point or a comma; null to detect it
 * @param missing further texts that stand for a missing value
 */
public record NumberOptions(@Nullable Character decimal, Set<String> missing) {
  /** Detects the decimal separator. */
  public static final NumberOptions DETECT = new NumberOptions(null, Set.of());

  public NumberOptions {
    if (decimal != null && decimal != '.' && decimal != ',') {
      throw new IllegalArgumentException("decimal: expected . or , got '%s'".formatted(decimal));
    }
    missing = Set.copyOf(missing);
  }
}
