package io.eddy.cli.option;

import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.cli.terminal.UsageException;
import io.eddy.training.AutomaticSchedule;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingSchedule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that control how a model is trained. */
@OptionGroup(Section.TRAINING)
public final class TrainingOptions {
  @Within(min = 1, max = 100_000)
  @OptionGroup(Section.COMMON)
  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Maximum number of epochs. Training stops earlier when the validation loss stops"
              + " improving. Default: derived from the size of the data and --budget.")
  private @Nullable Integer epochs;

  @Within(min = 1)
  @OptionGroup(Section.COMMON)
  @Option(
      names = "--budget",
      paramLabel = "DURATION",
      description =
          "Time that the training may take on two cores, for example PT5M. It is converted to a"
              + " number of updates by counting operations, so the result does not depend on the"
              + " speed of the machine. Default: derived from the size of the"
              + " data, 24 seconds for 1,000 values, 6 minutes for 230,000 to 3 million, then 2 minutes"
              + " per million.")
  private @Nullable Duration budget;

  @OptionGroup(Section.COMMON)
  @Option(
      names = "--no-refit",
      description =
          "Keep the measured model, which has learned from the first 85 %% of the data only."
              + " Default: after the measurement, the model is trained again on all data.")
  private boolean isNoRefit;

  @Option(
      names = "--no-combination",
      description =
          "Forecast with the network alone. Default: the forecast is a weighted mean of the network's"
              + " and of simple forecasts. The weights follow the errors of each series.")
  private boolean isNoCombination;

  @Within(isMinExclusive = true, max = 10)
  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.004",
      description = "Learning rate of Adam. Default: ${DEFAULT-VALUE}.")
  private double learningRate;

  @Within(max = 100)
  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0.3",
      description = "Decoupled weight decay (AdamW). Default: ${DEFAULT-VALUE}.")
  private double weightDecay;

  @Within(max = 1e9)
  @Option(
      names = "--average",
      paramLabel = "N",
      description =
          "Use an exponential moving average of the weights with a half-life of N updates. 0"
              + " disables averaging. Default: a sixteenth of all updates.")
  private @Nullable Double averageHalfLife;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Random seed. The same data, options and seed give the same file, byte for byte. Default:"
              + " ${DEFAULT-VALUE}.")
  private long seed;

  @Within(min = 1, max = 1000)
  @Option(
      names = "--search",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Search hyper-parameters by successive halving over N candidates with other cells,"
              + " widths, patches, dilations and seasons, starting with a tenth of the epochs. The candidate"
              + " with the lowest validation loss is trained in full. Default: ${DEFAULT-VALUE}, no"
              + " search.")
  private int candidates;

  @Within(min = 1, max = 999)
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Number of threads. The result does not depend on it. Default: the number of cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * Returns how the training proceeds.
   *
   * @throws UsageException if options contradict each other
   */
  public TrainingSchedule schedule() {
    if (epochs != null && budget != null) {
      throw new UsageException("--epochs and --budget exclude each other");
    }
    return new AutomaticSchedule(
        new AutomaticSchedule.Length(epochs, budget, !isNoRefit),
        new AutomaticSchedule.Rates(learningRate, weightDecay, averageHalfLife),
        seed);
  }

  /** Returns the stages besides the training. */
  public TrainingRequest.Stages stages() {
    return new TrainingRequest.Stages(candidates, !isNoRefit, !isNoCombination);
  }

  public int threads() {
    return threads;
  }
}
