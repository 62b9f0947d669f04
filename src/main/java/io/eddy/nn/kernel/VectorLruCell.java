package io.eddy.nn.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link LruCell} on the JDK's vector API. Units that do not fill a vector are computed one by one.
 */
final class VectorLruCell implements Cell {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final int W = VectorKernel.W;
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  private final Kernel kernel;
  private final LruCell plain;
  private final int hiddenSize;

  VectorLruCell(Kernel kernel, int hiddenSize) {
    this.kernel = kernel;
    plain = new LruCell(hiddenSize);
    this.hiddenSize = hiddenSize;
  }

  @Override
  public boolean hasSeparateProducts() {
    return plain.hasSeparateProducts();
  }

  @Override
  public boolean productReadsNextState() {
    return plain.productReadsNextState();
  }

  @Override
  public void advanceState(Frame frame) {
    int size = hiddenSize;
    int j = 0;
    for (; j + W <= size; j += W) {
      int input = frame.gateOffset + j;
      int previous = frame.previousOffset + size + j;
      int next = frame.nextOffset + size + j;
      FloatVector real = FloatVector.fromArray(SPECIES, frame.transition.real, j);
      FloatVector imaginary = FloatVector.fromArray(SPECIES, frame.transition.imaginary, j);
      FloatVector gain = FloatVector.fromArray(SPECIES, frame.transition.gain, j);
      FloatVector x = FloatVector.fromArray(SPECIES, frame.previous, previous);
      FloatVector y = FloatVector.fromArray(SPECIES, frame.previous, previous + size);
      FloatVector byReal = real.fma(x, gain.mul(FloatVector.fromArray(SPECIES, frame.a, input)));
      FloatVector byImaginary =
          real.fma(y, gain.mul(FloatVector.fromArray(SPECIES, frame.a, input + size)));
      imaginary.neg().fma(y, byReal).intoArray(frame.next, next);
      imaginary.fma(x, byImaginary).intoArray(frame.next, next + size);
    }
    plain.advanceState(frame, j);
  }

  @Override
  public void activate(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int value = frame.gateOffset + 2 * size;
    int gate = value + size;
    kernel.add(frame.r, frame.gateOffset, a, value, 2 * size);
    kernel.logistic(a, gate, gate + size);
    VectorKernel.multiply(a, value, a, gate, frame.next, frame.nextOffset, size);
  }

  @Override
  public void backward(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    int j = 0;
    for (; j + W <= size; j += W) {
      int value = frame.gateOffset + 2 * size + j;
      int recurrent = frame.gateOffset + j;
      FloatVector d = FloatVector.fromArray(SPECIES, frame.dNext, frame.nextOffset + j);
      FloatVector gate = FloatVector.fromArray(SPECIES, a, value + size);
      FloatVector dValue = d.mul(gate);
      FloatVector dGate =
          d.mul(FloatVector.fromArray(SPECIES, a, value)).mul(gate).mul(ONE.sub(gate));
      dValue.intoArray(a, value);
      dGate.intoArray(a, value + size);
      dValue.intoArray(frame.r, recurrent);
      dGate.intoArray(frame.r, recurrent + size);
    }
    plain.backward(frame, j);
  }

  @Override
  public void backwardState(Frame frame) {
    int size = hiddenSize;
    float[] a = frame.a;
    DiagonalTransition transition = frame.transition;
    int j = 0;
    for (; j + W <= size; j += W) {
      int input = frame.gateOffset + j;
      int previous = frame.previousOffset + size + j;
      int next = frame.nextOffset + size + j;
      FloatVector real = FloatVector.fromArray(SPECIES, transition.real, j);
      FloatVector imaginary = FloatVector.fromArray(SPECIES, transition.imaginary, j);
      FloatVector gain = FloatVector.fromArray(SPECIES, transition.gain, j);
      FloatVector dx =
          FloatVector.fromArray(SPECIES, frame.dNext, next)
              .add(FloatVector.fromArray(SPECIES, frame.dRead, j));
      FloatVector dy =
          FloatVector.fromArray(SPECIES, frame.dNext, next + size)
              .add(FloatVector.fromArray(SPECIES, frame.dRead, size + j));
      FloatVector x = FloatVector.fromArray(SPECIES, frame.previous, previous);
      FloatVector y = FloatVector.fromArray(SPECIES, frame.previous, previous + size);
      FloatVector.fromArray(SPECIES, frame.dPrevious, previous)
          .add(imaginary.fma(dy, real.mul(dx)))
          .intoArray(frame.dPrevious, previous);
      FloatVector.fromArray(SPECIES, frame.dPrevious, previous + size)
          .add(imaginary.neg().fma(dx, real.mul(dy)))
          .intoArray(frame.dPrevious, previous + size);
      FloatVector.fromArray(SPECIES, transition.dReal, j)
          .add(dx.fma(x, dy.mul(y)))
          .intoArray(transition.dReal, j);
      FloatVector.fromArray(SPECIES, transition.dImaginary, j)
          .add(dy.fma(x, dx.neg().mul(y)))
          .intoArray(transition.dImaginary, j);
      FloatVector a0 = FloatVector.fromArray(SPECIES, a, input);
      FloatVector a1 = FloatVector.fromArray(SPECIES, a, input + size);
      FloatVector.fromArray(SPECIES, transition.dGain, j)
          .add(dx.fma(a0, dy.mul(a1)))
          .intoArray(transition.dGain, j);
      gain.mul(dx).intoArray(a, input);
      gain.mul(dy).intoArray(a, input + size);
    }
    plain.backwardState(frame, j);
  }
}
