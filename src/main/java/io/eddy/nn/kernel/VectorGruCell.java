package io.eddy.nn.kernel;

import static io.eddy.nn.kernel.VectorKernel.W;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link GruCell} on the JDK's vector API. Units that do not fill a vector are computed one by one.
 */
final class VectorGruCell implements Cell {
  private static final VectorSpecies<Float> SPECIES = VectorKernel.SPECIES;
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  private final VectorKernel kernel;
  private final GruCell plain;
  private final int hiddenSize;

  VectorGruCell(VectorKernel kernel, int hiddenSize) {
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
    int gates = frame.gateOffset;
    kernel.add(r, gates, a, gates, 2 * size);
    kernel.logistic(a, gates, gates + 2 * size);
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
    int j = 0;
    for (; j + W <= size; j += W) {
      int candidate = gates + 2 * size + j;
      FloatVector value =
          fromArray(SPECIES, a, gates + j)
              .fma(fromArray(SPECIES, r, candidate), fromArray(SPECIES, a, candidate));
      value =
          value
              .blend(clamp, value.compare(GT, clamp))
              .blend(minusClamp, value.compare(LT, minusClamp));
      FloatVector u = value.mul(value);
      FloatVector p = u.fma(u.fma(u.fma(u.fma(p4, p3), p2), p1), one);
      FloatVector q = u.fma(u.fma(u.fma(u.fma(q4, q3), q2), q1), one);
      FloatVector n = value.mul(p).div(q);
      n.intoArray(a, candidate);
      FloatVector difference = fromArray(SPECIES, frame.previous, frame.previousOffset + j).sub(n);
      fromArray(SPECIES, a, gates + size + j)
          .fma(difference, n)
          .intoArray(frame.next, frame.nextOffset + j);
    }
    plain.update(frame, j);
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
      FloatVector d = fromArray(SPECIES, frame.dNext, frame.nextOffset + j);
      FloatVector n = fromArray(SPECIES, a, candidate);
      FloatVector z = fromArray(SPECIES, a, update);
      FloatVector gate = fromArray(SPECIES, a, reset);
      FloatVector previous = fromArray(SPECIES, frame.previous, frame.previousOffset + j);
      FloatVector dPrevious = fromArray(SPECIES, frame.dPrevious, frame.previousOffset + j);
      dPrevious.add(d.mul(z)).intoArray(frame.dPrevious, frame.previousOffset + j);
      FloatVector dCandidate = d.mul(ONE.sub(z)).mul(n.neg().fma(n, ONE));
      FloatVector recurrent = fromArray(SPECIES, r, candidate);
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
