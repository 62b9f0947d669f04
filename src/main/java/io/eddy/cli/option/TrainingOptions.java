package io.eddy.cli.option;

import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.cli.terminal.UsageException;
import io.eddy.training.TrainingSettings;
import picocli.CommandLine.Option;

/** The options that control how a model is trained. */
@OptionGroup(Section.TRAINING)
public final class TrainingOptions {
  @Within(min = 1, max = 100_000)
  @OptionGroup(Section.COMMON)
  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "30",
      description = "Maximum number of epochs. Default: ${DEFAULT-VALUE}.")
  private int epochs;

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
      defaultValue = "0",
      description = "Decoupled weight decay (AdamW). Default: ${DEFAULT-VALUE}.")
  private double weightDecay;

  @Within(max = 1e9)
  @Option(
      names = "--average",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Use an exponential moving average of the weights with a half-life of N updates. An epoch"
              + " has 200 updates. 0 disables averaging. Default: ${DEFAULT-VALUE}.")
  private double averageHalfLife;

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
              + " widths, patches and dilations, starting with a tenth of the epochs. The candidate"
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
   * Returns the training settings.
   *
   * @throws UsageException if a value is out of range
   */
  public TrainingSettings settings() {
    try {
      return new TrainingSettings(
          epochs,
          TrainingSettings.DEFAULT.patience(),
          new TrainingSettings.Optimiser(learningRate, weightDecay, averageHalfLife),
          TrainingSettings.DEFAULT.batches(),
          seed);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the number of candidates of the search; 1 for no search. */
  public int candidates() {
    return candidates;
  }

  public int threads() {
    return threads;
  }
}
