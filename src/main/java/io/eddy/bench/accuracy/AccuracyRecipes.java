package io.eddy.bench.accuracy;

import io.eddy.model.BaselineSpec;
import io.eddy.model.BuildVersion;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The recipe of every protocol. All hyper-parameters were chosen with {@code --hold-out}. */
final class AccuracyRecipes {
  private static final int DAY_OF_HOURS = 24;
  private static final int WEEK_OF_HALF_HOURS = 336;
  private static final int DAY_OF_QUARTERS = 96;
  private static final int MAX_GAP = 24;

  /** The reported quantile levels and the bounds of the 95 % interval. */
  private static final List<Double> WITH_BOUNDS =
      Stream.of(DoubleStream.of(0.025), levels(), DoubleStream.of(0.975))
          .flatMap(DoubleStream::boxed)
          .toList();

  private AccuracyRecipes() {}

  private static DoubleStream levels() {
    return AccuracyProtocol.QUANTILE_LEVELS.stream().mapToDouble(Double::doubleValue);
  }

  /** Members with different inputs and baselines; their mean is better than any of them. */
  static AccuracyRecipe m4Hourly(int horizon) {
    int day = DAY_OF_HOURS;
    int week = 7 * day;
    Inputs inputs = inputs(week, 2 * day, Transform.LOG).withError(week);
    Inputs narrow = inputs.withPatch(2 * day);
    ModelSpecification.Network dilated =
        new ModelSpecification.Network(CellKind.LSTM, 96, List.of(1, day));
    List<ModelSpecification> nets =
        List.of(
            m4Hourly(horizon, 15 * day).net(gru(128), inputs),
            m4Hourly(horizon, 15 * day).net(gru(128), narrow.withLags(day, week)),
            m4Hourly(horizon, 15 * day).net(dilated, inputs),
            m4Hourly(horizon, 2 * day).net(dilated, narrow),
            m4Hourly(horizon, 2 * day).net(dilated, narrow));
    return new AccuracyRecipe(
        rounds(2, nets),
        settings(12, new TrainingSettings.Optimiser(0.004, 0.1, 100), 200),
        new AccuracyRecipe.Combined(List.of(day, week), nets.size()),
        true,
        null);
  }

  private static Shape m4Hourly(int horizon, int lookBack) {
    return new Shape(
        Duration.ofHours(1),
        new ModelSpecification.Output(
            horizon, WITH_BOUNDS, new BaselineSpec(DAY_OF_HOURS, lookBack)),
        16 * DAY_OF_HOURS,
        "M4 Hourly");
  }

  /**
   * Members that read last week's values but do not use them as the baseline, since an exceptional
   * week, such as that of a storm, does not repeat.
   */
  static AccuracyRecipe nycTaxi(int horizon) {
    int day = 48;
    ModelSpecification log =
        nycTaxi(horizon, 0).net(gru(64), taxiInputs(WEEK_OF_HALF_HOURS, Transform.LOG));
    ModelSpecification plain =
        nycTaxi(horizon, 0).net(gru(64), taxiInputs(WEEK_OF_HALF_HOURS, Transform.NONE));
    ModelSpecification daily =
        nycTaxi(horizon, day).net(gru(64), taxiInputs(2 * day, Transform.LOG));
    return new AccuracyRecipe(
        rounds(4, List.of(log, plain, daily)),
        settings(6, new TrainingSettings.Optimiser(0.004, 0.3, 100), 100),
        new AccuracyRecipe.Combined(List.of(day, WEEK_OF_HALF_HOURS), 6),
        true,
        new AccuracyRecipe.Updates(
            Duration.ofDays(7), settings(1, new TrainingSettings.Optimiser(0.001, 0.3, 40), 200)));
  }

  private static Shape nycTaxi(int horizon, int season) {
    return new Shape(
        Duration.ofMinutes(30),
        new ModelSpecification.Output(
            horizon, AccuracyProtocol.QUANTILE_LEVELS, new BaselineSpec(season)),
        2 * WEEK_OF_HALF_HOURS,
        "New York taxi passengers");
  }

