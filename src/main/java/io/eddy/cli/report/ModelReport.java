package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import io.eddy.model.Bounds;
import io.eddy.model.Covariate;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ParameterCount;
import io.eddy.model.TrainingRun;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.nn.CellStack;
import io.eddy.series.GapFilling;
import io.eddy.series.Sampling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The description of a model and the cost of its step, as tables and as JSON. */
public final class ModelReport {
  private final Model model;
  private final Map<CellKind, Double> nanosecondsPerStep = new LinkedHashMap<>();

  private ModelReport(Model model) {
    this.model = model;
  }

  /** Measures the cost of a step with the model's cell and with the other cells. */
  public static ModelReport measure(Model model) {
    ModelReport report = new ModelReport(model);
    List<CellKind> kinds = kinds(model.specification().network().cell());
    double[] nanoseconds = StepTiming.nanoseconds(model, kinds);
    for (int i = 0; i < nanoseconds.length; i++) {
      report.nanosecondsPerStep.put(kinds.get(i), nanoseconds[i]);
    }
    return report;
  }

  /**
   * Returns an Elman cell, with the model's own activation if it is one, the GRU, the LSTM and the
   * model's own cell.
   */
  private static List<CellKind> kinds(CellKind own) {
    CellKind elman = own == CellKind.RNN_RELU ? CellKind.RNN_RELU : CellKind.RNN_TANH;
    return Stream.of(elman, CellKind.GRU, CellKind.LSTM, own).distinct().toList();
  }

  /** Prints the description and the comparison of cells. */
  public void print(Console console) {
    Table table = new Table().left("").left("");
    describe(table);
    table.print(console);
    console.println("");
    printCells(console);
  }

  private void describe(Table table) {
    ModelSpecification specification = model.specification();
    table.row("version", model.version().sha());
    int members = model.members().size();
    if (members > 1) {
      table.row("members", members + ", the forecast is their average");
    }
    for (int i = 0; i < members; i++) {
      if (members > 1) {
        table.row("member " + i, null);
      }
      describe(table, model.member(i));
    }
    table.row(
        "sampling",
        "%s, %s, gaps of up to %d steps are filled with %s"
            .formatted(
                describe(specification.sampling()),
                specification.sampling().aggregation().id(),
                specification.sampling().maxGapSteps(),
                describe(specification.sampling().gaps())));
    table.row("context", specification.contextLength() + " steps");
    WarmUpIntervals warmUp = specification.output().warmUpIntervals();
    if (!warmUp.isNone()) {
      table.row(
          "warm-up",
          "intervals are wider by a factor of up to %.1f after 1 step, %.1f after 8, %.1f after 64"
              .formatted(warmUp.maxFactor(1), warmUp.maxFactor(8), warmUp.maxFactor(64)));
    }
    if (!specification.output().combination().isNone()) {
      table.row("combination", "prior weights and width of the intervals by steps ahead");
      CombinationReport.groups(specification.output().combination())
          .forEach((steps, group) -> table.row("  " + steps, group));
    }
    table.row(
        "trained on",
        "%s, seed %d, Eddy %s"
            .formatted(
                specification.provenance().data(),
                specification.provenance().seed(),
                specification.provenance().codeVersion()));
    TrainingRun run = specification.provenance().training();
    if (run != null) {
      describe(table, run);
    }
    new TreeMap<>(specification.provenance().scores())
        .forEach((name, score) -> table.row("  " + name, number(score)));
  }

  private static void describe(Table table, TrainingRun run) {
    TrainingRun.Ranges ranges = run.ranges();
    table.row("  training", "%s to %s".formatted(ranges.begin(), ranges.trainingEnd()));
    table.row("  validation", "to %s".formatted(ranges.validationEnd()));
    table.row("  test", "to %s".formatted(ranges.end()));
    table.row(
        "  refit",
        run.isRefitted()
            ? "on all data to %s; the errors below are those of the model before the refit"
                .formatted(ranges.end())
            : "none");
    table.row("  epochs", run.epochs().toString());
  }

