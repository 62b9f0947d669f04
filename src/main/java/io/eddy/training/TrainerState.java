package io.eddy.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * State of a training between epochs. The candidate of an epoch is the network's weights or, if a
 * weight average is kept, the average.
 */
final class TrainerState {
  private final TrainableNet net;
  private final Adam adam;
  private final @Nullable WeightAverage average;
  private final List<float[]> best;
  private double leastLoss = Double.MAX_VALUE;
  private int bestEpoch;
  private int epoch;

  /** Creates the initial state of a training that modifies {@code net} in place. */
  TrainerState(TrainableNet net, TrainingSettings.Optimiser optimiser) {
    this.net = net;
    boolean[] areWeights = net.areWeights();
    double[] decays = new double[areWeights.length];
    for (int i = 0; i < decays.length; i++) {
      decays[i] = areWeights[i] ? optimiser.weightDecay() : 0;
    }
    adam = new Adam(net.arrays(), decays);
    average =
        optimiser.averageHalfLife() > 0
            ? new WeightAverage(net.arrays(), optimiser.averageHalfLife())
            : null;
    best = copy(net.arrays());
  }

  private static List<float[]> copy(List<float[]> arrays) {
    return arrays.stream().map(float[]::clone).toList();
  }

  TrainableNet net() {
    return net;
  }

  /** Returns the number of epochs trained. */
  int epoch() {
    return epoch;
  }

  /**
   * Returns the epoch of the best candidate, or 0 if no candidate was better than the initial
   * weights.
   */
  int bestEpoch() {
    return bestEpoch;
  }

  /** Updates the network by one optimiser step. */
  void update(List<float[]> gradients, double learningRate) {
    adam.step(gradients, learningRate);
    if (average != null) {
      average.update();
    }
  }

  /** Evaluates {@code measure} while the network has the candidate's weights. */
  double measureCandidate(DoubleSupplier measure) {
    if (average == null) {
      return measure.getAsDouble();
    }
    List<float[]> weights = copy(net.arrays());
    net.set(average.arrays());
    double value = measure.getAsDouble();
    net.set(weights);
    return value;
  }

  /** Sets the validation loss of the initial weights. */
  void begin(double validationLoss) {
    leastLoss = validationLoss;
  }

  /** Ends an epoch with the validation loss of its candidate, which is kept if it is the best. */
  void epochEnded(double validationLoss) {
    epoch++;
    if (validationLoss < leastLoss) {
      leastLoss = validationLoss;
      bestEpoch = epoch;
      TrainableNet.copy(average == null ? net.arrays() : average.arrays(), best);
    }
  }

  /** Ends an epoch without validation. Keeps its candidate unless the loss is not finite. */
  void epochEndedWithoutValidation(double trainingLoss) {
    leastLoss = Double.MAX_VALUE;
    if (Double.isFinite(trainingLoss)) {
      epochEnded(trainingLoss);
    } else {
      epoch++;
    }
  }

  /**
   * Restores the best weights and returns the result.
   *
   * @throws IllegalArgumentException if no weights had a finite loss
   */
  Trainer.Result result() {
    if (leastLoss == Double.MAX_VALUE) {
      throw new IllegalArgumentException(
          "no finite loss: try another cell, a lower learning rate or another seed");
    }
    net.set(best);
    return new Trainer.Result(net, epoch, bestEpoch, leastLoss);
  }

  void write(DataOutputStream sink) throws IOException {
    sink.writeInt(epoch);
    sink.writeInt(bestEpoch);
    sink.writeDouble(leastLoss);
    Checkpoint.writeArrays(sink, net.arrays());
    Checkpoint.writeArrays(sink, best);
    adam.write(sink);
    if (average != null) {
      average.write(sink);
    }
  }

  void read(DataInputStream source) throws IOException {
    epoch = source.readInt();
    bestEpoch = source.readInt();
    leastLoss = source.readDouble();
    Checkpoint.readArrays(source, net.arrays());
    Checkpoint.readArrays(source, best);
    adam.read(source);
    if (average != null) {
      average.read(source);
    }
  }
}
