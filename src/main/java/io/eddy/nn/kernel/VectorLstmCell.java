package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LstmCell} on the JDK's vector API. Units that do not fill a vector are computed one by
 * one.
 */
final class VectorLstmCell implements Cell {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final int W = VectorKernel.W;
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

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
  public void activate(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int f = frame.gateOffset + size;
    int g = f + size;
    int o = g + size;
    kernel.logistic(a, frame.gateOffset, g);
    kernel.tanh(a, g, o);
    kernel.logistic(a, o, o + size);
    float[] tanhCell = frame.saved;
    int previous = frame.previousOffset + size;
    int next = frame.nextOffset + size;
    VectorKernel.multiply(a, frame.gateOffset, a, g, tanhCell, 0, size);
    VectorKernel.multiplyAdd(a, f, frame.previous, previous, tanhCell, 0, frame.next, next, size);
    System.arraycopy(frame.next, next, tanhCell, 0, size);
    kernel.tanh(tanhCell, 0, size);
    VectorKernel.multiply(a, o, tanhCell, 0, frame.next, frame.nextOffset, size);
  }

  @Override
  public void backward(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int j = 0;
    for (; j + W <= size; j += W) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int g = f + size;
      int o = g + size;
      int nextCell = frame.nextOffset + size + j;
      int previousCell = frame.previousOffset + size + j;
      FloatVector tanhCell = FloatVector.fromArray(SPECIES, frame.saved, j);
      FloatVector dHidden = FloatVector.fromArray(SPECIES, frame.dNext, frame.nextOffset + j);
      FloatVector input = FloatVector.fromArray(SPECIES, a, i);
      FloatVector forget = FloatVector.fromArray(SPECIES, a, f);
      FloatVector candidate = FloatVector.fromArray(SPECIES, a, g);
      FloatVector output = FloatVector.fromArray(SPECIES, a, o);
      FloatVector dCell =
          dHidden
              .mul(output)
              .fma(
                  tanhCell.neg().fma(tanhCell, ONE),
                  FloatVector.fromArray(SPECIES, frame.dNext, nextCell));
      FloatVector dPrevious = FloatVector.fromArray(SPECIES, frame.dPrevious, previousCell);
      dPrevious.add(dCell.mul(forget)).intoArray(frame.dPrevious, previousCell);
      FloatVector previous = FloatVector.fromArray(SPECIES, frame.previous, previousCell);
      dCell.mul(candidate).mul(input).mul(ONE.sub(input)).intoArray(a, i);
      dCell.mul(previous).mul(forget).mul(ONE.sub(forget)).intoArray(a, f);
      dCell.mul(input).mul(candidate.neg().fma(candidate, ONE)).intoArray(a, g);
      dHidden.mul(tanhCell).mul(output).mul(ONE.sub(output)).intoArray(a, o);
    }
    plain.backward(frame, j);
  }
}
