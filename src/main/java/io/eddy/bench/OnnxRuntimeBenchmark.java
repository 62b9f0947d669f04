package io.eddy.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
 * Times the step of {@link CellBenchmark} with ONNX Runtime's LSTM operator on one thread. Every
 * call passes the state in and out, since each series has its own state. Inputs are direct buffers,
 * which ONNX Runtime does not copy; the new state is copied back into them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class OnnxRuntimeBenchmark {
  private static final int LANES = CellBenchmark.LANES;

  /** H, units of the layer. */
  @Param({"16", "32", "64", "128", "256"})
  public int hiddenSize;

  @SuppressWarnings("NullAway.Init")
  private Lstm single;

  @SuppressWarnings("NullAway.Init")
  private Lstm batch;

  /** Opens a session for one series and one for a batch. */
  @Setup
  public void prepare() throws OrtException {
    single = new Lstm(hiddenSize, 1);
    batch = new Lstm(hiddenSize, LANES);
  }

  /** Closes the sessions. */
  @TearDown
  public void close() throws OrtException {
    single.close();
    batch.close();
  }

  /** Steps one series. */
  @Benchmark
  public FloatBuffer step() throws OrtException {
    return single.step();
  }

  /** Steps a batch of 64 series in one call; the time is per series. */
  @Benchmark
  @OperationsPerInvocation(LANES)
  public FloatBuffer batch() throws OrtException {
    return batch.step();
  }

  /** A session with the state of its last step. */
  private static final class Lstm {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final FloatBuffer input;
    private final long[] inputShape;
    private final FloatBuffer hiddenState;
    private final FloatBuffer cellState;
    private final long[] stateShape;

    Lstm(int hidden, int lanes) throws OrtException {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        session =
            environment.createSession(
                OnnxLstm.bytes(CellBenchmark.INPUT_SIZE, hidden, new Random(1)), options);
      }
      inputShape = new long[] {1, lanes, CellBenchmark.INPUT_SIZE};
      input = direct(lanes * CellBenchmark.INPUT_SIZE);
      float[] values = new float[input.capacity()];
      CellBenchmark.fill(values, new Random(1));
      input.put(values).rewind();
      stateShape = new long[] {1, lanes, hidden};
      hiddenState = direct(lanes * hidden);
      cellState = direct(lanes * hidden);
    }

    FloatBuffer step() throws OrtException {
      try (OnnxTensor x = OnnxTensor.createTensor(environment, input, inputShape);
          OnnxTensor h = OnnxTensor.createTensor(environment, hiddenState, stateShape);
          OnnxTensor c = OnnxTensor.createTensor(environment, cellState, stateShape);
          OrtSession.Result result =
              session.run(Map.of(OnnxLstm.INPUT, x, OnnxLstm.HIDDEN, h, OnnxLstm.CELL, c))) {
        copy(result, 0, hiddenState);
        copy(result, 1, cellState);
        return hiddenState;
      }
    }

    void close() throws OrtException {
      session.close();
    }

    private static void copy(OrtSession.Result result, int index, FloatBuffer to) {
      to.put(((OnnxTensor) result.get(index)).getFloatBuffer()).rewind();
    }

    private static FloatBuffer direct(int size) {
      return ByteBuffer.allocateDirect(size * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }
  }
}
