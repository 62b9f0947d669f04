package io.eddy.model;

import io.eddy.nn.Linear;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.FMatrixRMaj;

/**
 * A small net per step k ahead. All steps share its weights; they differ in their embedding E_k and
 * their known-future covariates c_{t+k} (after R. Wen et al., A multi-horizon quantile recurrent
 * forecaster, 2017):
 *
 * <pre>
 *   d_k = max(0, W_h h + b + E_k + W_c c_{t+k})     [M]
 *   o_k = W_o d_k + b_o                             [R]
 * </pre>
 *
 * W_h h is computed once for all steps. The calendar's part of W_c c is cached, because the next
 * forecast has J − 1 steps in common with this one: with C calendar covariates, a forecast whose
 * origin is the next step costs H·M + C·M + J·M·R multiply-adds, any other J·C·M instead of C·M.
 * Covariates of the data are rescaled at each origin and cost J·2F·M more. Embeddings and the
 * transposed W_c are stored as rows [M].
 */
public final class StepsDecoder implements Decoder {
  private final Linear shared;
  private final FMatrixRMaj[] embedding;
  private final FMatrixRMaj[] covariates;
  private final Linear output;
  private final FutureCovariateEncoder future;
  private final Sizes sizes;

  private StepsDecoder(
      Linear shared,
      FMatrixRMaj[] embedding,
      FMatrixRMaj[] covariates,
      Linear output,
      FutureCovariateEncoder future) {
    this.future = future;
    this.shared = shared;
    this.embedding = embedding;
    this.covariates = covariates;
    this.output = output;
    sizes =
        new Sizes(
            shared.inputSize(),
            shared.outputSize(),
            embedding.length,
            new FutureInputs(
                covariates.length - FutureInputs.INPUTS * future.sizes().columns(),
                future.sizes().columns()),
            output.outputSize());
  }

  /**
   * Creates a decoder from weights in PyTorch's layout, which are copied.
   *
   * @param shared W_h and b [H → M]
   * @param embedding E [J, M]
   * @param covariates W_c [M, C]; C may be 0
   * @param output W_o and b_o [M → R]
   * @param future encoder of the C covariates
   */
  public static StepsDecoder of(
      Linear shared,
      FMatrixRMaj embedding,
      FMatrixRMaj covariates,
      Linear output,
      FutureCovariateEncoder future) {
    int width = shared.outputSize();
    FMatrixRMaj[] rows = rows(embedding.numRows, width);
    for (int k = 0; k < rows.length; k++) {
      System.arraycopy(embedding.data, k * width, rows[k].data, 0, width);
    }
    FMatrixRMaj[] columns = rows(covariates.numCols, width);
    for (int i = 0; i < columns.length; i++) {
      for (int j = 0; j < width; j++) {
        columns[i].data[j] = covariates.data[j * columns.length + i];
      }
    }
    return new StepsDecoder(shared, rows, columns, output, future);
  }

  static StepsDecoder random(
      ModelSpecification specification, float bound, RandomGenerator random) {
    Sizes sizes = Sizes.of(specification);
    Linear shared = Linear.random(sizes.hiddenSize(), sizes.width(), 1, random);
    FMatrixRMaj[] embedding = rows(sizes.horizon(), sizes.width());
    fill(embedding, sizes.width(), random);
    FMatrixRMaj[] covariates = rows(sizes.covariates(), sizes.width());
    fill(covariates, sizes.covariates(), random);
    return new StepsDecoder(
        shared,
        embedding,
        covariates,
        Linear.random(sizes.width(), sizes.rawPerStep(), bound, random),
        new FutureCovariateEncoder(specification));
  }

  private static FMatrixRMaj[] rows(int count, int width) {
    FMatrixRMaj[] rows = new FMatrixRMaj[count];
    Arrays.setAll(rows, i -> new FMatrixRMaj(1, width));
    return rows;
  }

  private static void fill(FMatrixRMaj[] rows, int inputs, RandomGenerator random) {
    float limit = (float) (1 / Math.sqrt(inputs));
    for (FMatrixRMaj row : rows) {
      for (int j = 0; j < row.numCols; j++) {
        row.data[j] = limit * (2 * random.nextFloat() - 1);
      }
    }
  }

  /** Returns W_h and b [H → M]. */
  public Linear shared() {
    return shared;
  }

