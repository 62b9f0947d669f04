package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link LstmCell} by the JDK's vectors; units that fill none are taken one by one. */
final class VectorLstmCell implements Cell {
  private static final VectorSpecies<Float> WIDE = VectorKernel.WIDE;
  private static final int W = VectorKernel.W;
  private static final FloatVector ONE = FloatVector.broadcast(WIDE, 1f);

  private final Kernel kernel;
  private final LstmCell plain;
  private final int hiddenSize;

  VectorLstmCell(Kernel kernel, int hiddenSize) {
    this.kernel = kernel;
    plain = new LstmCell(hiddenSize);
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
    int f = at.gateOffset + size;
    int g = f + size;
    int o = g + size;
    kernel.logistic(a, at.gateOffset, g);
    kernel.tanh(a, g, o);
    kernel.logistic(a, o, o + size);
    float[] squashed = at.tanhCell;
    int old = at.previousOffset + size;
    int fresh = at.nextOffset + size;
    VectorKernel.multiply(a, at.gateOffset, a, g, squashed, 0, size);
    VectorKernel.multiplyAdd(a, f, at.previous, old, squashed, 0, at.next, fresh, size);
    System.arraycopy(at.next, fresh, squashed, 0, size);
    kernel.tanh(squashed, 0, size);
    VectorKernel.multiply(a, o, squashed, 0, at.next, at.nextOffset, size);
  }

  @Override
  public void backward(Frame at) {
    int size = hiddenSize;
    float[] a = at.a;
    int j = 0;
    for (; j + W <= size; j += W) {
      int i = at.gateOffset + j;
      int f = i + size;
      int g = f + size;
      int o = g + size;
      int cell = at.nextOffset + size + j;
      int oldCell = at.previousOffset + size + j;
      FloatVector squashed = FloatVector.fromArray(WIDE, at.tanhCell, j);
      FloatVector dHidden = FloatVector.fromArray(WIDE, at.dNext, at.nextOffset + j);
      FloatVector input = FloatVector.fromArray(WIDE, a, i);
      FloatVector forget = FloatVector.fromArray(WIDE, a, f);
      FloatVector candidate = FloatVector.fromArray(WIDE, a, g);
      FloatVector output = FloatVector.fromArray(WIDE, a, o);
      FloatVector dCell =
          dHidden
              .mul(output)
              .fma(squashed.neg().fma(squashed, ONE), FloatVector.fromArray(WIDE, at.dNext, cell));
      FloatVector dOld = FloatVector.fromArray(WIDE, at.dPrevious, oldCell);
      dOld.add(dCell.mul(forget)).intoArray(at.dPrevious, oldCell);
      FloatVector old = FloatVector.fromArray(WIDE, at.previous, oldCell);
      dCell.mul(candidate).mul(input).mul(ONE.sub(input)).intoArray(a, i);
      dCell.mul(old).mul(forget).mul(ONE.sub(forget)).intoArray(a, f);
      dCell.mul(input).mul(candidate.neg().fma(candidate, ONE)).intoArray(a, g);
      dHidden.mul(squashed).mul(output).mul(ONE.sub(output)).intoArray(a, o);
    }
    plain.backward(at, j);
  }
}
