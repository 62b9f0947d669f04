package io.eddy.model;

import java.util.Map;

/**
 * Origin of a model.
 *
 * @param data training data: file, or topic with its range
 * @param seed of the training
 * @param codeVersion version of the trainer
 * @param scores errors on the test split, by name
 */
public record Provenance(String data, long seed, String codeVersion, Map<String, Double> scores) {
  public Provenance {
    scores = Map.copyOf(scores);
  }
}