  /** Returns E [J, M]; a copy. */
  public FMatrixRMaj embedding() {
    FMatrixRMaj matrix = new FMatrixRMaj(sizes.horizon(), sizes.width());
    for (int k = 0; k < embedding.length; k++) {
      System.arraycopy(embedding[k].data, 0, matrix.data, k * sizes.width(), sizes.width());
    }
    return matrix;
  }

  /** Returns W_c in PyTorch's layout [M, C]; a copy. */
  public FMatrixRMaj covariateWeight() {
    FMatrixRMaj matrix = new FMatrixRMaj(sizes.width(), sizes.covariates());
    for (int i = 0; i < covariates.length; i++) {
      for (int j = 0; j < sizes.width(); j++) {
        matrix.data[j * covariates.length + i] = covariates[i].data[j];
      }
    }
    return matrix;
  }

  /** Returns W_o and b_o [M → R]. */
  public Linear output() {
    return output;
  }

  @Override
  public Sizes sizes() {
    return sizes;
  }

  @Override
  public void apply(float[] hidden, int offset, long origin, HeadWorkspace workspace) {
    shared.apply(hidden, offset, workspace.shared);
    future.fillForward(workspace.future, workspace.columns);
    for (int k = 0; k < embedding.length; k++) {
      units(k, known(k, origin, workspace), workspace);
      output.apply(workspace.units, 0, workspace.step);
      System.arraycopy(
          workspace.step, 0, workspace.raw, k * sizes.rawPerStep(), sizes.rawPerStep());
    }
  }

  /** Returns W_c c of step {@code k}, from 0, [M]. */
  private float[] known(int k, long origin, HeadWorkspace workspace) {
    float[] calendar = calendar(origin + 1 + k, workspace);
    int calendarCount = sizes.futureInputs().calendar();
    int count = covariates.length - calendarCount;
    if (count == 0) {
      return calendar;
    }
    float[] sum = workspace.knownSum;
    System.arraycopy(calendar, 0, sum, 0, sum.length);
    for (int i = 0; i < count; i++) {
      addScaled(workspace.columns[k * count + i], covariates[calendarCount + i].data, sum);
    }
    return sum;
  }

  /** Returns the calendar's part of W_c c [M], cached in the workspace. */
  private float[] calendar(long step, HeadWorkspace workspace) {
    int slot = (int) Math.floorMod(step, (long) embedding.length);
    float[] sum = workspace.known[slot];
    if (workspace.knownSteps[slot] != step) {
      workspace.knownSteps[slot] = step;
      Arrays.fill(sum, 0);
      future.writeCalendar(step, workspace.calendar);
      for (int i = 0; i < sizes.futureInputs().calendar(); i++) {
        addScaled(workspace.calendar[i], covariates[i].data, sum);
      }
    }
    return sum;
  }

  /** Computes d of step {@code k}, from 0. */
  private void units(int k, float[] known, HeadWorkspace workspace) {
    float[] units = workspace.units;
    float[] shared = workspace.shared;
    float[] stepEmbedding = embedding[k].data;
    for (int j = 0; j < units.length; j++) {
      units[j] = Math.max(0f, shared[j] + stepEmbedding[j] + known[j]);
    }
  }

  @Override
  public void apply(float[] hidden, Minibatch batch, float[] raw) {
    HeadWorkspace workspace = new HeadWorkspace(sizes, 0);
    int steps = hidden.length / sizes.hiddenSize() / batch.size();
    for (int sequence = 0; sequence < batch.size(); sequence++) {
      for (int t = 0; t < steps; t++) {
        int row = t * batch.size() + sequence;
        setFuture(batch, row, workspace);
        apply(hidden, row * sizes.hiddenSize(), batch.origins()[sequence] + t, workspace);
        System.arraycopy(workspace.raw, 0, raw, row * sizes.rawSize(), sizes.rawSize());
      }
    }
  }

  private static void setFuture(Minibatch batch, int row, HeadWorkspace workspace) {
    int size = workspace.future.length;
    System.arraycopy(batch.futureCovariates(), row * size, workspace.future, 0, size);
  }

  @Override
  public void backward(
      float[] hidden,
      Minibatch batch,
      float[] rawGradients,
      float[] hiddenGradients,
      Decoder gradients) {
    int rows = hidden.length / sizes.hiddenSize();
    float[] sharedGradients = new float[rows * sizes.width()];
    Backward back = new Backward((StepsDecoder) gradients);
    for (int sequence = 0; sequence < batch.size(); sequence++) {
      for (int t = 0; t < rows / batch.size(); t++) {
        int row = t * batch.size() + sequence;
        setFuture(batch, row, back.workspace);
        System.arraycopy(
            rawGradients, row * sizes.rawSize(), back.workspace.raw, 0, sizes.rawSize());
        back.forecast(hidden, row * sizes.hiddenSize(), batch.origins()[sequence] + t);
        System.arraycopy(
            back.workspace.shared, 0, sharedGradients, row * sizes.width(), sizes.width());
      }
    }
    back.finish();
    shared.backward(
        hidden, sharedGradients, hiddenGradients, back.into.shared, shared.transposed());
  }

