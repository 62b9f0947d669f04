package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.Member;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.ModelFile;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Trains the weights of a model by truncated back-propagation through time.
 *
 * <p>Every step of every series is an example of a forecast over the whole horizon of J steps (R.
 * Wen et al., A multi-horizon quantile recurrent forecaster, 2017). Windows of the series are
 * processed side by side, and their states are carried from one chunk to the next. Gradients are
 * summed in a fixed order, so the result does not depend on the number of threads.
 *
 * <p>If the model imputes gaps by its own forecasts, these are recomputed with the current weights
 * at the start of every epoch and before each validation.
 */
final class Trainer implements AutoCloseable {
  /** Share of all updates during which the learning rate increases. */
  private static final double WARM_UP_SHARE = 0.05;

  /** Learning rate after the last update, relative to its maximum. */
  private static final double FINAL_RATE_SHARE = 0.02;

  /** Steps after the start of a window inside a series whose forecasts have no loss. */
  private static final int COLD_STEPS = 16;

  private final ModelSpecification specification;
  private final TrainingSettings settings;
  private final WorkerPool workers;
  private final CheckpointStore checkpoints;
  private final LinearBaselines baselines;

  /** The result of a training. */
  static final class Result {
    private final TrainableNet net;
    private final int epochs;
    private final int bestEpoch;
    private final double validationLoss;

    Result(TrainableNet net, int epochs, int bestEpoch, double validationLoss) {
      this.net = net;
      this.epochs = epochs;
      this.bestEpoch = bestEpoch;
      this.validationLoss = validationLoss;
    }

    /** Returns the number of epochs trained. */
    int epochs() {
      return epochs;
    }

    /**
     * Returns the number of epochs after which the kept weights were reached; 0 for the initial.
     */
    int bestEpoch() {
      return bestEpoch;
    }

    /** Returns the least validation loss, which is that of the weights kept. */
    double validationLoss() {
      return validationLoss;
    }

    /** Returns the trained member with a specification of the same network. */
    Member toMember(ModelSpecification specification) {
      return net.toMember(specification);
    }

    /** Returns the model file with a specification of the same network. */
    byte[] toFile(ModelSpecification specification) {
      return ModelFile.of(List.of(toMember(specification))).bytes();
    }
  }

  /**
   * Creates a trainer that resumes from the last checkpoint and saves one after every epoch. A
   * resumed training gives the same bytes as one that was not interrupted.
   */
  Trainer(
      ModelSpecification specification,
      TrainingSettings settings,
      int threads,
      CheckpointStore checkpoints) {
    this(specification, settings, threads, checkpoints, new LinearBaselines());
  }

  /** Creates a trainer that takes its linear baseline from {@code baselines}. */
  Trainer(
      ModelSpecification specification,
      TrainingSettings settings,
      int threads,
      CheckpointStore checkpoints,
      LinearBaselines baselines) {
    this.specification = specification;
    this.settings = settings;
    this.checkpoints = checkpoints;
    this.baselines = baselines;
    workers = new WorkerPool(threads);
  }

  @Override
  public void close() {
    workers.close();
  }

