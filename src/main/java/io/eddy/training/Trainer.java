package io.eddy.training;

import io.eddy.model.Baseline;
import io.eddy.model.Member;
import io.eddy.model.ModelSpecification;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Learns the weights of a model by truncated back-propagation through time.
 *
 * <p>Every step of every series is an example of a whole forecast of J steps (R. Wen et al., A
 * multi-horizon quantile recurrent forecaster, 2017). Excerpts of the series run side by side,
 * their states carried on from one chunk to the next. Gradients are summed in a fixed order, so
 * that the result does not depend on the number of threads.
 *
 * <p>Where the model fills gaps in with its own forecasts, those are made anew at the begin of
 * every epoch, and before each validation, by the weights of that time.
 */
public final class Trainer implements AutoCloseable {
  private static final double WARM_UP = 0.05;
  private static final double LAST_RATE = 0.02;
  private static final int COLD_STEPS = 16;

  private final ModelSpecification specification;
  private final TrainingSettings settings;
  private final WorkerPool workers;
  private final CheckpointStore checkpoints;

  /** What came of a training. */
  public static final class Result {
    private final TrainableNet net;
    private final int epochs;
    private final double validationLoss;

    Result(TrainableNet net, int epochs, double validationLoss) {
      this.net = net;
      this.epochs = epochs;
      this.validationLoss = validationLoss;
    }

    /** Epochs gone through. */
    public int epochs() {
      return epochs;
    }

    /** Least validation loss, that of the weights kept. */
    public double validationLoss() {
      return validationLoss;
    }

    /** The model file under a specification of the same network, say with its provenance. */
    public byte[] toFile(ModelSpecification specification) {
      return net.toFile(specification);
    }
  }

  /** A trainer that keeps no checkpoints. */
  public Trainer(ModelSpecification specification, TrainingSettings settings, int threads) {
    this(specification, settings, threads, CheckpointStore.NONE);
  }

  /**
   * A trainer that goes on from the last checkpoint there is, to the same bytes as one that was
   * never interrupted, and saves one after every epoch.
   */
  public Trainer(
      ModelSpecification specification,
      TrainingSettings settings,
      int threads,
      CheckpointStore checkpoints) {
    this.specification = specification;
    this.settings = settings;
    this.checkpoints = checkpoints;
    workers = new WorkerPool(threads);
  }

  @Override
  public void close() {
    workers.close();
  }

