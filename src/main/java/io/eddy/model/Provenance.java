package io.eddy.model;

import java.util.Map;

/**
 * Where a model came from.
 *
 * @param data what it was trained on: file or topic with its range
 * @param seed of the training run
 * @param codeVersion of the trainer
 * @param scores errors on data that it did not train on, by name
 */
public record Provenance(String data, long seed, String codeVersion, Map<String, Double> scores) {
  public Provenance {
    scores = Map.copyOf(scores);
  }
}
