package io.eddy.nn.kernel;

import static io.eddy.nn.kernel.VectorKernel.W;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LstmCell} on the JDK's vector API. Units that do not fill a vector are computed one by
 * one.
 */
final class VectorLstmCell implements Cell {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  private final VectorKernel kernel;
  private final LstmCell plain;
  private final int hiddenSize;

  VectorLstmCell(VectorKernel kernel, int hiddenSize) {
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
    int gates = frame.gateOffset;
    kernel.logistic(a, gates, gates + 2 * size);
    kernel.tanh(a, gates + 2 * size, gates + 3 * size);
    kernel.logistic(a, gates + 3 * size, gates + 4 * size);
    float[] constants = ActivationFunctions.TANH;
    FloatVector clamp = FloatVector.broadcast(SPECIES, constants[0]);
    FloatVector minusClamp = FloatVector.broadcast(SPECIES, -constants[0]);
    FloatVector one = FloatVector.broadcast(SPECIES, constants[1]);
    FloatVector p1 = FloatVector.broadcast(SPECIES, constants[2]);
    FloatVector p2 = FloatVector.broadcast(SPECIES, constants[3]);
    FloatVector p3 = FloatVector.broadcast(SPECIES, constants[4]);
    FloatVector p4 = FloatVector.broadcast(SPECIES, constants[5]);
    FloatVector q1 = FloatVector.broadcast(SPECIES, constants[6]);
    FloatVector q2 = FloatVector.broadcast(SPECIES, constants[7]);
    FloatVector q3 = FloatVector.broadcast(SPECIES, constants[8]);
    FloatVector q4 = FloatVector.broadcast(SPECIES, constants[9]);
    float[] next = frame.next;
    int previousCell = frame.previousOffset + size;
    int hidden = frame.nextOffset;
    int j = 0;
    for (; j + W <= size; j += W) {
      int i = gates + j;
      FloatVector value = fromArray(SPECIES, a, i).mul(fromArray(SPECIES, a, i + 2 * size));
      value =
          fromArray(SPECIES, a, i + size)
              .fma(fromArray(SPECIES, frame.previous, previousCell + j), value);
      value.intoArray(next, hidden + size + j);
      value =
          value
              .blend(clamp, value.compare(GT, clamp))
              .blend(minusClamp, value.compare(LT, minusClamp));
      FloatVector u = value.mul(value);
      FloatVector p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
      FloatVector q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
      FloatVector tanhCell = value.mul(p).div(q);
      tanhCell.intoArray(frame.saved, j);
      fromArray(SPECIES, a, i + 3 * size).mul(tanhCell).intoArray(next, hidden + j);
    }
    plain.update(frame, j);
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
      FloatVector tanhCell = fromArray(SPECIES, frame.saved, j);
      FloatVector dHidden = fromArray(SPECIES, frame.dNext, frame.nextOffset + j);
      FloatVector input = fromArray(SPECIES, a, i);
      FloatVector forget = fromArray(SPECIES, a, f);
      FloatVector candidate = fromArray(SPECIES, a, g);
      FloatVector output = fromArray(SPECIES, a, o);
      FloatVector dCell =
          dHidden
              .mul(output)
              .fma(tanhCell.neg().fma(tanhCell, ONE), fromArray(SPECIES, frame.dNext, nextCell));
      FloatVector dPrevious = fromArray(SPECIES, frame.dPrevious, previousCell);
      dPrevious.add(dCell.mul(forget)).intoArray(frame.dPrevious, previousCell);
      FloatVector previous = fromArray(SPECIES, frame.previous, previousCell);
      dCell.mul(candidate).mul(input).mul(ONE.sub(input)).intoArray(a, i);
      dCell.mul(previous).mul(forget).mul(ONE.sub(forget)).intoArray(a, f);
      dCell.mul(input).mul(candidate.neg().fma(candidate, ONE)).intoArray(a, g);
      dHidden.mul(tanhCell).mul(output).mul(ONE.sub(output)).intoArray(a, o);
    }
    plain.backward(frame, j);
  }
}
