package io.eddy.cli;

import io.eddy.cell.CellKind;
import io.eddy.model.BaseForecast;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The recipe of every protocol. All that is chosen was chosen by {@code --hold-out}. */
final class AccuracyRecipes {
  private static final int DAY_OF_HOURS = 24;
  private static final int WEEK_OF_HALF_HOURS = 336;
  private static final int DAY_OF_QUARTERS = 96;
  private static final int MAX_GAP = 24;

  /** The nine, and the bounds of the interval of 95 %. */
  private static final List<Double> WITH_BOUNDS =
      Stream.of(DoubleStream.of(0.025), levels(), DoubleStream.of(0.975))
          .flatMap(DoubleStream::boxed)
          .toList();

  private AccuracyRecipes() {}

  private static DoubleStream levels() {
    return AccuracyProtocol.NINE.stream().mapToDouble(Double::doubleValue);
  }

  static AccuracyRecipe m4Hourly(int horizon) {
    ModelSpecification specification =
        new ModelSpecification(
            gru(64),
            sampling(Duration.ofHours(1)),
            new ModelSpecification.Inputs(24, true, 48, 168, Transform.NONE),
            new ModelSpecification.Output(horizon, WITH_BOUNDS, new BaseForecast(DAY_OF_HOURS)),
            7 * DAY_OF_HOURS + 96,
            provenance("M4 Hourly"));
    return new AccuracyRecipe(List.of(specification), settings(15), horizon, true, null);
  }

  static AccuracyRecipe nycTaxi(int horizon) {
    ModelSpecification specification =
        new ModelSpecification(
            gru(64),
            sampling(Duration.ofMinutes(30)),
            new ModelSpecification.Inputs(48, true, WEEK_OF_HALF_HOURS),
            new ModelSpecification.Output(
                horizon, AccuracyProtocol.NINE, new BaseForecast(WEEK_OF_HALF_HOURS)),
            2 * WEEK_OF_HALF_HOURS,
            provenance("New York taxi passengers"));
    return new AccuracyRecipe(
        List.of(specification),
        settings(15),
        2 * WEEK_OF_HALF_HOURS,
        true,
        new AccuracyRecipe.Updates(Duration.ofDays(7), settings(1, 0.001)));
  }

  static AccuracyRecipe ettM1(int horizon) {
    ModelSpecification specification =
        new ModelSpecification(
            gru(64),
            sampling(Duration.ofMinutes(15)),
            new ModelSpecification.Inputs(
                48, true, DAY_OF_QUARTERS, 7 * DAY_OF_QUARTERS, Transform.NONE),
            new ModelSpecification.Output(
                horizon, AccuracyProtocol.NINE, new BaseForecast(DAY_OF_QUARTERS)),
            3 * DAY_OF_QUARTERS,
            provenance("ETTm1"));
    return new AccuracyRecipe(
        List.of(specification), settings(15), 28 * DAY_OF_QUARTERS, true, null);
  }

  static AccuracyRecipe ettH1(int horizon) {
    ModelSpecification specification =
        new ModelSpecification(
            gru(64),
            sampling(Duration.ofHours(1)),
            new ModelSpecification.Inputs(48, true, 7 * DAY_OF_HOURS),
            new ModelSpecification.Output(
                horizon, AccuracyProtocol.NINE, new BaseForecast(DAY_OF_HOURS, 14 * DAY_OF_HOURS)),
            14 * DAY_OF_HOURS,
            provenance("ETTh1"));
    return new AccuracyRecipe(List.of(specification), settings(10), 2880, false, null);
  }

  private static ModelSpecification.Network gru(int hiddenSize) {
    return new ModelSpecification.Network(CellKind.GRU, hiddenSize, List.of(1));
  }

  private static Sampling sampling(Duration interval) {
    return new Sampling(interval, Aggregation.FIRST, MAX_GAP);
  }

  private static Provenance provenance(String source) {
    return new Provenance(source, 0, Version.number(), Map.of());
  }

  private static TrainingSettings settings(int epochs) {
    return settings(epochs, TrainingSettings.DEFAULT.optimiser().learningRate());
  }

  private static TrainingSettings settings(int epochs, double learningRate) {
    TrainingSettings usual = TrainingSettings.DEFAULT;
    return new TrainingSettings(
        epochs, usual.patience(), learningRate, usual.batches(), usual.seed());
  }
}
