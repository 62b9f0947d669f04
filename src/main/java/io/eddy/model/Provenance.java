package io.eddy.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Origin of a model.
 *
 * @param data training data: file, or topic with its range
 * @param seed of the training
 * @param codeVersion version of the trainer
 * @param scores errors on the test split, by name
 * @param training ranges of the data and epochs; null if they are unknown
 */
public record Provenance(
    String data,
    long seed,
    String codeVersion,
    Map<String, Double> scores,
    @Nullable TrainingRun training) {
  public Provenance {
    scores = Map.copyOf(scores);
  }

  /** Creates the provenance of a model whose training data have unknown ranges. */
  public Provenance(String data, long seed, String codeVersion, Map<String, Double> scores) {
    this(data, seed, codeVersion, scores, null);
  }
}
