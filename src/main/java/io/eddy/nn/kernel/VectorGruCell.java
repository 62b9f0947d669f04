package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link GruCell} on the JDK's vector API. Units that do not fill a vector are computed one by one.
 */
final class VectorGruCell implements Cell {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final int W = VectorKernel.W;
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  private final Kernel kernel;
  private final GruCell plain;
  private final int hiddenSize;

  VectorGruCell(Kernel kernel, int hiddenSize) {
    this.kernel = kernel;
    plain = new GruCell(hiddenSize);
    this.hiddenSize = hiddenSize;
  }

  @Override
  public boolean hasSeparateProducts() {
    return plain.hasSeparateProducts();
  }

  @Override
  public void activate(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    float[] r = frame.r;
    int reset = frame.gateOffset;
    int update = reset + size;
    int candidate = update + size;
    kernel.add(r, reset, a, reset, 2 * size);
    kernel.logistic(a, reset, candidate);
    VectorKernel.multiplyAdd(a, reset, r, candidate, a, candidate, a, candidate, size);
    kernel.tanh(a, candidate, candidate + size);
    update(a, update, size, frame.previous, frame.previousOffset, frame.next, frame.nextOffset);
  }

  /** Computes h = n + z∘(h' − n). */
  private static void update(
      float[] a,
      int update,
      int size,
      float[] previous,
      int previousOffset,
      float[] next,
      int nextOffset) {
    int candidate = update + size;
    int j = 0;
    for (; j + W <= size; j += W) {
      FloatVector n = FloatVector.fromArray(SPECIES, a, candidate + j);
      FloatVector difference = FloatVector.fromArray(SPECIES, previous, previousOffset + j).sub(n);
      FloatVector.fromArray(SPECIES, a, update + j)
          .fma(difference, n)
          .intoArray(next, nextOffset + j);
    }
    for (; j < size; j++) {
      float n = a[candidate + j];
      next[nextOffset + j] = Math.fma(a[update + j], previous[previousOffset + j] - n, n);
    }
  }

  @Override
  public void backward(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    float[] r = frame.r;
    int j = 0;
    for (; j + W <= size; j += W) {
      int reset = frame.gateOffset + j;
      int update = reset + size;
      int candidate = update + size;
      FloatVector d = FloatVector.fromArray(SPECIES, frame.dNext, frame.nextOffset + j);
      FloatVector n = FloatVector.fromArray(SPECIES, a, candidate);
      FloatVector z = FloatVector.fromArray(SPECIES, a, update);
      FloatVector gate = FloatVector.fromArray(SPECIES, a, reset);
      FloatVector previous =
          FloatVector.fromArray(SPECIES, frame.previous, frame.previousOffset + j);
      FloatVector dPrevious =
          FloatVector.fromArray(SPECIES, frame.dPrevious, frame.previousOffset + j);
      dPrevious.add(d.mul(z)).intoArray(frame.dPrevious, frame.previousOffset + j);
      FloatVector dCandidate = d.mul(ONE.sub(z)).mul(n.neg().fma(n, ONE));
      FloatVector recurrent = FloatVector.fromArray(SPECIES, r, candidate);
      FloatVector dReset = dCandidate.mul(recurrent).mul(gate).mul(ONE.sub(gate));
      FloatVector dUpdate = d.mul(previous.sub(n)).mul(z).mul(ONE.sub(z));
      dReset.intoArray(a, reset);
      dUpdate.intoArray(a, update);
      dCandidate.intoArray(a, candidate);
      dReset.intoArray(r, reset);
      dUpdate.intoArray(r, update);
      dCandidate.mul(gate).intoArray(r, candidate);
    }
    plain.backward(frame, j);
  }
}
