package io.eddy.cli.report;

import io.eddy.model.CombinationSpec;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The prior weights of a combination, as text. */
final class CombinationReport {
  /** Smaller weights are left out. */
  private static final double MIN_WEIGHT = 0.05;

  private CombinationReport() {}

  /** Returns the largest weights by steps ahead: {@code 1 to 3} → {@code net 80 %, last 15 %}. */
  static Map<String, String> weights(CombinationSpec combination) {
    Map<String, String> weights = new LinkedHashMap<>();
    int first = 1;
    for (CombinationSpec.Group group : combination.groups()) {
      String steps =
          first == group.lastStep()
              ? "step " + first
              : "steps " + first + " to " + group.lastStep();
      weights.put(steps, weights(combination.componentNames(), group.weights()));
      first = group.lastStep() + 1;
    }
    return weights;
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
