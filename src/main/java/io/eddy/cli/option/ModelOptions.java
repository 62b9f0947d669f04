package io.eddy.cli.option;

import io.eddy.kafka.config.UsageException;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.Transform;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.training.ModelPlan;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what model to train. What is not given follows from the data. */
public final class ModelOptions {
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
  List<String> cells = List.of("gru");

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "" + ModelPlan.Network.DEFAULT_HIDDEN_SIZE,
      description = "Hidden units of a layer. Default: ${DEFAULT-VALUE}.")
  int hiddenSize;

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
      defaultValue = "" + ModelPlan.Output.DEFAULT_HORIZON,
      description = "Steps to forecast. Default: ${DEFAULT-VALUE}.")
  int horizon;

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
      defaultValue = "" + ModelPlan.Grid.DEFAULT_MAX_GAP_STEPS,
      description =
          "Missing steps in a row that are filled in; a longer gap starts the series anew. Default:"
              + " ${DEFAULT-VALUE}.")
  int maxGap;

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
  List<String> future = List.of();

  @Option(
      names = "--static",
      paramLabel = "NAME",
      split = ",",
      description =
          "Likewise those that are the same for all of a series, as in site_height. Default: none.")
  List<String> statics = List.of();

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      defaultValue = "spread",
      description =
          "What a series' corrections are measured in, and so what its errors weigh: the spread of"
              + " its values, or the mean error of the season's (or the last) value, as MASE does."
              + " Default: ${DEFAULT-VALUE}.")
  String unit = "spread";

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
  List<Double> quantiles = ModelPlan.Head.DEFAULT_QUANTILE_LEVELS;

  @Option(
      names = "--calibrate",
      paramLabel = "RATE",
      description =
          "By how much of the mean error a value that came moves its quantiles in the stream, so"
              + " that as many lie below each as it says; 0 leaves them. Default:"
              + " ${DEFAULT-VALUE}.")
  double calibrationRate = ModelPlan.Head.DEFAULT_CALIBRATION_RATE;

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

  /**
   * Returns the plan that the options describe.
   *
   * @throws UsageException if they contradict each other
   */
  public ModelPlan plan() {
    try {
      return new ModelPlan(
          new ModelPlan.Network(
              cells.stream().map(CellKind::of).toList(),
              hiddenSize,
              layerDilations(),
              dropout,
              ensemble),
          new ModelPlan.Grid(interval, Aggregation.of(aggregation), maxGap, GapFilling.of(gaps)),
          new ModelPlan.Inputs(
              patches,
              lags,
              Transform.of(transform),
              new ModelPlan.CovariateNames(covariates, future, statics),
              context),
          new ModelPlan.Baseline(season, lookBack, isYearly, ModelPlan.CorrectionUnit.of(unit)),
          new ModelPlan.Output(
              horizon,
              new ModelPlan.Head(
                  headKind(),
                  loss == null ? null : LossKind.of(loss),
                  quantiles,
                  classes,
                  calibrationRate),
              new ModelPlan.Decoder(
                  decoder == null ? null : DecoderKind.of(decoder), decoderWidth)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private HeadKind headKind() {
    HeadKind kind = head == null ? HeadKind.of(isPoint ? List.of() : quantiles) : HeadKind.of(head);
    if (isPoint && kind != HeadKind.POINT) {
      throw new UsageException("--point and --head " + kind.id() + " exclude each other");
    }
    return kind;
  }

  private List<Integer> layerDilations() {
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
}
