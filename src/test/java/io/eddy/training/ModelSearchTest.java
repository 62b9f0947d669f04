package io.eddy.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.BaselineSpec;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ModelSearchTest {
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(
          20,
          5,
          TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01),
          new TrainingSettings.Batches(16, 16, 2, 10),
          3);

  @Test
  void keepsBetterHalfUntilOneRemains() {
    List<ModelSearch.Candidate> candidates = search(5, 2);

    assertThat(candidates).extracting(ModelSearch.Candidate::epochs).containsExactly(8, 8, 4, 2, 2);
    assertThat(candidates.get(0).loss()).isLessThanOrEqualTo(candidates.get(1).loss());
    assertThat(candidates.get(3).loss()).isLessThanOrEqualTo(candidates.get(4).loss());
    assertThat(candidates).extracting(ModelSearch.Candidate::specification).doesNotHaveDuplicates();
  }

  @Test
  void resultDoesNotDependOnThreads() {
    assertThat(search(4, 1)).isEqualTo(search(4, 3));
  }

  @Test
  void selectsCandidateThatCoversSeason() {
    List<ModelSearch.Candidate> candidates = search(8, 2);

    ModelSpecification best = candidates.get(0).specification();
    assertThat(best.inputs().patch()).isGreaterThan(1);
  }

  @Test
  void candidatesIncludeInitialSpecification() {
    ModelSearch search = new ModelSearch(specification(), SETTINGS, 1);

    List<ModelSpecification> candidates = search.candidates(1000);

    assertThat(candidates).startsWith(specification()).doesNotHaveDuplicates();
    assertThat(candidates).hasSizeBetween(30, 200);
    assertThat(candidates)
        .allMatch(candidate -> candidate.output().horizon() == specification().output().horizon());
    assertThat(candidates)
        .extracting(candidate -> candidate.output().baseline().seasonSteps())
        .containsOnly(0, 24);
    assertThat(search.candidates(7)).isEqualTo(candidates.subList(0, 7));
  }

  private static List<ModelSearch.Candidate> search(int count, int threads) {
    List<SteppedSeries> series = seasonalSeries();
    return new ModelSearch(specification(), SETTINGS, threads)
        .run(series, TimeSplit.of(series), count, TrainingListener.NONE);
  }

  private static ModelSpecification specification() {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.GRU, 8, List.of(1)),
        new Sampling(Duration.ofHours(1), Aggregation.FIRST, 3),
        new ModelSpecification.Inputs(1, false, 48),
        new ModelSpecification.Output(6, List.of(0.5), BaselineSpec.NAIVE),
        24,
        new Provenance("", 0, "", Map.of()));
  }

  /** Returns series with a random season of 12 steps and a little noise. */
  private static List<SteppedSeries> seasonalSeries() {
    SplittableRandom random = new SplittableRandom(5);
    List<SteppedSeries> series = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      double[] shape = random.doubles(12).toArray();
      double[] values = new double[300];
      for (int t = 0; t < values.length; t++) {
        values[t] = shape[t % 12] + 0.05 * random.nextGaussian();
      }
      series.add(new SteppedSeries("series-" + s, 1000, values));
    }
    return series;
  }
}
