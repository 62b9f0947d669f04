package io.eddy.training;

import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.SteppedSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A search over cell, width and look-back, the last by the patch and the dilations: candidates are
 * drawn around a specification (J. Bergstra and Y. Bengio, Random search for hyper-parameter
 * optimization, 2012) and trained for a share of the epochs; the better half goes on to twice as
 * many, and so on until one is left (K. Jamieson and A. Talwalkar, Non-stochastic best arm
 * identification and hyperparameter optimization, 2016).
 *
 * <p>All have the same base, scale and steps to forecast, so that their validation losses are in
 * the same unit. The same series, settings and specification give the same result.
 */
public final class ModelSearch {
  private static final int FIRST_SHARE = 10;
  private static final int MIN_WIDTH = 4;
  private static final int MAX_WIDTH = 1024;
  private static final int MAX_PATCH = 1024;

  private final ModelSpecification given;
  private final TrainingSettings settings;
  private final int threads;

  /**
   * A search.
   *
   * @param given the first candidate, which the others are drawn around
   * @param settings of the training that the search is for
   */
  public ModelSearch(ModelSpecification given, TrainingSettings settings, int threads) {
    this.given = given;
    this.settings = settings;
    this.threads = threads;
  }

  /**
   * A specification that was tried.
   *
   * @param specification what was trained
   * @param epochs that it was trained for
   * @param loss least validation loss
   */
  public record Candidate(ModelSpecification specification, int epochs, double loss) {}

  /** A candidate with its weights so far, none before it is trained. */
  private record Tried(Candidate candidate, @Nullable Model model) {}

  /**
   * The candidates, the best first: those that went on longer before those that did not, and by
   * their loss among them.
   *
   * @param count at most so many are tried
   */
  public List<Candidate> run(
      Collection<SteppedSeries> series, TimeSplit split, int count, TrainingListener progress) {
    Rungs rungs = new Rungs(series, split, new SearchProgress(progress, totalEpochs(count)));
    List<Tried> going = new ArrayList<>();
    int epochs = firstEpochs();
    for (ModelSpecification specification : candidates(count)) {
      going.add(rungs.train(new Tried(new Candidate(specification, 0, 0), null), epochs));
    }
    List<Candidate> ended = new ArrayList<>();
    while (going.size() > 1) {
      going.sort(Comparator.comparingDouble(tried -> tried.candidate().loss()));
      int left = (going.size() + 1) / 2;
      List<Tried> out = going.subList(left, going.size());
      ended.addAll(0, out.stream().map(Tried::candidate).toList());
      out.clear();
      if (left > 1) {
        int more = epochs;
        going.replaceAll(tried -> rungs.train(tried, more));
        epochs += more;
      }
    }
    ended.add(0, going.get(0).candidate());
    return ended;
  }

  private int firstEpochs() {
    return Math.max(1, settings.epochs() / FIRST_SHARE);
  }

  private int totalEpochs(int count) {
    int going = candidates(count).size();
    int epochs = firstEpochs();
    int total = going * epochs;
    for (going = (going + 1) / 2; going > 1; going = (going + 1) / 2) {
      total += going * epochs;
      epochs *= 2;
    }
    return total;
  }

  /** The one given, then others in an order that the seed draws; as many as there are, at most. */
  List<ModelSpecification> candidates(int count) {
    List<ModelSpecification> others = new ArrayList<>();
    for (CellKind cell : cells()) {
      for (int width : widths()) {
        for (int patch : patches()) {
          for (List<Integer> dilations : dilations(patch)) {
            others.add(specification(cell, width, patch, dilations));
          }
        }
      }
    }
    Collections.shuffle(others, new Random(settings.seed()));
    return Stream.concat(Stream.of(given), others.stream()).distinct().limit(count).toList();
  }

  private List<CellKind> cells() {
    return Stream.of(given.network().cell(), CellKind.GRU, CellKind.LSTM).distinct().toList();
  }

  private List<Integer> widths() {
    int width = given.network().hiddenSize();
    int wider = Math.max(width, Math.min(MAX_WIDTH, 2 * width));
    return Stream.of(width, Math.max(MIN_WIDTH, width / 2), wider).distinct().toList();
  }

  private List<Integer> patches() {
    int horizon = given.output().horizon();
    int season = given.output().base().seasonSteps();
    return Stream.of(given.inputs().patch(), 1, horizon, 2 * horizon, season)
        .filter(patch -> patch >= 1 && patch <= MAX_PATCH)
        .distinct()
        .toList();
  }

  /** As given, one layer, two of which one looks back a patch, three that double. */
  private List<List<Integer>> dilations(int patch) {
    int fewest = given.network().dropout() > 0 ? 2 : 1;
    return Stream.of(
            given.network().dilations(),
            List.of(1),
            List.of(1, Math.max(2, patch)),
            List.of(1, 2, 4))
        .filter(dilations -> dilations.size() >= fewest)
        .distinct()
        .toList();
  }

  private ModelSpecification specification(
      CellKind cell, int width, int patch, List<Integer> dilations) {
    return new ModelSpecification(
        new ModelSpecification.Network(cell, width, dilations, given.network().dropout()),
        given.sampling(),
        given.inputs().withPatch(patch),
        given.output(),
        Math.max(given.contextLength(), patch),
        given.provenance());
  }

  /** Trains candidates on the same data. */
  private final class Rungs {
    private final Collection<SteppedSeries> series;
    private final TimeSplit split;
    private final SearchProgress progress;

    Rungs(Collection<SteppedSeries> series, TimeSplit split, SearchProgress progress) {
      this.series = series;
      this.split = split;
      this.progress = progress;
    }

    Tried train(Tried tried, int epochs) {
      ModelSpecification specification = tried.candidate().specification();
      TrainingSettings brief =
          new TrainingSettings(
              epochs, epochs, settings.optimiser(), settings.batches(), settings.seed());
      int sum = tried.candidate().epochs() + epochs;
      Model from = tried.model();
      progress.begin(epochs);
      try (Trainer trainer = new Trainer(specification, brief, threads)) {
        Trainer.Result result =
            from == null
                ? trainer.train(series, split, progress)
                : trainer.train(series, split, progress, from.member(0));
        return new Tried(
            new Candidate(specification, sum, result.validationLoss()),
            ModelFile.read(result.toFile(specification)));
      }
    }
  }

  /** Tells the updates of all candidates as those of one training. */
  private static final class SearchProgress implements TrainingListener {
    private final TrainingListener told;
    private final int epochs;
    private int epochsBefore;
    private int epochsNow;

    /** Of a search that takes {@code epochs} in all. */
    SearchProgress(TrainingListener told, int epochs) {
      this.told = told;
      this.epochs = epochs;
    }

    /** The next candidate begins, for that many epochs. */
    void begin(int epochs) {
      epochsBefore += epochsNow;
      epochsNow = epochs;
    }

    @Override
    public void updated(long done, long total, double loss) {
      long perEpoch = total / epochsNow;
      told.updated(perEpoch * epochsBefore + done, perEpoch * epochs, loss);
    }

    @Override
    public void epochEnded(int epoch, double trainingLoss, double validationLoss) {}
  }
}