  /**
   * One backward pass. Gradients of the calendar's part of W_c c are accumulated per step, because
   * forecasts have steps in common.
   */
  private final class Backward {
    final StepsDecoder into;
    final HeadWorkspace workspace = new HeadWorkspace(sizes, 0);
    private final Linear outputBack = output.transposed();
    private final float[] units = new float[sizes.horizon() * sizes.width()];
    private final float[] unitGradients = new float[units.length];
    private final HeadWorkspace accumulated = new HeadWorkspace(sizes, 0);

    Backward(StepsDecoder into) {
      this.into = into;
    }

    /**
     * Turns the gradients of the workspace's raw outputs into those of its shared sums W_h h + b.
     */
    void forecast(float[] hidden, int offset, long origin) {
      int width = sizes.width();
      shared.apply(hidden, offset, workspace.shared);
      future.fillForward(workspace.future, workspace.columns);
      for (int k = 0; k < embedding.length; k++) {
        units(k, known(k, origin, workspace), workspace);
        System.arraycopy(workspace.units, 0, units, k * width, width);
      }
      output.backward(units, workspace.raw, unitGradients, into.output, outputBack);
      Arrays.fill(workspace.shared, 0);
      for (int k = 0; k < embedding.length; k++) {
        for (int j = 0; j < width; j++) {
          workspace.units[j] = units[k * width + j] > 0 ? unitGradients[k * width + j] : 0;
        }
        addScaled(1, workspace.units, workspace.shared);
        addScaled(1, workspace.units, into.embedding[k].data);
        if (sizes.futureInputs().calendar() > 0) {
          accumulate(origin + 1 + k);
        }
        int calendarCount = sizes.futureInputs().calendar();
        int count = covariates.length - calendarCount;
        for (int i = 0; i < count; i++) {
          float[] gradient = into.covariates[calendarCount + i].data;
          addScaled(workspace.columns[k * count + i], workspace.units, gradient);
        }
      }
    }

    private void accumulate(long step) {
      int slot = (int) Math.floorMod(step, (long) embedding.length);
      if (accumulated.knownSteps[slot] != step) {
        flush(slot);
        accumulated.knownSteps[slot] = step;
      }
      addScaled(1, workspace.units, accumulated.known[slot]);
    }

    /** Adds the accumulated gradients of a slot to the calendar's part of W_c. */
    private void flush(int slot) {
      if (accumulated.knownSteps[slot] != HeadWorkspace.NONE) {
        future.writeCalendar(accumulated.knownSteps[slot], accumulated.calendar);
        for (int i = 0; i < sizes.futureInputs().calendar(); i++) {
          addScaled(accumulated.calendar[i], accumulated.known[slot], into.covariates[i].data);
        }
        Arrays.fill(accumulated.known[slot], 0);
      }
    }

    void finish() {
      for (int slot = 0; slot < embedding.length; slot++) {
        flush(slot);
      }
    }
  }

  /** y += a·x. */
  private static void addScaled(float a, float[] x, float[] y) {
    for (int j = 0; j < y.length; j++) {
      y[j] = Math.fma(a, x[j], y[j]);
    }
  }

  @Override
  public StepsDecoder zeros() {
    return new StepsDecoder(
        shared.zeros(),
        rows(sizes.horizon(), sizes.width()),
        rows(sizes.covariates(), sizes.width()),
        output.zeros(),
        future);
  }

  @Override
  public List<float[]> arrays() {
    List<float[]> arrays = new ArrayList<>(shared.arrays());
    for (FMatrixRMaj row : embedding) {
      arrays.add(row.data);
    }
    for (FMatrixRMaj row : covariates) {
      arrays.add(row.data);
    }
    arrays.addAll(output.arrays());
    return arrays;
  }

  @Override
  public List<float[]> biases() {
    List<float[]> biases = new ArrayList<>();
    biases.add(shared.biases());
    for (FMatrixRMaj row : embedding) {
      biases.add(row.data);
    }
    biases.add(output.biases());
    return biases;
  }
}
