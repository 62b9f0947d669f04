package io.eddy.training;

import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.util.Collection;
import java.util.List;

/**
 * Schedule of a training: {@link TrainingSettings}, or an {@link AutomaticSchedule} that derives
 * them from the model and the data.
 */
public sealed interface TrainingSchedule permits TrainingSettings, AutomaticSchedule {
  /** Returns the seed of all random generators. */
  long seed();

  /**
   * Returns the settings of every member's training.
   *
   * @param members specification of each member
   * @param data size of the training part
   */
  TrainingSettings settings(List<ModelSpecification> members, DataSize data);

  /**
   * Returns how many members like the given one can be trained in full, at least 1.
   *
   * @param data size of the training part
   */
  int affordableMembers(ModelSpecification member, DataSize data);

  /**
   * Size of a data set.
   *
   * @param series number of series
   * @param steps number of steps of all series
   */
  record DataSize(int series, long steps) {
    /** Returns the size of the training part. */
    public static DataSize of(Collection<SteppedSeries> series, TimeSplit split) {
      long steps = series.stream().mapToLong(s -> s.before(split.trainEnd()).size()).sum();
      return new DataSize(series.size(), steps);
    }
  }
}
