package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SlstmCell} on the JDK's vector API. Units that do not fill a vector are computed one by
 * one.
 */
final class VectorSlstmCell implements Cell {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final int W = VectorKernel.W;
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
  private static final FloatVector TWO = FloatVector.broadcast(SPECIES, 2f);
  private static final FloatVector NO_PAST = FloatVector.broadcast(SPECIES, SlstmCell.NO_PAST);
  private static final FloatVector L1 = FloatVector.broadcast(SPECIES, ActivationFunctions.L1);
  private static final FloatVector L2 = FloatVector.broadcast(SPECIES, ActivationFunctions.L2);
  private static final FloatVector L3 = FloatVector.broadcast(SPECIES, ActivationFunctions.L3);
  private static final FloatVector L4 = FloatVector.broadcast(SPECIES, ActivationFunctions.L4);

  private final Kernel kernel;
  private final SlstmCell plain;
  private final int hiddenSize;

  VectorSlstmCell(Kernel kernel, int hiddenSize) {
    this.kernel = kernel;
    plain = new SlstmCell(hiddenSize);
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
    int i = frame.gateOffset;
    int f = i + size;
    int z = f + size;
    int o = z + size;
    System.arraycopy(a, f, frame.saved, 0, size);
    for (int j = 0; j < size; j++) {
      frame.scratch[j] = -Math.abs(frame.saved[j]);
    }
    kernel.exp(frame.scratch, 0, a, f, size);
    stabilise(frame);
    kernel.exp(frame.scratch, 0, a, i, 2 * size);
    kernel.tanh(a, z, o);
    kernel.logistic(a, o, o + size);
    update(frame);
  }

  private void stabilise(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int j = 0;
    for (; j + W <= size; j += W) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int previous = frame.previousOffset + 2 * size + j;
      FloatVector u = FloatVector.fromArray(SPECIES, a, f);
      FloatVector s = u.div(u.add(TWO));
      FloatVector w = s.mul(s);
      FloatVector p = w.fma(w.fma(w.fma(L4, L3), L2), L1);
      FloatVector twice = s.add(s);
      FloatVector sum = FloatVector.fromArray(SPECIES, frame.saved, j);
      FloatVector logForget = sum.min(ZERO).sub(twice.mul(w).fma(p, twice));
      FloatVector hasPast =
          FloatVector.fromArray(SPECIES, frame.previous, previous).min(ONE).sub(ONE);
      FloatVector previousM = FloatVector.fromArray(SPECIES, frame.previous, previous + size);
      FloatVector old = NO_PAST.fma(hasPast, logForget.add(previousM));
      FloatVector input = FloatVector.fromArray(SPECIES, a, i);
      FloatVector m = old.max(input);
      input.sub(m).intoArray(frame.scratch, j);
      old.sub(m).intoArray(frame.scratch, size + j);
      m.intoArray(frame.next, frame.nextOffset + 3 * size + j);
    }
    plain.stabilise(frame, j);
  }

  private void update(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int j = 0;
    for (; j + W <= size; j += W) {
      int i = frame.gateOffset + j;
      int cell = size + j;
      int norm = cell + size;
      FloatVector input = FloatVector.fromArray(SPECIES, a, i);
      FloatVector forget = FloatVector.fromArray(SPECIES, a, i + size);
      FloatVector candidate = FloatVector.fromArray(SPECIES, a, i + 2 * size);
      FloatVector output = FloatVector.fromArray(SPECIES, a, i + 3 * size);
      FloatVector c =
          forget.fma(
              FloatVector.fromArray(SPECIES, frame.previous, frame.previousOffset + cell),
              input.mul(candidate));
      FloatVector n =
          forget.fma(
              FloatVector.fromArray(SPECIES, frame.previous, frame.previousOffset + norm), input);
      c.intoArray(frame.next, frame.nextOffset + cell);
      n.intoArray(frame.next, frame.nextOffset + norm);
      output.mul(c.div(n)).intoArray(frame.next, frame.nextOffset + j);
    }
    plain.update(frame, j);
  }

  @Override
  public void backward(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    for (int j = 0; j < size; j++) {
      frame.saved[j] = -frame.saved[j];
    }
    kernel.logistic(frame.saved, 0, size);
    int j = 0;
    for (; j + W <= size; j += W) {
      int i = frame.gateOffset + j;
      int f = i + size;
      int z = f + size;
      int o = z + size;
      int nextCell = frame.nextOffset + size + j;
      int nextNorm = nextCell + size;
      int previousCell = frame.previousOffset + size + j;
      int previousNorm = previousCell + size;
      FloatVector n = FloatVector.fromArray(SPECIES, frame.next, nextNorm);
      FloatVector inverse = ONE.div(n);
      FloatVector mean = FloatVector.fromArray(SPECIES, frame.next, nextCell).div(n);
      FloatVector dHidden = FloatVector.fromArray(SPECIES, frame.dNext, frame.nextOffset + j);
      FloatVector output = FloatVector.fromArray(SPECIES, a, o);
      FloatVector dMean = dHidden.mul(output).mul(inverse);
      FloatVector dCell = FloatVector.fromArray(SPECIES, frame.dNext, nextCell).add(dMean);
      FloatVector dNorm =
          dMean.neg().fma(mean, FloatVector.fromArray(SPECIES, frame.dNext, nextNorm));
      FloatVector forget = FloatVector.fromArray(SPECIES, a, f);
      FloatVector.fromArray(SPECIES, frame.dPrevious, previousCell)
          .add(dCell.mul(forget))
          .intoArray(frame.dPrevious, previousCell);
      FloatVector.fromArray(SPECIES, frame.dPrevious, previousNorm)
          .add(dNorm.mul(forget))
          .intoArray(frame.dPrevious, previousNorm);
      FloatVector dForget =
          dCell.fma(
              FloatVector.fromArray(SPECIES, frame.previous, previousCell),
              dNorm.mul(FloatVector.fromArray(SPECIES, frame.previous, previousNorm)));
      FloatVector input = FloatVector.fromArray(SPECIES, a, i);
      FloatVector candidate = FloatVector.fromArray(SPECIES, a, z);
      input.mul(dCell.fma(candidate, dNorm)).intoArray(a, i);
      dForget.mul(forget).mul(FloatVector.fromArray(SPECIES, frame.saved, j)).intoArray(a, f);
      dCell.mul(input).mul(candidate.neg().fma(candidate, ONE)).intoArray(a, z);
      dHidden.mul(mean).mul(output).mul(ONE.sub(output)).intoArray(a, o);
    }
    plain.backward(frame, j);
  }
}
