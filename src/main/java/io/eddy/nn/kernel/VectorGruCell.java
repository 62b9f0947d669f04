package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link GruCell} by the JDK's vectors; units that fill none are taken one by one. */
final class VectorGruCell implements Cell {
  private static final VectorSpecies<Float> WIDE = VectorKernel.WIDE;
  private static final int W = VectorKernel.W;
  private static final FloatVector ONE = FloatVector.broadcast(WIDE, 1f);

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
  public void activate(Frame at) {
    int size = hiddenSize;
    float[] a = at.a;
    float[] r = at.r;
    int reset = at.gateOffset;
    int update = reset + size;
    int candidate = update + size;
    kernel.add(r, reset, a, reset, 2 * size);
    kernel.logistic(a, reset, candidate);
    VectorKernel.multiplyAdd(a, reset, r, candidate, a, candidate, a, candidate, size);
    kernel.tanh(a, candidate, candidate + size);
    update(a, update, size, at.previous, at.previousOffset, at.next, at.nextOffset);
  }

  /** h = n + z∘(h' − n). */
  private static void update(
      float[] a, int update, int size, float[] old, int oldFrom, float[] fresh, int freshFrom) {
    int candidate = update + size;
    int j = 0;
    for (; j + W <= size; j += W) {
      FloatVector n = FloatVector.fromArray(WIDE, a, candidate + j);
      FloatVector gone = FloatVector.fromArray(WIDE, old, oldFrom + j).sub(n);
      FloatVector.fromArray(WIDE, a, update + j).fma(gone, n).intoArray(fresh, freshFrom + j);
    }
    for (; j < size; j++) {
      float n = a[candidate + j];
      fresh[freshFrom + j] = Math.fma(a[update + j], old[oldFrom + j] - n, n);
    }
  }

  @Override
  public void backward(Frame at) {
    int size = hiddenSize;
    float[] a = at.a;
    float[] r = at.r;
    int j = 0;
    for (; j + W <= size; j += W) {
      int reset = at.gateOffset + j;
      int update = reset + size;
      int candidate = update + size;
      FloatVector d = FloatVector.fromArray(WIDE, at.dNext, at.nextOffset + j);
      FloatVector n = FloatVector.fromArray(WIDE, a, candidate);
      FloatVector z = FloatVector.fromArray(WIDE, a, update);
      FloatVector gate = FloatVector.fromArray(WIDE, a, reset);
      FloatVector old = FloatVector.fromArray(WIDE, at.previous, at.previousOffset + j);
      FloatVector dOld = FloatVector.fromArray(WIDE, at.dPrevious, at.previousOffset + j);
      dOld.add(d.mul(z)).intoArray(at.dPrevious, at.previousOffset + j);
      FloatVector dCandidate = d.mul(ONE.sub(z)).mul(n.neg().fma(n, ONE));
      FloatVector recurrent = FloatVector.fromArray(WIDE, r, candidate);
      FloatVector dReset = dCandidate.mul(recurrent).mul(gate).mul(ONE.sub(gate));
      FloatVector dUpdate = d.mul(old.sub(n)).mul(z).mul(ONE.sub(z));
      dReset.intoArray(a, reset);
      dUpdate.intoArray(a, update);
      dCandidate.intoArray(a, candidate);
      dReset.intoArray(r, reset);
      dUpdate.intoArray(r, update);
      dCandidate.mul(gate).intoArray(r, candidate);
    }
    plain.backward(at, j);
  }
}
