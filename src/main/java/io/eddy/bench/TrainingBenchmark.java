package io.eddy.bench;

import io.eddy.model.BaselineSpec;
import io.eddy.model.BuildVersion;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.RepeatedUpdate;
import io.eddy.training.TrainingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Times one update of {@code eddy train} per sequence and step of its batch: inputs, LSTM and
 * linear head forward, squared error, both backward, gradient clipping, Adam.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class TrainingBenchmark {
  static final int INPUT_SIZE = 8;
  static final int HIDDEN_SIZE = 64;
  static final int SEQUENCE_LENGTH = 96;
  static final int BATCH = 32;
  static final int SEQUENCE_STEPS = SEQUENCE_LENGTH * BATCH;
  static final float LEARNING_RATE = 1e-3f;

  private static final long SEED = 1;

  /** Threads of the training. */
  @Param("1")
  public int threads;

  @SuppressWarnings("NullAway.Init")
  private RepeatedUpdate update;

  /** Creates a network and its training series. */
  @Setup
  public void prepare() {
    update =
        new RepeatedUpdate(
            specification(),
            series(),
            new TrainingSettings(
                1,
                1,
                TrainingSettings.Optimiser.DEFAULT.withLearningRate(LEARNING_RATE),
                new TrainingSettings.Batches(BATCH, SEQUENCE_LENGTH, 1, 1),
                SEED),
            threads);
  }

  /** Stops the threads. */
  @TearDown
  public void close() {
    update.close();
  }

  /** Performs one update; the time is per sequence and step. */
  @Benchmark
  @OperationsPerInvocation(SEQUENCE_STEPS)
  public double update() {
    return update.run();
  }

  /** The inputs are the last INPUT_SIZE − 1 values and a flag for an imputed step. */
  private static ModelSpecification specification() {
    return new ModelSpecification(
        new ModelSpecification.Network(CellKind.LSTM, HIDDEN_SIZE, List.of(1)),
        new Sampling(Duration.ofMinutes(1), Aggregation.MEAN, 0),
        new ModelSpecification.Inputs(INPUT_SIZE - 1, false, SEQUENCE_LENGTH),
        new ModelSpecification.Output(
            1, HeadKind.POINT, LossKind.SQUARED, List.of(), BaselineSpec.NAIVE),
        SEQUENCE_LENGTH,
        new Provenance("noise", SEED, BuildVersion.number(), Map.of()));
  }

  private static List<SteppedSeries> series() {
    Random random = new Random(SEED);
    List<SteppedSeries> series = new ArrayList<>();
    for (int lane = 0; lane < BATCH; lane++) {
      double[] values = random.doubles(2 * SEQUENCE_LENGTH).toArray();
      series.add(new SteppedSeries("series-" + lane, 0, values));
    }
    return series;
  }
}
