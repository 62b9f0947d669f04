package io.eddy.cli.option;

import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.cli.terminal.UsageException;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Transform;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.series.IntervalChoice;
import io.eddy.training.CovariateNames;
import io.eddy.training.ModelPlan;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that describe the model to train. Values that are not given are derived from the
 * data.
 */
@OptionGroup(Section.MODEL)
public final class ModelOptions {
  @Within(min = 1, max = 64)
  @Option(
      names = "--ensemble",
      paramLabel = "N",
      description =
          "Number of models to train with different seeds, at most 64; the forecast is their"
              + " average. Default: one for each combination of --patch and --cell; up to 5 if"
              + " neither is given and --budget allows it.")
  private @Nullable Integer ensemble;

  @OptionGroup(Section.COMMON)
  @Option(
      names = "--cell",
      paramLabel = "CELL",
      split = ",",
      defaultValue = "gru",
      description =
          "Recurrent cell: rnn_tanh, rnn_relu, gru, lstm, slstm or lru. Several values are assigned to the"
              + " members of an ensemble in turn. Default: ${DEFAULT-VALUE}.")
  private List<String> cells = List.of("gru");

  @Within(min = 1, max = 4096)
  @OptionGroup(Section.COMMON)
  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Hidden units per layer. Default: 32 to 96, by the size of the data.")
  private @Nullable Integer hiddenSize;