  /**
   * Trains from random weights.
   *
   * @throws IllegalArgumentException if the series hold too little data
   */
  Result train(Collection<SteppedSeries> series, TimeSplit split, TrainingListener listener) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    TrainableNet net = TrainableNet.random(specification, base(series, split), random);
    return train(new Data(series, split), settings.epochs(), listener, net, random);
  }

  /** An epoch, from 1, and the number of epochs of the training. */
  private record EpochOf(int number, int count) {}

  /** The series and their split. */
  private record Data(Collection<SteppedSeries> series, TimeSplit split) {}

  private Baseline base(Collection<SteppedSeries> series, TimeSplit split) {
    boolean isLinear = specification.output().baseline().isLinear();
    return new Baseline(
        specification, isLinear ? baselines.of(series, specification, split.trainEnd()) : null);
  }

  /**
   * Trains on all data, with the schedule of a training that was validated, up to the epoch whose
   * weights it kept.
   *
   * @param series whose steps are all trained on
   * @param measured result of that training
   * @param from the member that it started from, or null for random weights
   * @throws IllegalArgumentException if no loss is finite
   */
  Result refit(
      Collection<SteppedSeries> series,
      TrainingListener listener,
      Result measured,
      @Nullable Member from) {
    long end = TimeSplit.span(series).end();
    TimeSplit all = new TimeSplit(end, end);
    SplittableRandom random = new SplittableRandom(settings.seed());
    TrainableNet net =
        from == null
            ? TrainableNet.random(specification, base(series, all), random)
            : TrainableNet.of(from);
    return measured.bestEpoch() == 0
        ? new Result(net, 0, 0, measured.validationLoss())
        : train(new Data(series, all), measured.bestEpoch(), listener, net, random);
  }

  /**
   * Returns the mean loss of a result on the steps between the training part and the end of the
   * validation part of a split.
   */
  double loss(Collection<SteppedSeries> series, TimeSplit split, Result result) {
    List<TrainingSequence> sequences = sequences(series, result.net);
    return new Batches(new TrainerState(result.net, settings.optimiser()), sequences, split)
        .validationLoss();
  }

  private List<TrainingSequence> sequences(Collection<SteppedSeries> series, TrainableNet net) {
    List<TrainingSequence> sequences = new ArrayList<>();
    series.forEach(s -> sequences.addAll(TrainingSequence.of(s, specification, net.base())));
    return sequences;
  }

  /**
   * Trains from the weights of a member, which is not modified. If the validation loss does not
   * improve, the result has these weights.
   *
   * @param from a member with the specification of this trainer except for the provenance
   * @throws IllegalArgumentException if the specification differs or the series hold too little
   *     data
   */
  Result train(
      Collection<SteppedSeries> series, TimeSplit split, TrainingListener listener, Member from) {
    if (!from.specification().withProvenance(specification.provenance()).equals(specification)) {
      throw new IllegalArgumentException(
          "from: expected a member with the specification of this trainer");
    }
    return train(
        new Data(series, split),
        settings.epochs(),
        listener,
        TrainableNet.of(from),
        new SplittableRandom(settings.seed()));
  }

  private Result train(
      Data data, int epochs, TrainingListener listener, TrainableNet net, SplittableRandom random) {
    TimeSplit split = data.split();
    TrainerState state = new TrainerState(net, settings.optimiser());
    Batches batches = new Batches(state, sequences(data.series(), net), split);
    Checkpoint checkpoint =
        new Checkpoint(specification, settings, new Checkpoint.Series(data.series(), split), net);
    Optional<byte[]> last = checkpoints.last();
    if (last.isPresent()) {
      checkpoint.read(last.get(), state);
    } else if (split.hasValidation()) {
      state.begin(batches.validationLoss());
    }
    SplittableRandom dropouts = new SplittableRandom(~settings.seed());
    for (int epoch = 1; epoch <= state.epoch(); epoch++) {
      random.split();
      dropouts.split();
    }
    while (state.epoch() < epochs && state.epoch() - state.bestEpoch() < settings.patience()) {
      int epoch = state.epoch() + 1;
      batches.setRandom(dropouts.split());
      double trainingLoss =
          batches.trainEpoch(new EpochOf(epoch, epochs), random.split(), listener);
      double validationLoss =
          split.hasValidation() ? state.measureCandidate(batches::validationLoss) : trainingLoss;
      if (split.hasValidation()) {
        state.epochEnded(validationLoss);
      } else {
        state.epochEndedWithoutValidation(trainingLoss);
      }
      checkpoints.save(checkpoint.write(state));
      listener.epochEnded(epoch, trainingLoss, validationLoss);
    }
    return state.result();
  }

  /** The data of one training, cut into windows, and the lanes that process them. */
  private final class Batches {
    private final TimeSplit split;
    private final TrainableNet net;
    private final List<TrainingSequence> sequences;

    /** Sequences whose gaps are imputed by the network's forecasts. */
    private final List<TrainingSequence> forecastImputed;

    private final Batch batch;
    private final List<TrainingWindow> validation;
    private final int chunks;

    Batches(TrainerState state, List<TrainingSequence> sequences, TimeSplit split) {
      this.split = split;
      this.sequences = sequences;
      net = state.net();
      forecastImputed = sequences.stream().filter(TrainingSequence::isForecast).toList();
      batch = new Batch(state, specification, settings, workers);
      int maxSteps = sequences.stream().mapToInt(TrainingSequence::steps).max().orElse(0);
      int length = settings.batches().truncationLength();
      chunks = Math.max(1, Math.min(settings.batches().chunks(), (maxSteps + length - 1) / length));
      validation = split.hasValidation() ? validationWindows() : List.of();
      if (trainingWindows(new SplittableRandom(0)).isEmpty()
          || (split.hasValidation() && validation.isEmpty())) {
        throw tooLittle();
      }
    }

    private static IllegalArgumentException tooLittle() {
      return new IllegalArgumentException(
          "too little data: the training part and the validation part must each contain steps"
              + " that are followed by further steps");
    }

    private int windowLength() {
      return chunks * settings.batches().truncationLength();
    }

    private List<TrainingWindow> trainingWindows(SplittableRandom random) {
      List<TrainingWindow> windows = new ArrayList<>();
      for (TrainingSequence sequence : sequences) {
        int end = (int) Math.min(sequence.steps(), split.trainEnd() - sequence.firstStep() - 1);
        int start = -random.nextInt(windowLength());
        for (; start < end; start += windowLength()) {
          int from = Math.max(0, start);
          int to = Math.min(end, start + windowLength());
          int lossFrom = from == 0 ? 0 : from + COLD_STEPS;
          if (to > lossFrom) {
            windows.add(new TrainingWindow(sequence, from, lossFrom, to));
          }
        }
      }
      for (int i = windows.size() - 1; i > 0; i--) {
        Collections.swap(windows, i, random.nextInt(i + 1));
      }
      return windows;
    }

    private List<TrainingWindow> validationWindows() {
      List<TrainingWindow> all = new ArrayList<>();
      int warm = Math.min(specification.contextLength(), windowLength() / 2);
      for (TrainingSequence sequence : sequences) {
        int begin = (int) Math.max(0, split.trainEnd() - 1 - sequence.firstStep());
        int end =
            (int) Math.min(sequence.steps(), split.validationEnd() - sequence.firstStep() - 1);
        for (int at = begin; at < end; at += windowLength() - warm) {
          int from = Math.max(0, at - warm);
          all.add(
              new TrainingWindow(sequence, from, at, Math.min(end, at + windowLength() - warm)));
        }
      }
      int limit = settings.batches().lanes() * settings.batches().updatesPerEpoch() / (4 * chunks);
      List<TrainingWindow> selected = new ArrayList<>();
      int stride = Math.max(1, all.size() / Math.max(1, limit));
      for (int i = 0; i < all.size(); i += stride) {
        selected.add(all.get(i));
      }
      return selected;
    }

    void setRandom(SplittableRandom random) {
      batch.setRandom(random);
    }

    /** Imputes gaps by the network's current forecasts. */
    private void fill() {
      List<Runnable> tasks = new ArrayList<>();
      forecastImputed.forEach(
          sequence -> tasks.add(() -> sequence.fill(Imputer.forecasting(net, specification))));
      workers.run(tasks);
    }

    double trainEpoch(EpochOf epoch, SplittableRandom random, TrainingListener listener) {
      fill();
      int lanes = settings.batches().lanes();
      int batches = Math.max(1, settings.batches().updatesPerEpoch() / chunks);
      List<TrainingWindow> windows = new ArrayList<>();
      while (windows.size() < batches * lanes) {
        windows.addAll(trainingWindows(random));
      }
      long perEpoch = (long) batches * chunks;
      long total = perEpoch * settings.epochs();
      long done = perEpoch * (epoch.number() - 1);
      double lossSum = 0;
      long count = 0;
      for (int i = 0; i < batches; i++) {
        batch.begin(windows.subList(i * lanes, (i + 1) * lanes));
        for (int chunk = 0; chunk < chunks; chunk++) {
          batch.run(chunk, split.trainEnd(), true);
          lossSum += batch.lossSum();
          count += batch.count();
          if (batch.count() > 0) {
            batch.update(learningRate((double) done / total));
          }
          done++;
          listener.updated(done, perEpoch * epoch.count(), lossSum / Math.max(1, count));
        }
      }
      if (count == 0) {
        throw tooLittle();
      }
      return lossSum / count;
    }

    /**
     * Returns the mean loss over the validation part. An overflow counts as {@link
     * Double#MAX_VALUE}.
     */
    double validationLoss() {
      fill();
      double lossSum = 0;
      long count = 0;
      int lanes = settings.batches().lanes();
      for (int at = 0; at < validation.size(); at += lanes) {
        batch.begin(validation.subList(at, Math.min(validation.size(), at + lanes)));
        for (int chunk = 0; chunk < chunks; chunk++) {
          batch.run(chunk, split.validationEnd(), false);
          lossSum += batch.lossSum();
          count += batch.count();
        }
      }
      if (count == 0) {
        throw tooLittle();
      }
      double mean = lossSum / count;
      return Double.isFinite(mean) ? mean : Double.MAX_VALUE;
    }

    private double learningRate(double done) {
      double warmUp = Math.min(1, (done + 1e-3) / WARM_UP_SHARE);
      double cosine = 0.5 + 0.5 * StrictMath.cos(Math.PI * done);
      return settings.optimiser().learningRate()
          * warmUp
          * (FINAL_RATE_SHARE + (1 - FINAL_RATE_SHARE) * cosine);
    }
  }
}