  /**
   * Trains from random weights.
   *
   * @throws IllegalArgumentException where the series hold too little to learn from
   */
  public Result train(
      Collection<SteppedSeries> series, TimeSplit split, TrainingListener progress) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    TrainableNet net = TrainableNet.random(specification, base(series, split), random);
    return train(series, split, progress, net, random);
  }

  private Baseline base(Collection<SteppedSeries> series, TimeSplit split) {
    boolean isLinear = specification.output().base().isLinear();
    return new Baseline(
        specification,
        isLinear ? LinearBaselineFit.of(series, specification, split.trainEnd()) : null);
  }

  /**
   * Trains on from the weights of a member, which itself stays as it is; where nothing gets better
   * by the validation part, they are what comes out.
   *
   * @param from a member of this trainer's specification but for the provenance
   * @throws IllegalArgumentException where it is of another, or the series hold too little to learn
   *     from
   */
  public Result train(
      Collection<SteppedSeries> series, TimeSplit split, TrainingListener progress, Member from) {
    if (!from.specification().with(specification.provenance()).equals(specification)) {
      throw new IllegalArgumentException("from: expected a member of the specification trained");
    }
    return train(
        series, split, progress, TrainableNet.of(from), new SplittableRandom(settings.seed()));
  }

  private Result train(
      Collection<SteppedSeries> series,
      TimeSplit split,
      TrainingListener progress,
      TrainableNet net,
      SplittableRandom random) {
    List<TrainingSequence> sequences = new ArrayList<>();
    series.forEach(one -> sequences.addAll(TrainingSequence.of(one, specification, net.base())));
    TrainerState learning = new TrainerState(net, settings.optimiser());
    Batches batches = new Batches(learning, sequences, split);
    Checkpoint checkpoint =
        new Checkpoint(specification, settings, new Checkpoint.Series(series, split), net);
    Optional<byte[]> last = checkpoints.last();
    if (last.isPresent()) {
      checkpoint.read(last.get(), learning);
    } else if (split.hasValidation()) {
      learning.begin(batches.validationLoss());
    }
    SplittableRandom dropouts = new SplittableRandom(~settings.seed());
    for (int epoch = 1; epoch <= learning.epoch(); epoch++) {
      random.split();
      dropouts.split();
    }
    while (learning.epoch() < settings.epochs()
        && learning.epoch() - learning.bestEpoch() < settings.patience()) {
      int epoch = learning.epoch() + 1;
      batches.dropOutBy(dropouts.split());
      double trainingLoss = batches.trainEpoch(epoch, random.split(), progress);
      double validationLoss =
          split.hasValidation() ? learning.ofCandidate(batches::validationLoss) : trainingLoss;
      if (split.hasValidation()) {
        learning.epochEnded(validationLoss);
      } else {
        learning.keep(trainingLoss);
      }
      checkpoints.save(checkpoint.write(learning));
      progress.epochEnded(epoch, trainingLoss, validationLoss);
    }
    return learning.result();
  }

  /** The data of one training, cut into batches, and the lanes that go through them. */
  private final class Batches {
    private final TimeSplit split;
    private final TrainableNet net;
    private final List<TrainingSequence> sequences;

    /** Those in which the net's forecasts stand in for what was not measured. */
    private final List<TrainingSequence> forecast;

    private final Batch batch;
    private final List<TrainingWindow> validation;
    private final int chunks;

    Batches(TrainerState learning, List<TrainingSequence> sequences, TimeSplit split) {
      this.split = split;
      this.sequences = sequences;
      net = learning.net();
      forecast = sequences.stream().filter(TrainingSequence::isForecast).toList();
      batch = new Batch(learning, specification, settings, workers);
      int longest = sequences.stream().mapToInt(TrainingSequence::steps).max().orElse(0);
      int length = settings.batches().truncationLength();
      chunks = Math.max(1, Math.min(settings.batches().chunks(), (longest + length - 1) / length));
      validation = split.hasValidation() ? validationExcerpts() : List.of();
      if (trainingExcerpts(new SplittableRandom(0)).isEmpty()
          || (split.hasValidation() && validation.isEmpty())) {
        throw tooLittle();
      }
    }

    private static IllegalArgumentException tooLittle() {
      return new IllegalArgumentException(
          "too little data: the training and the validation part must each hold steps"
              + " and some that follow them");
    }

    private int excerptLength() {
      return chunks * settings.batches().truncationLength();
    }

    private List<TrainingWindow> trainingExcerpts(SplittableRandom random) {
      List<TrainingWindow> excerpts = new ArrayList<>();
      for (TrainingSequence sequence : sequences) {
        int end = (int) Math.min(sequence.steps(), split.trainEnd() - sequence.firstStep() - 1);
        int start = -random.nextInt(excerptLength());
        for (; start < end; start += excerptLength()) {
          int from = Math.max(0, start);
          int to = Math.min(end, start + excerptLength());
          int lossFrom = from == 0 ? 0 : from + COLD_STEPS;
          if (to > lossFrom) {
            excerpts.add(new TrainingWindow(sequence, from, lossFrom, to));
          }
        }
      }
      for (int i = excerpts.size() - 1; i > 0; i--) {
        java.util.Collections.swap(excerpts, i, random.nextInt(i + 1));
      }
      return excerpts;
    }

    private List<TrainingWindow> validationExcerpts() {
      List<TrainingWindow> all = new ArrayList<>();
      int warm = Math.min(specification.contextLength(), excerptLength() / 2);
      for (TrainingSequence sequence : sequences) {
        int begin = (int) Math.max(0, split.trainEnd() - 1 - sequence.firstStep());
        int end =
            (int) Math.min(sequence.steps(), split.validationEnd() - sequence.firstStep() - 1);
        for (int at = begin; at < end; at += excerptLength() - warm) {
          int from = Math.max(0, at - warm);
          all.add(
              new TrainingWindow(sequence, from, at, Math.min(end, at + excerptLength() - warm)));
        }
      }
      int limit = settings.batches().lanes() * settings.batches().updatesPerEpoch() / (4 * chunks);
      List<TrainingWindow> some = new ArrayList<>();
      int stride = Math.max(1, all.size() / Math.max(1, limit));
      for (int i = 0; i < all.size(); i += stride) {
        some.add(all.get(i));
      }
      return some;
    }

    void dropOutBy(SplittableRandom random) {
      batch.dropOutBy(random);
    }

    /** Lets what stands in for steps without a value be what the net forecasts now. */
    private void fill() {
      List<Runnable> tasks = new ArrayList<>();
      forecast.forEach(one -> tasks.add(() -> one.fill(Imputer.by(net, specification))));
      workers.run(tasks);
    }

    double trainEpoch(int epoch, SplittableRandom random, TrainingListener progress) {
      fill();
      int lanes = settings.batches().lanes();
      int batches = Math.max(1, settings.batches().updatesPerEpoch() / chunks);
      List<TrainingWindow> excerpts = new ArrayList<>();
      while (excerpts.size() < batches * lanes) {
        excerpts.addAll(trainingExcerpts(random));
      }
      long perEpoch = (long) batches * chunks;
      long total = perEpoch * settings.epochs();
      long done = perEpoch * (epoch - 1);
      double lossSum = 0;
      long count = 0;
      for (int i = 0; i < batches; i++) {
        batch.begin(excerpts.subList(i * lanes, (i + 1) * lanes));
        for (int chunk = 0; chunk < chunks; chunk++) {
          batch.run(chunk, split.trainEnd(), true);
          lossSum += batch.lossSum();
          count += batch.count();
          if (batch.count() > 0) {
            batch.update(learningRate((double) done / total));
          }
          done++;
          progress.updated(done, total, lossSum / Math.max(1, count));
        }
      }
      if (count == 0) {
        throw tooLittle();
      }
      return lossSum / count;
    }

    /** Mean loss over the validation part; NaN never: an overflow counts as the largest number. */
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
      double warmUp = Math.min(1, (done + 1e-3) / WARM_UP);
      double cosine = 0.5 + 0.5 * StrictMath.cos(Math.PI * done);
      return settings.optimiser().learningRate() * warmUp * (LAST_RATE + (1 - LAST_RATE) * cosine);
    }
  }
}