  private static Inputs taxiInputs(int halfLife, Transform transform) {
    return inputs(24, halfLife, transform).withLags(48, WEEK_OF_HALF_HOURS, 2 * WEEK_OF_HALF_HOURS);
  }

  static AccuracyRecipe ettM1(int horizon) {
    int week = 7 * DAY_OF_QUARTERS;
    ModelSpecification net =
        new Shape(
                Duration.ofMinutes(15),
                new ModelSpecification.Output(
                    horizon,
                    AccuracyProtocol.QUANTILE_LEVELS,
                    new BaselineSpec(DAY_OF_QUARTERS, week)),
                week,
                "ETTm1")
            .net(
                gru(64),
                inputs(DAY_OF_QUARTERS, 2 * DAY_OF_QUARTERS, Transform.NONE).withError(week));
    return new AccuracyRecipe(
        Collections.nCopies(6, net),
        settings(6, new TrainingSettings.Optimiser(0.004, 0, 100), 200),
        new AccuracyRecipe.Combined(List.of(DAY_OF_QUARTERS), 3),
        true,
        null);
  }

  static AccuracyRecipe ettH1(int horizon) {
    ModelSpecification net =
        new Shape(
                Duration.ofHours(1),
                new ModelSpecification.Output(
                    horizon,
                    AccuracyProtocol.QUANTILE_LEVELS,
                    new BaselineSpec(DAY_OF_HOURS, 14 * DAY_OF_HOURS, true)),
                14 * DAY_OF_HOURS,
                "ETTh1")
            .net(gru(32), inputs(DAY_OF_HOURS, 2 * DAY_OF_HOURS, Transform.NONE));
    return new AccuracyRecipe(
        List.of(net, net, net),
        settings(2, new TrainingSettings.Optimiser(0.0005, 1, 100), 100),
        new AccuracyRecipe.Combined(List.of(DAY_OF_HOURS), 3),
        false,
        null);
  }

  /** The part of a specification that all members of a protocol share. */
  private record Shape(
      Duration interval, ModelSpecification.Output output, int contextLength, String source) {
    ModelSpecification net(ModelSpecification.Network network, Inputs inputs) {
      return new ModelSpecification(
          network,
          new Sampling(interval, Aggregation.FIRST, MAX_GAP),
          new ModelSpecification.Inputs(
              inputs.patch(),
              true,
              inputs.halfLife(),
              inputs.errorHalfLife(),
              inputs.transform(),
              inputs.lags()),
          output,
          contextLength,
          new Provenance(source, 0, BuildVersion.number(), Map.of()));
    }
  }

  /** The inputs of a member. */
  private record Inputs(
      int patch, int halfLife, int errorHalfLife, Transform transform, List<Integer> lags) {
    Inputs withPatch(int steps) {
      return new Inputs(steps, halfLife, errorHalfLife, transform, lags);
    }

    Inputs withError(int steps) {
      return new Inputs(patch, halfLife, steps, transform, lags);
    }

    Inputs withLags(Integer... steps) {
      return new Inputs(patch, halfLife, errorHalfLife, transform, List.of(steps));
    }
  }

  private static Inputs inputs(int patch, int halfLife, Transform transform) {
    return new Inputs(patch, halfLife, 0, transform, List.of());
  }

  /** Repeats the members; every repetition is trained with other seeds. */
  private static List<ModelSpecification> rounds(int count, List<ModelSpecification> nets) {
    return Collections.nCopies(count, nets).stream().flatMap(List::stream).toList();
  }

  private static ModelSpecification.Network gru(int hiddenSize) {
    return new ModelSpecification.Network(CellKind.GRU, hiddenSize, List.of(1));
  }

  private static TrainingSettings settings(
      int epochs, TrainingSettings.Optimiser optimiser, int updates) {
    TrainingSettings.Batches defaults = TrainingSettings.Batches.DEFAULT;
    return new TrainingSettings(
        epochs,
        epochs,
        optimiser,
        new TrainingSettings.Batches(
            defaults.lanes(), defaults.truncationLength(), defaults.chunks(), updates),
        TrainingSettings.DEFAULT.seed());
  }
}
