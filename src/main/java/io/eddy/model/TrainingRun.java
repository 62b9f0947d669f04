package io.eddy.model;

import java.time.Instant;
import java.util.List;

/**
 * The data that a model was trained on, and the number of epochs.
 *
 * @param ranges of the data's time
 * @param epochs number of epochs whose weights each member has; 0 for its initial weights
 * @param isRefitted whether the weights were trained again on all data after the measurement
 */
public record TrainingRun(Ranges ranges, List<Integer> epochs, boolean isRefitted) {
  public TrainingRun {
    epochs = List.copyOf(epochs);
    for (int count : epochs) {
      if (count < 0) {
        throw new IllegalArgumentException(
            "provenance.training.epochs: expected numbers of at least 0, got " + epochs);
      }
    }
  }

  /**
   * Consecutive parts of the data's time. Equal times mark an empty part.
   *
   * @param begin start of the first step
   * @param trainingEnd start of the first step after the training part
   * @param validationEnd start of the first step after the validation part, where the test part
   *     begins
   * @param end start of the first step after the data
   */
  public record Ranges(Instant begin, Instant trainingEnd, Instant validationEnd, Instant end) {
    public Ranges {
      if (trainingEnd.isBefore(begin)
          || validationEnd.isBefore(trainingEnd)
          || end.isBefore(validationEnd)) {
        throw new IllegalArgumentException(
            "provenance.training: expected begin, trainingEnd, validationEnd and end in order, got"
                + " %s, %s, %s and %s".formatted(begin, trainingEnd, validationEnd, end));
      }
    }
  }

  /**
   * Returns the start of the first step that the model learned nothing from: the end of the data
   * after a refit, otherwise the start of the test part.
   */
  public Instant learnedUntil() {
    return isRefitted ? ranges.end() : ranges.validationEnd();
  }
}
