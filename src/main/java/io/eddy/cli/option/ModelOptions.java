package io.eddy.cli.option;

import io.eddy.dataset.SeriesData;
import io.eddy.dataset.StaticCovariate;
import io.eddy.kafka.config.UsageException;
import io.eddy.model.BaselineSpec;
import io.eddy.model.BuildVersion;
import io.eddy.model.Covariate;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.Transform;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.GapFilling;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.series.TimeOfYear;
import io.eddy.training.SeasonDetector;
import io.eddy.training.TimeSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what model to train. What is not given follows from the data. */
public final class ModelOptions {
  private static final List<Double> NINE = List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
  private static final int SHORTEST_CONTEXT = 96;
  private static final int WIDEST_DECODER = 64;

  @Option(
      names = "--ensemble",
      paramLabel = "N",
      description =
          "Nets to train, each by a seed of its own, whose forecasts are averaged: at most 64."
              + " Default: 1, or one for each patch with each cell.")
  @Nullable Integer ensemble;

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      split = ",",
      defaultValue = "gru",
      description =
          "rnn_tanh, rnn_relu, gru or lstm; several for an ensemble's members to take in turn."
              + " Default: ${DEFAULT-VALUE}.")
  public List<String> cells = List.of("gru");

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "32",
      description = "Hidden units of a layer. Default: ${DEFAULT-VALUE}.")
  int hiddenSize = 32;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Layers. Default: as many as --dilations names, or 1.")
  @Nullable Integer layers;

  @Option(
      names = "--dilations",
      paramLabel = "N",
      split = ",",
      description =
          "Steps back that each layer, from the bottom, takes its own state from, as in 1,2,4."
              + " Default: 1 each.")
  List<Integer> dilations = List.of();

  @Option(
      names = "--patch",
      paramLabel = "N",
      split = ",",
      defaultValue = "1",
      description =
          "How many of the last values the first layer sees; several, as in 24,48, for an"
              + " ensemble's members to take in turn. Default: ${DEFAULT-VALUE}.")
  List<Integer> patches = List.of(1);

  @Option(
      names = "--dropout",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Share of the values between two layers that training leaves out at random. Default:"
              + " ${DEFAULT-VALUE}.")
  double dropout;

  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "24",
      description = "Steps to forecast. Default: ${DEFAULT-VALUE}.")
  public int horizon = 24;

  @Option(
      names = "--interval",
      paramLabel = "PT1H",
      description =
          "Length of a step. Default: the most frequent distance between two observations.")
  @Nullable Duration interval;

  @Option(
      names = "--aggregation",
      paramLabel = "HOW",
      defaultValue = "first",
      description =
          "How a step's observations become its value: first, last, mean, sum, min, max or count."
              + " All but first forecast when the step is over. Default: ${DEFAULT-VALUE}.")
  String aggregation = "first";

  @Option(
      names = "--max-gap",
      paramLabel = "N",
      defaultValue = "24",
      description =
          "Missing steps in a row that are filled in; a longer gap starts the series anew. Default:"
              + " ${DEFAULT-VALUE}.")
  int maxGap = 24;

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      defaultValue = "last",
      description =
          "What missing steps are filled in with, in training as in the stream: last, the last"
              + " value; median, the model's own forecast of the step; seasonal, the value a season"
              + " before. Default: ${DEFAULT-VALUE}.")
  String gaps = "last";

  @Option(
      names = "--season",
      paramLabel = "N",
      description =
          "Steps of the season whose value the net corrects, 0 for the last value. Default: what"
              + " fits the training part best of a day, a week and the last value.")
  @Nullable Integer season;

  @Option(
      names = "--covariates",
      paramLabel = "NAME",
      split = ",",
      description =
          "Columns of the CSV, or fields of the events, that are measured with each value and that"
              + " the net sees beside it, as in temperature,load. Where one is missing the last one"
              + " known stands in. Default: none.")
  List<String> covariates = List.of();

  @Option(
      names = "--future",
      paramLabel = "NAME",
      split = ",",
      description =
          "Likewise those that are known ahead as well, as a planned load or a weather forecast,"
              + " which the decoder of steps sees of each step that it forecasts. A CSV's later"
              + " lines, with a value or without, tell them; an event brings its own in its field"
              + " ahead. Default: none.")
  public List<String> future = List.of();

  @Option(
      names = "--static",
      paramLabel = "NAME",
      split = ",",
      description =
          "Likewise those that are the same for all of a series, as in site_height. Default: none.")
  List<String> statics = List.of();

  private enum Unit {
    SPREAD,
    ERROR;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      defaultValue = "spread",
      description =
          "What a series' corrections are measured in, and so what its errors weigh: the spread of"
              + " its values, or the mean error of the season's (or the last) value, as MASE does."
              + " Default: ${DEFAULT-VALUE}.")
  private Unit unit = Unit.SPREAD;

  @Option(
      names = "--look-back",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Let the net correct a linear model of the last N values, fitted in closed form, instead"
              + " of the season's value; 0 for none. A forecast then reads N values. Default:"
              + " ${DEFAULT-VALUE}.")
  int lookBack;

  @Option(
      names = "--yearly",
      description =
          "With --look-back: let the linear model also know the time of the year, for what moves"
              + " with the seasons, as temperatures do, and is forecast far ahead. Needs a year to"
              + " learn from.")
  boolean isYearly;

  @Option(
      names = "--lags",
      paramLabel = "N",
      split = ",",
      description =
          "Also let the net see the values so many steps before each step that it forecasts, as in"
              + " 24,168. Default: none.")
  List<Integer> lags = List.of();

  @Option(
      names = "--transform",
      paramLabel = "HOW",
      defaultValue = "none",
      description =
          "What is done to values first: none, or log, for amounts above 0 that change in"
              + " proportion to their size. Default: ${DEFAULT-VALUE}.")
  String transform = "none";

  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "W: steps from which a state is rebuilt when weights change. Default: a season and 96"
              + " steps, and no less than --patch, --lags and --look-back.")
  @Nullable Integer context;

  @Option(
      names = "--quantiles",
      paramLabel = "Q",
      split = ",",
      description = "Quantile levels, 0.5 among them. Default: 0.1,0.2,…,0.9.")
  List<Double> quantiles = NINE;

  @Option(
      names = "--calibrate",
      paramLabel = "RATE",
      description =
          "By how much of the mean error a value that came moves its quantiles in the stream, so"
              + " that as many lie below each as it says; 0 leaves them. Default:"
              + " ${DEFAULT-VALUE}.")
  double calibrationRate = 0.02;

  @Option(
      names = "--head",
      paramLabel = "HEAD",
      description =
          "What is forecast: quantiles, point, quantiles of a distribution, gaussian or student_t,"
              + " or the probabilities of classes, softmax, where values are whole numbers from 0"
              + " on. Default: quantiles.")
  @Nullable String head;

  @Option(
      names = "--classes",
      paramLabel = "K",
      description =
          "With --head softmax: values are 0 to K - 1. Default: as many as the data have.")
  @Nullable Integer classes;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "What a point forecast is taught by: squared, absolute or huber. Default: squared.")
  @Nullable String loss;

  @Option(
      names = "--decoder",
      paramLabel = "HOW",
      description =
          "How the steps ahead are made: linear, one layer for all of them, or steps, a small net"
              + " for each that knows its calendar and --future. Default: linear, or with --future"
              + " steps.")
  @Nullable String decoder;

  @Option(
      names = "--decoder-width",
      paramLabel = "N",
      description = "Units of --decoder steps. Default: as --hidden, at most 64.")
  @Nullable Integer decoderWidth;

  @Option(names = "--point", description = "The same as --head point.")
  boolean isPoint;

  /** How steps are made. */
  public Sampling sampling(long guessedIntervalMs) {
    try {
      return new Sampling(
          interval == null ? Duration.ofMillis(guessedIntervalMs) : interval,
          Aggregation.of(aggregation),
          maxGap,
          GapFilling.of(gaps));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The members; the season is sought in the training part where none is given. */
  public List<ModelSpecification> members(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    int steps =
        season == null
            ? SeasonDetector.detect(
                series, sampling.interval(), horizon, areClasses(), split.trainEnd())
            : season;
    int longest =
        Stream.concat(Stream.of(lookBack), Stream.concat(patches.stream(), lags.stream()))
            .reduce(0, Math::max);
    int contextLength = context == null ? Math.max(longest, steps + SHORTEST_CONTEXT) : context;
    try {
      ModelSpecification.Output output = output(base(steps, sampling, series, split), series);
      List<ModelSpecification> members = new ArrayList<>();
      for (int i = 0; i < size(); i++) {
        CellKind kind = CellKind.of(cells.get(i / patches.size() % cells.size()));
        members.add(
            new ModelSpecification(
                new ModelSpecification.Network(kind, hiddenSize, dilations(), dropout),
                sampling,
                new ModelSpecification.Inputs(
                        patches.get(i % patches.size()),
                        true,
                        Math.max(48, steps),
                        unit == Unit.ERROR ? Math.max(48, 7 * steps) : 0,
                        Transform.of(transform),
                        lags)
                    .withCovariates(covariates(series, split)),
                output,
                contextLength,
                new Provenance("", 0, BuildVersion.number(), Map.of())));
      }
      return members;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private BaselineSpec base(
      int seasonSteps, Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    if (isYearly && lookBack == 0) {
      throw new UsageException("--yearly: expected --look-back with it");
    }
    if (isYearly) {
      requireYear(sampling, series, split);
    }
    return new BaselineSpec(seasonSteps, lookBack, isYearly);
  }

  private static void requireYear(
      Sampling sampling, Collection<SteppedSeries> series, TimeSplit split) {
    long steps =
        series.stream().mapToLong(one -> one.before(split.trainEnd()).size()).max().orElse(0);
    Duration longest = sampling.interval().multipliedBy(steps);
    if (longest.toMillis() < TimeOfYear.YEAR_MS) {
      throw new UsageException(
          "--yearly: expected a series of at least 366 days to learn from, got %d"
              .formatted(longest.toDays()));
    }
  }

  /** Number of members: enough for each patch with each cell. */
  private int size() {
    int least = patches.size() * cells.size();
    int size = ensemble == null ? least : ensemble;
    if (size < least || size > Model.MAX_MEMBERS) {
      throw new UsageException(
          "--ensemble: expected %d to %d for %d patch(es) and %d cell(s), got %d"
              .formatted(least, Model.MAX_MEMBERS, patches.size(), cells.size(), size));
    }
    return size;
  }

  /** Names of all covariates. */
  public List<String> covariateNames() {
    List<String> names = new ArrayList<>(covariates);
    names.addAll(future);
    names.addAll(statics);
    try {
      names.forEach(Covariate::requireName);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    if (new HashSet<>(names).size() < names.size() || names.size() > Covariates.MAX_COUNT) {
      throw new UsageException(
          "--covariates, --future, --static: expected at most %d names, each once, got %s"
              .formatted(Covariates.MAX_COUNT, String.join(",", names)));
    }
    return names;
  }

  private List<Covariate> covariates(Collection<SteppedSeries> series, TimeSplit split) {
    List<Covariate> all = new ArrayList<>(covariates.stream().map(Covariate::past).toList());
    future.forEach(name -> all.add(Covariate.future(name)));
    for (String name : statics) {
      all.add(new StaticCovariate(name).of(series, split.trainEnd()));
    }
    return all;
  }

  private boolean areClasses() {
    return HeadKind.SOFTMAX.id().equals(head);
  }

  /** K: given, or one more than the highest class of the data; 0 where there are none. */
  private int classes(Collection<SteppedSeries> series) {
    if (!areClasses()) {
      if (classes != null) {
        throw new UsageException("--classes: expected --head softmax beside it");
      }
      return 0;
    }
    double highest =
        series.stream()
            .flatMapToDouble(one -> Arrays.stream(one.values()))
            .filter(value -> !Double.isNaN(value))
            .max()
            .orElse(0);
    return classes == null ? (int) highest + 1 : classes;
  }

  /** Refuses data that are not what the head forecasts, by series and time. */
  public void requireClasses(List<SeriesData> data) {
    if (areClasses()) {
      requireClasses(data, classes == null ? ModelSpecification.Output.MAX_CLASSES : classes);
    }
  }

  /** Makes sure that all values are classes below {@code limit}. */
  public static void requireClasses(List<SeriesData> data, int limit) {
    for (SeriesData one : data) {
      for (int i = 0; i < one.size(); i++) {
        double value = one.values()[i];
        if (!(value >= 0 && value < limit && value == Math.rint(value))) {
          throw new IllegalArgumentException(
              "series %s at %s: expected a class, a whole number from 0 to %d, got %s"
                  .formatted(
                      one.name(), Instant.ofEpochMilli(one.timestampsMs()[i]), limit - 1, value));
        }
      }
    }
  }

  private List<Integer> dilations() {
    if (dilations.isEmpty()) {
      return Collections.nCopies(layers == null ? 1 : layers, 1);
    }
    if (layers != null && layers != dilations.size()) {
      throw new UsageException(
          "--dilations: expected one for each of %d layers, got %d"
              .formatted(layers, dilations.size()));
    }
    return dilations;
  }

  private ModelSpecification.Decoding decoding() {
    DecoderKind usual = future.isEmpty() ? DecoderKind.LINEAR : DecoderKind.STEPS;
    DecoderKind kind = decoder == null ? usual : DecoderKind.of(decoder);
    if (kind == DecoderKind.LINEAR && !future.isEmpty()) {
      throw new UsageException("--future: expected --decoder steps, which alone looks ahead");
    }
    if (kind == DecoderKind.LINEAR && decoderWidth != null) {
      throw new UsageException("--decoder-width: expected --decoder steps beside it");
    }
    int width = decoderWidth == null ? Math.min(WIDEST_DECODER, hiddenSize) : decoderWidth;
    return kind == DecoderKind.LINEAR
        ? ModelSpecification.Decoding.LINEAR
        : new ModelSpecification.Decoding(kind, width);
  }

  private ModelSpecification.Output output(BaselineSpec base, Collection<SteppedSeries> series) {
    HeadKind kind = head == null ? HeadKind.of(isPoint ? List.of() : quantiles) : HeadKind.of(head);
    if (isPoint && kind != HeadKind.POINT) {
      throw new UsageException("--point and --head " + kind.id() + " exclude each other");
    }
    return new ModelSpecification.Output(
        horizon,
        kind,
        loss == null ? kind.losses().get(0) : LossKind.of(loss),
        kind.hasLevels() ? quantiles : List.of(),
        classes(series),
        decoding(),
        base,
        kind.hasLevels() ? calibrationRate : 0);
  }
}
