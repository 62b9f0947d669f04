package io.eddy.cli.report;

import io.eddy.model.CombinationSpec;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The prior weights and the width of the intervals of a combination, as text. */
final class CombinationReport {
  /** Smaller weights are left out. */
  private static final double MIN_WEIGHT = 0.05;

  private CombinationReport() {}

  /**
   * Describes each group of steps ahead by its largest weights and the width of its intervals:
   * {@code steps 1 to 3} → {@code net 80 %, last 15 %; intervals widened by 12 %}.
   */
  static Map<String, String> groups(CombinationSpec combination) {
    Map<String, String> groups = new LinkedHashMap<>();
    int first = 1;
    for (CombinationSpec.Group group : combination.groups()) {
      String steps =
          first == group.lastStep()
              ? "step " + first
              : "steps " + first + " to " + group.lastStep();
      String weights = weights(combination.componentNames(), group.weights());
      groups.put(steps, weights + width(group.width()));
      first = group.lastStep() + 1;
    }
    return groups;
  }

  private static String width(double width) {
    long percent = Math.round(100 * (width - 1));
    if (percent == 0) {
      return "";
    }
    return "; intervals %s by %d %%"
        .formatted(percent > 0 ? "widened" : "narrowed", Math.abs(percent));
  }

  private static String weights(List<String> names, List<Double> weights) {
    return IntStream.range(0, names.size())
        .boxed()
        .filter(i -> weights.get(i) >= MIN_WEIGHT)
        .sorted(Comparator.comparing(weights::get).reversed())
        .map(i -> String.format(Locale.ROOT, "%s %.0f %%", names.get(i), 100 * weights.get(i)))
        .collect(Collectors.joining(", "));
  }
}
