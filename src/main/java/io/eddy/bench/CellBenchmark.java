package io.eddy.bench;

import io.eddy.nn.Backpropagation;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.nn.LayerParameters;
import io.eddy.nn.StackState;
import io.eddy.nn.Workspace;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.Warmup;

/** Times one step of one layer, for one series and for each series of a batch. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CellBenchmark {
  static final int INPUT_SIZE = 8;
  static final int LANES = 64;

  private static final long SEED = 1;

  /** Name of a {@link CellKind}. */
  @Param({"RNN_TANH", "GRU", "LSTM", "SLSTM", "LRU"})
  public String cell = "";

  /** H, units of the layer. */
  @Param({"16", "32", "64", "128", "256"})
  public int hiddenSize;

  private final float[] input = new float[INPUT_SIZE];

  @SuppressWarnings("NullAway.Init")
  private CellStack stack;

  @SuppressWarnings("NullAway.Init")
  private StackState state;

  @SuppressWarnings("NullAway.Init")
  private Workspace workspace;

  @SuppressWarnings("NullAway.Init")
  private Backpropagation batch;

  private List<StackState> states = List.of();

  /** Creates the layer and zero states. */
  @Setup
  public void prepare() {
    Random random = new Random(SEED);
    LayerParameters.Sizes sizes = new LayerParameters.Sizes(INPUT_SIZE, hiddenSize);
    stack =
        new CellStack(
            List.of(LayerParameters.random(CellKind.valueOf(cell), sizes, random)), List.of(1));
    state = stack.newState();
    workspace = stack.newWorkspace();
    batch = new Backpropagation(stack, LANES, 1);
    states = Stream.generate(stack::newState).limit(LANES).toList();
    fill(input, random);
    fill(batch.inputs(), random);
  }

  /** Steps one series. */
  @Benchmark
  public float[] step() {
    stack.step(input, state, workspace);
    return workspace.output();
  }

  /** Steps a batch of {@value #LANES} series; the time is per series. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public float[] batch() {
    batch.forward(states);
    return batch.outputs();
  }

  static void fill(float[] values, Random random) {
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
  }
}
