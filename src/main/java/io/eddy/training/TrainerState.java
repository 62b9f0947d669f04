package io.eddy.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a training has come: all that an epoch leaves to the next. The candidate of an epoch is
 * the net's weights or, where one is kept, their average.
 */
final class TrainerState {
  private final TrainableNet net;
  private final Adam adam;
  private final @Nullable WeightAverage average;
  private final List<float[]> best;
  private double leastLoss = Double.MAX_VALUE;
  private int bestEpoch;
  private int epoch;

  /** The beginning of a training of {@code net}, which is changed in place. */
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

  /** Epochs gone through. */
  int epoch() {
    return epoch;
  }

  /** The epoch of the best candidate; 0 where nothing was better than the first weights. */
  int bestEpoch() {
    return bestEpoch;
  }

  /** Changes the net against the gradients. */
  void update(List<float[]> gradients, double learningRate) {
    adam.step(gradients, learningRate);
    if (average != null) {
      average.update();
    }
  }

  /** Lets something be measured of the net with the candidate's weights. */
  double ofCandidate(DoubleSupplier measure) {
    if (average == null) {
      return measure.getAsDouble();
    }
    List<float[]> weights = copy(net.arrays());
    net.set(average.arrays());
    double value = measure.getAsDouble();
    net.set(weights);
    return value;
  }

  /** Takes the validation loss of the first weights. */
  void begin(double validationLoss) {
    leastLoss = validationLoss;
  }

  /** Takes the validation loss of an epoch's candidate, and keeps it where it is the best. */
  void epochEnded(double validationLoss) {
    epoch++;
    if (validationLoss < leastLoss) {
      leastLoss = validationLoss;
      bestEpoch = epoch;
      TrainableNet.copy(average == null ? net.arrays() : average.arrays(), best);
    }
  }

  /** Keeps an epoch's candidate whatever its loss, unless that is no number. */
  void keep(double trainingLoss) {
    leastLoss = Double.MAX_VALUE;
    if (Double.isFinite(trainingLoss)) {
      epochEnded(trainingLoss);
    } else {
      epoch++;
    }
  }

  /**
   * The net, with the best weights.
   *
   * @throws IllegalArgumentException where no weights gave a finite loss
   */
  Trainer.Result result() {
    if (leastLoss == Double.MAX_VALUE) {
      throw new IllegalArgumentException(
          "no weights gave a finite loss: try another cell, a lower learning rate or another seed");
    }
    net.set(best);
    return new Trainer.Result(net, epoch, leastLoss);
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