  private static String describe(Sampling sampling) {
    return sampling.zone().equals(sampling.interval().zone())
        ? sampling.interval().toString()
        : "%s, calendar of %s".formatted(sampling.interval(), sampling.zone());
  }

  private static String describe(GapFilling gaps) {
    return switch (gaps) {
      case LAST -> "the last value";
      case MEDIAN -> "the forecast";
      case SEASONAL -> "the value one season before";
    };
  }

  private static void describe(Table table, Member member) {
    ModelSpecification specification = member.specification();
    ModelSpecification.Network network = specification.network();
    ModelSpecification.Inputs inputs = specification.inputs();
    ModelSpecification.Output output = specification.output();
    int inputSize = member.encoder().size();
    for (int i = 0; i < network.layers(); i++) {
      table.row(
          "layer " + i,
          "%s, %d inputs, %d units, dilation %d"
              .formatted(
                  network.cell().id(),
                  inputSize,
                  network.hiddenSize(),
                  network.dilations().get(i)));
      inputSize = network.hiddenSize();
    }
    table.row(
        "head",
        "%d steps ahead, %s, %s %s"
            .formatted(
                output.horizon(),
                describeHead(output),
                output.isClassification() || output.hasCounts() ? "compared with" : "added to",
                describeBaseline(output)));
    if (output.isCalibrated()) {
      table.row(
          "calibration", "rate %s of the mean error per step".formatted(output.calibrationRate()));
    }
    if (!output.bounds().isNone()) {
      table.row("values", describe(output.bounds()));
    }
    if (inputs.transform() != Transform.NONE) {
      table.row("transform", inputs.transform().id());
    }
    if (!inputs.lags().isEmpty()) {
      table.row("lags", "the values %s steps before each step ahead".formatted(inputs.lags()));
    }
    table.row(
        "inputs",
        "the last %d %s%s"
            .formatted(
                inputs.patch(),
                output.isClassification()
                    ? "class(es)"
                    : "scaled value(s), half-life of the scaler %s steps"
                        .formatted(inputs.scalerHalfLife()),
                inputs.calendar() ? ", calendar" : ""));
    inputs.covariates().forEach(covariate -> table.row("covariate", describe(covariate)));
  }

  private static String describeHead(ModelSpecification.Output output) {
    return switch (output.head()) {
      case POINT -> "point forecast";
      case SOFTMAX -> "probabilities of %d classes".formatted(output.classes());
      case QUANTILES, GAUSSIAN, STUDENT_T, NEGATIVE_BINOMIAL ->
          output.head().id() + " " + output.quantileLevels();
    };
  }

  private static String describe(Bounds bounds) {
    String range =
        (Double.isInfinite(bounds.lower()) ? "" : ", at least " + number(bounds.lower()))
            + (Double.isInfinite(bounds.upper()) ? "" : ", at most " + number(bounds.upper()));
    return (bounds.isInteger() ? "whole numbers" : "numbers")
        + range
        + (bounds.isStated()
            ? "; forecasts keep to it"
            : "; forecasts of a series keep to it until three of its values do not");
  }

  private static String describeBaseline(ModelSpecification.Output output) {
    int season = output.baseline().seasonSteps();
    if (output.baseline().isLinear()) {
      return "the linear forecast from the last %d values%s"
          .formatted(
              output.baseline().lookBack(),
              output.baseline().isYearly() ? " and the time of year" : "");
    }
    return season > 0
        ? "the value one season of %d steps before".formatted(season)
        : "the last value";
  }

  private static String describe(Covariate covariate) {
    return covariate.name()
        + switch (covariate.kind()) {
          case STATIC ->
              ", static, mean %s, standard deviation %s"
                  .formatted(number(covariate.mean()), number(covariate.standardDeviation()));
          case PAST -> ", past, scaled by its own level and scale";
          case FUTURE -> ", known-future, scaled by its own level and scale";
        };
  }

