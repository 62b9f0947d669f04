package io.eddy.model;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Computes the raw outputs of the J steps ahead from the hidden state and the known-future
 * covariates. Immutable and shared, except for one that a trainer created and updates.
 */
public sealed interface Decoder permits LinearDecoder, StepsDecoder {
  /**
   * Sizes of a decoder.
   *
   * @param hiddenSize H
   * @param width M: units per step; 0 for the linear decoder
   * @param horizon J
   * @param futureInputs known-future covariates of a step ahead
   * @param rawPerStep R
   */
  record Sizes(int hiddenSize, int width, int horizon, FutureInputs futureInputs, int rawPerStep) {
    /** Returns the sizes of a specification's decoder. */
    public static Sizes of(ModelSpecification specification) {
      ModelSpecification.Output output = specification.output();
      return new Sizes(
          specification.network().hiddenSize(),
          output.decoding().width(),
          output.horizon(),
          new FutureCovariateEncoder(specification).sizes(),
          output.rawPerStep());
    }

    /** C: inputs of the known-future covariates per step ahead. */
    public int covariates() {
      return futureInputs.size();
    }

    /** (J + 1)·F: numbers of the known-future covariates of the data per forecast. */
    public int futureSize() {
      return (horizon + 1) * futureInputs.columns();
    }

    /** J·R: raw outputs. */
    public int rawSize() {
      return horizon * rawPerStep;
    }
  }

  /**
   * Sizes of the known-future covariates of a step ahead.
   *
   * @param calendar number of calendar covariates
   * @param columns F: number of covariates of the data
   */
  record FutureInputs(int calendar, int columns) {
    /** Number of inputs per covariate of the data. */
    static final int INPUTS = 2;

    /** C. */
    public int size() {
      return calendar + perStep();
    }

    /** 2·F: inputs that change with the forecast origin. */
    int perStep() {
      return INPUTS * columns;
    }
  }

  /**
   * Creates a decoder with random weights, uniform in ±1/√in, and ±bound/√in in the output layer.
   */
  static Decoder random(ModelSpecification specification, float bound, RandomGenerator random) {
    return specification.output().decoding().kind() == DecoderKind.LINEAR
        ? LinearDecoder.random(Sizes.of(specification), bound, random)
        : StepsDecoder.random(specification, bound, random);
  }

  Sizes sizes();

  /**
   * Computes the raw outputs of one forecast. Allocates nothing.
   *
   * @param hidden h [H], starting at {@code offset}; not modified
   * @param origin index of the last step
   * @param workspace of this decoder's sizes, with the known-future covariates set; its raw outputs
   *     are modified
   */
  void apply(float[] hidden, int offset, long origin, HeadWorkspace workspace);

  /**
   * Computes the raw outputs of B sequences of T steps.
   *
   * @param hidden [T, B, H]; not modified
   * @param batch origins and known-future covariates of the sequences
   * @param raw [T, B, J·R]; modified
   */
  void apply(float[] hidden, Minibatch batch, float[] raw);

  /**
   * Computes the gradients of B sequences of T steps.
   *
   * @param hidden [T, B, H], as passed to {@link #apply}; not modified
   * @param batch as passed to {@link #apply}
   * @param rawGradients [T, B, J·R]; not modified
   * @param hiddenGradients set to the gradients of {@code hidden} [T, B, H]
   * @param gradients a decoder from {@link #zeros}; the gradients of the weights are added to it
   */
  void backward(
      float[] hidden,
      Minibatch batch,
      float[] rawGradients,
      float[] hiddenGradients,
      Decoder gradients);

  /** Creates a decoder of the same sizes with all weights 0, which accumulates gradients. */
  Decoder zeros();

  /** Returns the weights, not a copy, for a trainer to update. */
  List<float[]> arrays();

  /** Returns those of {@link #arrays} that are added: biases and embeddings. */
  List<float[]> biases();
}
