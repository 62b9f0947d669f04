package io.eddy.training;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Member;
import io.eddy.model.ModelSpecification;
import io.eddy.nn.CellKind;
import io.eddy.series.GapFilling;
import io.eddy.series.SteppedSeries;
import io.eddy.training.season.NaturalSeasons;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hyper-parameter search over cell, width, patch, dilations and season.
 *
 * <p>Candidates are drawn around a specification (J. Bergstra and Y. Bengio, Random search for
 * hyper-parameter optimization, 2012) and trained for a fraction of the epochs. The better half is
 * trained for twice as many epochs, and so on until one candidate remains (K. Jamieson and A.
 * Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, 2016).
 *
 * <p>All candidates have the same scaling and horizon, so their validation losses are in the same
 * unit. Seasons are therefore tried only where the unit of the corrections is the spread. The same
 * series, settings and specification give the same result.
 */
public final class ModelSearch {
  private static final int FIRST_EPOCHS_DIVISOR = 10;
  private static final int MIN_WIDTH = 4;
  private static final int MAX_WIDTH = 1024;
  private static final int MAX_PATCH = 1024;

  private final ModelSpecification initial;
  private final TrainingSettings settings;
  private final int threads;

  /**
   * Creates a search.
   *
   * @param initial the first candidate, around which the others are drawn
   * @param settings settings of the training that follows the search
   */
  ModelSearch(ModelSpecification initial, TrainingSettings settings, int threads) {
    this.initial = initial;
    this.settings = settings;
    this.threads = threads;
  }

  /**
   * A specification that was trained.
   *
   * @param specification the specification
   * @param epochs number of epochs trained
   * @param loss least validation loss
   */
  public record Candidate(ModelSpecification specification, int epochs, double loss) {}

  /** A candidate and its weights so far, which are null before it is trained. */
  private record Trial(Candidate candidate, @Nullable Member member) {}

  /**
   * Runs the search and returns the candidates, best first: those trained longer before the others,
   * and by ascending loss among themselves.
   *
   * @param count maximum number of candidates
   */
  List<Candidate> run(
      Collection<SteppedSeries> series, TimeSplit split, int count, TrainingListener listener) {
    Rungs rungs = new Rungs(series, split, new SearchProgress(listener, totalEpochs(count)));
    List<Trial> active = new ArrayList<>();
    int epochs = firstEpochs();
    for (ModelSpecification specification : candidates(count)) {
      active.add(rungs.train(new Trial(new Candidate(specification, 0, 0), null), epochs));
    }
    List<Candidate> ranking = new ArrayList<>();
    while (active.size() > 1) {
      active.sort(Comparator.comparingDouble(trial -> trial.candidate().loss()));
      int survivors = (active.size() + 1) / 2;
      List<Trial> eliminated = active.subList(survivors, active.size());
      ranking.addAll(0, eliminated.stream().map(Trial::candidate).toList());
      eliminated.clear();
      if (survivors > 1) {
        int rungEpochs = epochs;
        active.replaceAll(trial -> rungs.train(trial, rungEpochs));
        epochs += rungEpochs;
      }
    }
    ranking.add(0, active.get(0).candidate());
    return ranking;
  }

  private int firstEpochs() {
    return Math.max(1, settings.epochs() / FIRST_EPOCHS_DIVISOR);
  }

  private int totalEpochs(int count) {
    int active = candidates(count).size();
    int epochs = firstEpochs();
    int total = active * epochs;
    for (active = (active + 1) / 2; active > 1; active = (active + 1) / 2) {
      total += active * epochs;
      epochs *= 2;
    }
    return total;
  }

  /**
   * Returns the initial specification followed by others in random order, at most {@code count}.
   */
  List<ModelSpecification> candidates(int count) {
    List<ModelSpecification> others = new ArrayList<>();
    for (CellKind cell : cells()) {
      for (int width : widths()) {
        for (int patch : patches()) {
          for (List<Integer> dilations : dilations(patch)) {
            for (BaselineSpec baseline : baselines()) {
              others.add(specification(cell, width, patch, dilations, baseline));
            }
          }
        }
      }
    }
    Collections.shuffle(others, new Random(settings.seed()));
    return Stream.concat(Stream.of(initial), others.stream()).distinct().limit(count).toList();
  }

  private List<CellKind> cells() {
    return Stream.of(initial.network().cell(), CellKind.GRU, CellKind.LSTM, CellKind.LRU)
        .distinct()
        .toList();
  }