  @Within(min = 1, max = 16)
  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "Number of layers. Default: the number of values of --dilations, or 1.")
  private @Nullable Integer layers;

  @Within(min = 1, max = 10_000)
  @OptionGroup(Section.ADVANCED)
  @Option(
      names = "--dilations",
      paramLabel = "N",
      split = ",",
      description =
          "Dilation of each layer in steps, from the bottom, for example 1,2,4. A layer with"
              + " dilation d takes its state from d steps back. Default: 1 for each layer.")
  private List<Integer> dilations = List.of();

  @Within(min = 1, max = 4096)
  @OptionGroup(Section.ADVANCED)
  @Option(
      names = "--patch",
      paramLabel = "N",
      split = ",",
      description =
          "Number of last values that the first layer reads. Several values, for example 24,48, are"
              + " assigned to the members of an ensemble in turn. Default: the shortest season.")
  private @Nullable List<Integer> patches;

  @Within(max = 1, isMaxExclusive = true)
  @Option(
      names = "--dropout",
      paramLabel = "X",
      defaultValue = "0",
      description = "Dropout between layers, a share from 0 to below 1. Default: ${DEFAULT-VALUE}.")
  private double dropout;

  @Within(min = 1, max = 10_000)
  @OptionGroup(Section.COMMON)
  @Option(
      names = "--horizon",
      paramLabel = "N",
      defaultValue = "" + ModelPlan.Output.DEFAULT_HORIZON,
      description = "Forecast horizon in steps. Default: ${DEFAULT-VALUE}.")
  private int horizon;

  @OptionGroup(Section.DATA)
  @Option(
      names = "--interval",
      paramLabel = "INTERVAL",
      description =
          "Interval of the steps: a duration such as 15m or PT1H, a calendar period such as P1D,"
              + " P7D, P1M, P3M or P1Y, or business-day. Calendar periods are those of --zone; weeks,"
              + " quarters and years start where the data are. Default: detected.")
  private @Nullable String interval;

  @OptionGroup(Section.DATA)
  @Option(
      names = "--aggregation",
      paramLabel = "HOW",
      defaultValue = "first",
      description =
          "Aggregation of the observations of a step: first, last, mean, sum, min, max or count."
              + " With first, forecasts are made at the first observation of a step, otherwise when"
              + " the step closes. Default: ${DEFAULT-VALUE}.")
  private String aggregation = "first";

  @Within(max = 100_000)
  @OptionGroup(Section.DATA)
  @Option(
      names = "--max-gap",
      paramLabel = "N",
      defaultValue = "" + ModelPlan.Grid.DEFAULT_MAX_GAP_STEPS,
      description =
          "Maximum number of consecutive missing steps to fill. After a longer gap the series"
              + " starts again with an empty state. Default: ${DEFAULT-VALUE}.")
  private int maxGap;

  @OptionGroup(Section.DATA)
  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      defaultValue = "last",
      description =
          "Values for missing steps: last (the last value), median (the forecast of the step) or"
              + " seasonal (the value one season before). Default: ${DEFAULT-VALUE}.")
  private String gaps = "last";

  @Within(max = 10_000)
  @OptionGroup(Section.DATA)
  @Option(
      names = "--season",
      paramLabel = "N",
      split = ",",
      description =
          "Seasons of the data in steps, at most 3, for example 24,168; 0 for none. The first one is"
              + " that of the seasonal naive baseline. Default: detected in the training data.")
  private @Nullable List<Integer> seasons;

  @OptionGroup(Section.DATA)
  @Option(
      names = "--covariates",
      paramLabel = "NAME",
      split = ",",
      description =
          "Past covariates: columns of the CSV file or fields of the events that are measured with"
              + " each value, for example temperature,load. A missing value is replaced by the last"
              + " known one. Default: none.")
  private List<String> covariates = List.of();

  @OptionGroup(Section.DATA)
  @Option(
      names = "--future",
      paramLabel = "NAME",
      split = ",",
      description =
          "Known-future covariates, for example a planned load or a weather forecast, for --decoder"
              + " steps. A CSV file has their future values in later lines, with or without a"
              + " value; an event has them in its field ahead. Default: none.")
  private List<String> future = List.of();

  @OptionGroup(Section.DATA)
  @Option(
      names = "--static",
      paramLabel = "NAME",
      split = ",",
      description =
          "Static covariates, which have one value per series, for example site_height. Default:"
              + " none.")
  private List<String> statics = List.of();

  @OptionGroup(Section.ADVANCED)
  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      description =
          "Unit of the corrections and of the training loss of a series: spread (scale"
              + " of its values) or error (mean error of seasonal naive, as in MASE). Default:"
              + " error for several series with a season, otherwise spread.")
  private @Nullable String unit;

  @Within(max = 10_000)
  @Option(
      names = "--look-back",
      paramLabel = "N",
      description =
          "Use a linear baseline of the last N values, fitted by ridge regression, instead of"
              + " seasonal naive; 0 disables it. Default: the baseline with the lowest"
              + " error on the validation data.")
  private @Nullable Integer lookBack;

  @OptionGroup(Section.ADVANCED)
  @Option(
      names = "--yearly",
      description =
          "With --look-back: the linear baseline also uses the time of year. Requires a year of"
              + " training data.")
  private boolean isYearly;

  @Within(max = 10_000)
  @OptionGroup(Section.ADVANCED)
  @Option(
      names = "--lags",
      paramLabel = "N",
      split = ",",
      description =
          "Lagged inputs: values this many steps before each step ahead, for example 24,168."
              + " 0 for none. Default: the seasons that are longer than --patch.")
  private @Nullable List<Integer> lags;

  @OptionGroup(Section.DATA)
  @Option(
      names = "--transform",
      paramLabel = "HOW",
      description =
          "Transformation of the values: none, or log for positive values. Default:"
              + " the one with the lower error on the validation data.")
  private @Nullable String transform;

  @Within(min = 1, max = ModelSpecification.MAX_CONTEXT_LENGTH)
  @OptionGroup(Section.ADVANCED)
  @Option(
      names = "--context",
      paramLabel = "N",
      description =
          "Context length W: number of steps from which a state is rebuilt when weights change."
              + " Default: two seasons, and at least a season plus 96 steps, --patch, --lags and"
              + " --look-back.")
  private @Nullable Integer context;

  @Within(isMinExclusive = true, max = 1, isMaxExclusive = true)
  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--quantiles",
      paramLabel = "Q",
      split = ",",
      description = "Quantile levels; must include 0.5. Default: 0.1,0.2,…,0.9.")
  private List<Double> quantiles = ModelPlan.Head.DEFAULT_QUANTILE_LEVELS;

  @Within(max = 1)
  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--calibrate",
      paramLabel = "RATE",
      description =
          "Rate of the online calibration of quantiles, relative to the mean error; 0 disables it."
              + " Default: ${DEFAULT-VALUE}.")
  private double calibrationRate = ModelPlan.Head.DEFAULT_CALIBRATION_RATE;

  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--head",
      paramLabel = "HEAD",
      description =
          "Kind of forecast: quantiles, point, gaussian or student_t (quantiles of a distribution),"
              + " negative_binomial (quantiles of counts), or softmax (probabilities of classes;"
              + " values are whole numbers from 0). Default: negative_binomial for small random"
              + " counts, otherwise quantiles.")
  private @Nullable String head;

  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--bounds",
      paramLabel = "RANGE",
      split = ",",
      description =
          "Range of the values, which forecasts keep: 0.. for at least 0, 0..100, ..0, integer for"
              + " whole numbers, 0..,integer for counts, or none. Default: recognised in the"
              + " training data.")
  private List<String> bounds = List.of();

  @Within(min = 2, max = 1000)
  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--classes",
      paramLabel = "K",
      description =
          "Number of classes with --head softmax; values are 0 to K - 1. Default: the number of"
              + " classes in the data.")
  private @Nullable Integer classes;

  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = "Loss of --head point: squared, absolute or huber. Default: squared.")
  private @Nullable String loss;

  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--decoder",
      paramLabel = "HOW",
      description =
          "Decoder of the steps ahead: linear (one layer for all steps) or steps (a network applied"
              + " to each step with its calendar and --future). Default: steps with --future,"
              + " otherwise linear.")
  private @Nullable String decoder;

  @Within(min = 1, max = 4096)
  @OptionGroup(Section.FORECAST)
  @Option(
      names = "--decoder-width",
      paramLabel = "N",
      description = "Units of --decoder steps. Default: the value of --hidden, at most 64.")
  private @Nullable Integer decoderWidth;

  @OptionGroup(Section.FORECAST)
  @Option(names = "--point", description = "Short for --head point.")
  private boolean isPoint;

  /**
   * Returns the plan that the options describe.
   *
   * @param zone of the calendar
   * @throws UsageException if they contradict each other
   */
  public ModelPlan plan(ZoneId zone) {
    try {
      return new ModelPlan(
          new ModelPlan.Network(
              cells.stream().map(CellKind::of).toList(),
              hiddenSize,
              layerDilations(),
              dropout,
              ensemble),
          new ModelPlan.Grid(
              interval(zone), Aggregation.of(aggregation), maxGap, GapFilling.of(gaps)),
          new ModelPlan.Inputs(
              patches,
              lags != null && lags.equals(List.of(0)) ? List.of() : lags,
              transform == null ? null : Transform.of(transform),
              new CovariateNames(covariates, future, statics),
              context),
          new ModelPlan.Baseline(
              seasons(),
              lookBack,
              isYearly,
              unit == null ? null : ModelPlan.CorrectionUnit.of(unit)),
          new ModelPlan.Output(
              horizon,
              new ModelPlan.Head(
                  headKind(),
                  loss == null ? null : LossKind.of(loss),
                  quantiles,
                  classes,
                  calibrationRate,
                  BoundsOption.parse(bounds)),
              new ModelPlan.Decoder(
                  decoder == null ? null : DecoderKind.of(decoder), decoderWidth)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable List<Integer> seasons() {
    return seasons != null && seasons.equals(List.of(0)) ? List.of() : seasons;
  }

  private IntervalChoice interval(ZoneId zone) {
    return interval == null ? IntervalChoice.detected(zone) : IntervalChoice.parse(interval, zone);
  }

  private @Nullable HeadKind headKind() {
    if (head == null && !isPoint && !quantiles.isEmpty()) {
      return null;
    }
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
          "--dilations: expected one value for each of %d layers, got %d"
              .formatted(layers, dilations.size()));
    }
    return dilations;
  }
}
