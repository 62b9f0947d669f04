package io.eddy.model;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes the raw outputs of the J steps ahead of the hidden state and of what is known of those
 * steps. Shared by every thread and never changed, but by a trainer that made its own.
 */
public sealed interface Decoder permits LinearDecoder, StepsDecoder {
  /**
   * Sizes of a decoder.
   *
   * @param hiddenSize H
   * @param width M: units of a step's net; 0 for the linear decoder
   * @param horizon J
   * @param futureInputs what is known of a step ahead
   * @param rawPerStep R
   */
  record Sizes(int hiddenSize, int width, int horizon, FutureInputs futureInputs, int rawPerStep) {
    /** Those of a specification. */
    public static Sizes of(ModelSpecification specification) {
      ModelSpecification.Output output = specification.output();
      return new Sizes(
          specification.network().hiddenSize(),
          output.decoding().width(),
          output.horizon(),
          new FutureCovariateEncoder(specification).sizes(),
          output.rawPerStep());
    }

    /** C: known-future covariates of a step ahead. */
    public int covariates() {
      return futureInputs.size();
    }

    /** (J + 1)·F: numbers that are known ahead of one forecast. */
    public int futureSize() {
      return (horizon + 1) * futureInputs.columns();
    }

    /** J·R. */
    public int rawSize() {
      return horizon * rawPerStep;
    }
  }

  /**
   * What is known of a step ahead, as {@link FutureCovariateEncoder} has it.
   *
   * @param calendar covariates of its time
   * @param columns F: covariates of the data
   */
  record FutureInputs(int calendar, int columns) {
    /** Numbers given for each covariate of the data. */
    static final int INPUTS = 2;

    /** C. */
    public int size() {
      return calendar + perStep();
    }

    /** 2·F: those that a forecast has anew of each step. */
    int perStep() {
      return INPUTS * columns;
    }
  }

  /**
   * A decoder to start training from: weights uniform in ±1/√in, those that make the raw outputs in
   * ±bound/√in.
   */
  static Decoder random(ModelSpecification specification, float bound, RandomGenerator random) {
    return specification.output().decoding().kind() == DecoderKind.LINEAR
        ? LinearDecoder.random(Sizes.of(specification), bound, random)
        : StepsDecoder.random(specification, bound, random);
  }

  Sizes sizes();

  /**
   * One forecast; allocates nothing.
   *
   * @param hidden h [H] from {@code offset} on; not modified
   * @param origin the last step known, on its grid
   * @param workspace one of this decoder's sizes that was told what is known ahead; its raw outputs
   *     are modified
   */
  void apply(float[] hidden, int offset, long origin, HeadWorkspace workspace);

  /**
   * The same for B lanes of T steps.
   *
   * @param hidden [T, B, H]; not modified
   * @param lanes where the forecasts are made from
   * @param raw [T, B, J·R]; modified
   */
  void apply(float[] hidden, Minibatch lanes, float[] raw);

  /**
   * Gradients of B lanes of T steps.
   *
   * @param hidden [T, B, H], as given to {@link #apply}; not modified
   * @param lanes as given
   * @param rawGradients [T, B, J·R]; not modified
   * @param hiddenGradients become the gradients of {@code hidden} [T, B, H]
   * @param gradients one of {@link #zeros}; added to
   */
  void backward(
      float[] hidden,
      Minibatch lanes,
      float[] rawGradients,
      float[] hiddenGradients,
      Decoder gradients);

  /** A decoder of the same sizes, all 0: a place for gradients. */
  Decoder zeros();

  /** The arrays themselves, for a trainer to change. */
  List<float[]> arrays();

  /** Those of {@link #arrays} that are added, not multiplied by: biases and embeddings. */
  List<float[]> biases();
}