  private List<Integer> widths() {
    int width = initial.network().hiddenSize();
    int wider = Math.max(width, Math.min(MAX_WIDTH, 2 * width));
    return Stream.of(width, Math.max(MIN_WIDTH, width / 2), wider).distinct().toList();
  }

  private List<Integer> patches() {
    int horizon = initial.output().horizon();
    int season = initial.output().baseline().seasonSteps();
    return Stream.of(initial.inputs().patch(), 1, horizon, 2 * horizon, season)
        .filter(patch -> patch >= 1 && patch <= MAX_PATCH)
        .distinct()
        .toList();
  }

  /**
   * Returns the initial dilations, one layer, two layers of which the second looks back one patch,
   * and three layers with doubling dilations.
   */
  private List<List<Integer>> dilations(int patch) {
    int minLayers = initial.network().dropout() > 0 ? 2 : 1;
    return Stream.of(
            initial.network().dilations(),
            List.of(1),
            List.of(1, Math.max(2, patch)),
            List.of(1, 2, 4))
        .filter(dilations -> dilations.size() >= minLayers)
        .distinct()
        .toList();
  }

  /**
   * Returns the initial baseline and seasonal naive ones for the seasons of the interval with which
   * the scale, which the losses are relative to, is the same.
   */
  private List<BaselineSpec> baselines() {
    BaselineSpec first = initial.output().baseline();
    if (initial.inputs().errorHalfLife() > 0 || initial.sampling().gaps() == GapFilling.SEASONAL) {
      return List.of(first);
    }
    return Stream.concat(
            Stream.of(first),
            NaturalSeasons.of(initial.sampling().interval()).stream()
                .filter(steps -> steps <= initial.contextLength() && isSameScale(first, steps))
                .map(BaselineSpec::new))
        .distinct()
        .toList();
  }

  private boolean isSameScale(BaselineSpec first, int season) {
    return first.seasonSteps() > 0
        ? season >= first.seasonSteps()
        : PlanResolver.scalerHalfLife(List.of(season)) == initial.inputs().scalerHalfLife();
  }

  private ModelSpecification specification(
      CellKind cell, int width, int patch, List<Integer> dilations, BaselineSpec baseline) {
    return new ModelSpecification(
        new ModelSpecification.Network(cell, width, dilations, initial.network().dropout()),
        initial.sampling(),
        initial.inputs().withPatch(patch),
        initial.withBaseline(baseline).output(),
        Math.max(initial.contextLength(), patch),
        initial.provenance());
  }

  /** Trains candidates on the same data. */
  private final class Rungs {
    private final Collection<SteppedSeries> series;
    private final TimeSplit split;
    private final SearchProgress listener;

    Rungs(Collection<SteppedSeries> series, TimeSplit split, SearchProgress listener) {
      this.series = series;
      this.split = split;
      this.listener = listener;
    }

    Trial train(Trial trial, int epochs) {
      ModelSpecification specification = trial.candidate().specification();
      TrainingSettings rungSettings =
          new TrainingSettings(
              epochs, epochs, settings.optimiser(), settings.batches(), settings.seed());
      int epochsSoFar = trial.candidate().epochs() + epochs;
      Member from = trial.member();
      listener.begin(epochs);
      try (Trainer trainer =
          new Trainer(specification, rungSettings, threads, CheckpointStore.NONE)) {
        Trainer.Result result =
            from == null
                ? trainer.train(series, split, listener)
                : trainer.train(series, split, listener, from);
        return new Trial(
            new Candidate(specification, epochsSoFar, result.validationLoss()),
            result.toMember(specification));
      }
    }
  }

  /** Reports the updates of all candidates as those of one training. */
  private static final class SearchProgress implements TrainingListener {
    private final TrainingListener listener;
    private final int epochs;
    private int finishedEpochs;
    private int currentEpochs;

    /** Creates a listener for a search of {@code epochs} epochs in total. */
    SearchProgress(TrainingListener listener, int epochs) {
      this.listener = listener;
      this.epochs = epochs;
    }

    /** Starts the next candidate, which is trained for {@code epochs} epochs. */
    void begin(int epochs) {
      finishedEpochs += currentEpochs;
      currentEpochs = epochs;
    }

    @Override
    public void updated(long done, long total, double loss) {
      long perEpoch = total / currentEpochs;
      listener.updated(perEpoch * finishedEpochs + done, perEpoch * epochs, loss);
    }

    @Override
    public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
  }
}