  private void printCells(Console console) {
    Table table =
        new Table()
            .left("cell")
            .right("gates")
            .right("parameters")
            .right("multiply-adds")
            .right("state bytes")
            .right("bytes per step")
            .right("ns/step")
            .left("");
    nanosecondsPerStep.forEach(
        (kind, nanoseconds) -> {
          ParameterCount size = ParameterCount.of(model, kind);
          table.row(
              kind.id(),
              kind.gates(),
              size.parameters(),
              size.multiplyAdds(),
              size.stateBytes(),
              size.slotBytes(),
              String.format(Locale.ROOT, "%.0f", nanoseconds),
              isCellOfAllMembers(kind) ? "this model" : null);
        });
    table.print(console);
    console.println("measured with %s", CellStack.kernelName());
  }

  private boolean isCellOfAllMembers(CellKind kind) {
    return model.members().stream()
        .allMatch(member -> member.specification().network().cell() == kind);
  }

  /** Returns the description and the comparison of cells as JSON. */
  public String json() {
    ModelSpecification specification = model.specification();
    Map<String, Cell> cells = new LinkedHashMap<>();
    nanosecondsPerStep.forEach(
        (kind, nanoseconds) ->
            cells.put(kind.id(), Cell.of(kind, ParameterCount.of(model, kind), nanoseconds)));
    return Json.write(
        new Result(
            model.version().sha(),
            Network.of(model.member(0)),
            specification.output().horizon(),
            specification.output().quantileLevels(),
            specification.sampling().interval().toString(),
            specification.sampling().aggregation().id(),
            specification.contextLength(),
            specification.provenance().data(),
            training(specification),
            new TreeMap<>(specification.provenance().scores()),
            model.members().size() == 1 ? null : model.members().stream().map(Network::of).toList(),
            CellStack.kernelName(),
            cells));
  }

  private static TrainReport.@Nullable Training training(ModelSpecification specification) {
    TrainingRun run = specification.provenance().training();
    return run == null ? null : TrainReport.Training.of(run);
  }

  private record Result(
      String version,
      @JsonUnwrapped Network network,
      int horizon,
      List<Double> quantileLevels,
      String interval,
      String aggregation,
      int contextLength,
      String trainedOn,
      @JsonInclude(Include.NON_NULL) TrainReport.@Nullable Training training,
      Map<String, Double> scores,
      @JsonInclude(Include.NON_NULL) @Nullable List<Network> members,
      String kernel,
      Map<String, Cell> cells) {}

  private record Network(
      String cell,
      int hiddenSize,
      int inputSize,
      int patch,
      List<Integer> dilations,
      int seasonSteps,
      int lookBack,
      boolean yearly,
      double calibrationRate,
      String transform,
      List<Integer> lags,
      List<NamedCovariate> covariates) {
    static Network of(Member member) {
      ModelSpecification specification = member.specification();
      ModelSpecification.Output output = specification.output();
      return new Network(
          specification.network().cell().id(),
          specification.network().hiddenSize(),
          member.encoder().size(),
          specification.inputs().patch(),
          specification.network().dilations(),
          output.baseline().seasonSteps(),
          output.baseline().lookBack(),
          output.baseline().isYearly(),
          output.calibrationRate(),
          specification.inputs().transform().id(),
          specification.inputs().lags(),
          specification.inputs().covariates().stream()
              .map(covariate -> new NamedCovariate(covariate.name(), covariate.kind().id()))
              .toList());
    }
  }

  private record NamedCovariate(String name, String kind) {}

  private record Cell(
      int gates,
      long parameters,
      long multiplyAdds,
      long stateBytes,
      long bytesOfStep,
      double nanosecondsPerStep) {
    static Cell of(CellKind kind, ParameterCount size, double nanoseconds) {
      return new Cell(
          kind.gates(),
          size.parameters(),
          size.multiplyAdds(),
          size.stateBytes(),
          size.slotBytes(),
          nanoseconds);
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
