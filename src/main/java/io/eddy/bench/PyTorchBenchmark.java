package io.eddy.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Times the update of {@link TrainingBenchmark} with PyTorch, called through DJL: LSTM and linear
 * layer over whole sequences, squared error, autograd and Adam. Inputs are not copied and gradients
 * are not clipped.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class PyTorchBenchmark {
  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final ParameterStore parameters = new ParameterStore(manager, false);
  private final Optimizer adam =
      Optimizer.adam()
          .optLearningRateTracker(Tracker.fixed(TrainingBenchmark.LEARNING_RATE))
          .build();

  @SuppressWarnings("NullAway.Init")
  private Block net;

  @SuppressWarnings("NullAway.Init")
  private NDArray inputs;

  @SuppressWarnings("NullAway.Init")
  private NDArray targets;

  /** Creates a network, inputs and targets, time first, which is the fastest for PyTorch. */
  @Setup
  public void prepare() {
    int steps = TrainingBenchmark.SEQUENCE_LENGTH;
    int lanes = TrainingBenchmark.BATCH;
    Shape shape = new Shape(steps, lanes, TrainingBenchmark.INPUT_SIZE);
    net =
        new SequentialBlock()
            .add(
                LSTM.builder()
                    .setStateSize(TrainingBenchmark.HIDDEN_SIZE)
                    .setNumLayers(1)
                    .optBatchFirst(false)
                    .build())
            .add(Linear.builder().setUnits(1).build());
    net.initialize(manager, DataType.FLOAT32, shape);
    inputs = manager.randomNormal(shape);
    targets = manager.randomNormal(new Shape(steps, lanes, 1));
  }

  /** Frees the native memory. */
  @TearDown
  public void close() {
    manager.close();
  }

  /** Performs one update; the time is per sequence and step. */
  @Benchmark
  @OperationsPerInvocation(TrainingBenchmark.SEQUENCE_STEPS)
  public float update() {
    try (NDManager scratch = manager.newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      inputs.attach(scratch);
      NDArray forecast = net.forward(parameters, new NDList(inputs), true).singletonOrThrow();
      NDArray loss = forecast.sub(targets).square().mean();
      collector.backward(loss);
      inputs.attach(manager);
      for (Parameter parameter : net.getParameters().values()) {
        NDArray array = parameter.getArray();
        adam.update(parameter.getId(), array, array.getGradient());
      }
      return loss.getFloat();
    }
  }
}
