package io.eddy.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.plot.GradientPlot;
import io.eddy.cli.report.ContextReport;
import io.eddy.cli.report.StepTiming;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.dataset.CsvObservations;
import io.eddy.dataset.SeriesData;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.kafka.config.UsageException;
import io.eddy.model.Covariate;
import io.eddy.model.Member;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ParameterCount;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.series.GapFilling;
import io.eddy.training.GradientByLag;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy inspect}. */
@Command(
    name = "inspect",
    description = {
      "Says what a model is and what a step of it costs, with the other cells at the same size"
          + " beside it.",
      "Nanoseconds are measured on this machine: one series, one thread, cells and head."
    },
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {
  private static final int MAX_STEPS = 1000;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Parameters(
      paramLabel = "MODEL",
      arity = "1..*",
      description = "The model file; with --gradients, several to compare.")
  private List<Path> files = List.of();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Option(
      names = "--context",
      paramLabel = "DATA",
      description =
          "Say instead how well the context is chosen for "
              + ContextReport.DATA
              + ": how far states and forecasts differ that are rebuilt from W steps and from 2W.")
  private @Nullable String context;

  @ArgGroup(exclusive = false)
  private @Nullable Gradients gradients;

  private static final class Gradients {
    @Option(
        names = "--gradients",
        required = true,
        description =
            "Say how far back a forecast feels instead: how strongly it depends on the state k"
                + " steps before.")
    private boolean isWanted;

    @Option(
        names = "--csv",
        paramLabel = "FILE",
        required = true,
        description = "Observations: series,timestamp,value; plain or .gz.")
    private Path csv = Path.of("");

    @Option(
        names = "--steps",
        paramLabel = "N",
        description = "How far back at most. Default: the model's context, at most 200.")
    private @Nullable Integer steps;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the curve as an SVG.")
    private @Nullable Path plot;
  }

  @Override
  public Integer call() {
    Console console = Console.of(spec);
    if (gradients != null && context != null) {
      throw new UsageException("--context and --gradients exclude each other");
    }
    if (gradients != null && gradients.isWanted) {
      trace(console, files.stream().map(ModelSource::read).toList(), gradients);
      return 0;
    }
    if (files.size() > 1) {
      throw new UsageException(
          "expected one model, got %d: --gradients compares several".formatted(files.size()));
    }
    Model model = ModelSource.read(files.get(0));
    if (context != null) {
      tell(console, ContextReport.of(model, context, connection::settings, console));
      return 0;
    }
    List<CellKind> kinds = kinds(model.specification().network().cell());
    double[] nanoseconds = StepTiming.nanoseconds(model, kinds);
    if (isJson) {
      console.println("%s", json(model, kinds, nanoseconds));
    } else {
      describe(console, model);
      compare(console, model, kinds, nanoseconds);
    }
    return 0;
  }

  private void tell(Console console, ContextLengthCheck fit) {
    if (isJson) {
      console.println("%s", ContextReport.json(fit));
    } else {
      ContextReport.print(console, fit);
    }
    ContextReport.warn(console, fit);
  }

  private void trace(Console console, List<Model> models, Gradients asked) {
    int steps =
        asked.steps != null
            ? asked.steps
            : models.stream().mapToInt(InspectCommand::defaultSteps).min().orElseThrow();
    if (steps < 1 || steps > MAX_STEPS) {
      throw new UsageException("--steps: expected 1 to %d, got %d".formatted(MAX_STEPS, steps));
    }
    List<String> covariates =
        models.stream()
            .flatMap(model -> model.specification().inputs().covariateNames().stream())
            .distinct()
            .toList();
    List<SeriesData> series = CsvObservations.readSeries(asked.csv, covariates);
    Map<String, GradientByLag> curves = new LinkedHashMap<>();
    for (Model model : models) {
      for (Member member : model.members()) {
        String name = name(model, member);
        if (curves.put(name, curve(member, series, steps)) != null) {
          throw new UsageException("%s is given twice".formatted(name));
        }
      }
    }
    if (asked.plot != null) {
      String title = "How far back a forecast feels";
      String svg =
          GradientPlot.of(
              curves, curves.size() > 1 ? title : curves.keySet().iterator().next() + ": " + title);
      OutputFile.write(asked.plot, writer -> writer.write(svg));
    }
    if (isJson) {
      console.println("%s", json(models, curves));
      return;
    }
    curves.forEach((name, curve) -> report(console, name, curve));
  }

  private static String name(Model model, Member member) {
    String cell = member.specification().network().cell().id();
    String name = "%s, version %s".formatted(cell, model.version().shortSha());
    return model.members().size() == 1
        ? name
        : "%s, member %d".formatted(name, model.members().indexOf(member));
  }

  private static GradientByLag curve(Member member, List<SeriesData> series, int steps) {
    return GradientByLag.of(
        member,
        series.stream().map(one -> one.stepped(member.specification().sampling())).toList(),
        steps);
  }

  private static void report(Console console, String name, GradientByLag curve) {
    console.println("%s, at the end of %d series: %s", name, curve.series(), curve.describe());
    console.println("%10s %11s %11s %11s", "steps back", "median", "least", "largest");
    int steps = curve.steps();
    for (int k = 0;
        k <= steps;
        k = k < 8 ? k + 1 : k == steps ? k + 1 : Math.min(steps, k * 5 / 4)) {
      console.println(
          "%10d %11s %11s %11s",
          k, number(curve.median(k)), number(curve.min(k)), number(curve.max(k)));
    }
  }

  private static int defaultSteps(Model model) {
    return Math.min(200, model.specification().contextLength());
  }

  /** One object; of several models or members, an array of them. */
  private static String json(List<Model> models, Map<String, GradientByLag> curves) {
    ArrayNode all = new ObjectMapper().createArrayNode();
    Iterator<GradientByLag> next = curves.values().iterator();
    for (Model model : models) {
      for (Member member : model.members()) {
        ObjectNode node = all.addObject();
        node.put("version", model.version().sha());
        if (model.members().size() > 1) {
          node.put("member", model.members().indexOf(member));
        }
        node.put("cell", member.specification().network().cell().id());
        put(node, next.next());
      }
    }
    return all.size() == 1 ? all.get(0).toString() : all.toString();
  }

  private static void put(ObjectNode node, GradientByLag curve) {
    node.put("series", curve.series());
    node.put("says", curve.describe());
    ArrayNode median = node.putArray("median");
    ArrayNode least = node.putArray("least");
    ArrayNode largest = node.putArray("largest");
    for (int k = 0; k <= curve.steps(); k++) {
      median.add(curve.median(k));
      least.add(curve.min(k));
      largest.add(curve.max(k));
    }
  }

  /** The Elman cell, the GRU and the LSTM; the Elman cell with the model's own activation. */
  private static List<CellKind> kinds(CellKind own) {
    CellKind elman = own == CellKind.RNN_RELU ? CellKind.RNN_RELU : CellKind.RNN_TANH;
    return List.of(elman, CellKind.GRU, CellKind.LSTM);
  }

  private static void describe(Console console, Model model) {
    ModelSpecification specification = model.specification();
    console.println("version     %s", model.version().sha());
    int members = model.members().size();
    if (members > 1) {
      console.println("members     %d, whose forecasts are averaged", members);
    }
    for (int i = 0; i < members; i++) {
      if (members > 1) {
        console.println("member %d", i);
      }
      describe(console, model.member(i));
    }
    console.println(
        "sampling    %s, %s, gaps of up to %d steps are bridged by %s",
        specification.sampling().interval(),
        specification.sampling().aggregation().id(),
        specification.sampling().maxGapSteps(),
        bridge(specification.sampling().gaps()));
    console.println("context     %d steps", specification.contextLength());
    WarmUpIntervals cold = specification.output().cold();
    if (!cold.isNone()) {
      console.println(
          "cold start  intervals are up to %.1f times as wide after 1 step, %.1f after 8, %.1f"
              + " after 64",
          cold.largest(1), cold.largest(8), cold.largest(64));
    }
    console.println(
        "trained on  %s, seed %d, Eddy %s",
        specification.provenance().data(),
        specification.provenance().seed(),
        specification.provenance().codeVersion());
    new TreeMap<>(specification.provenance().scores())
        .forEach((name, score) -> console.println("  %-18s %s", name, number(score)));
  }

  private static String bridge(GapFilling gaps) {
    return switch (gaps) {
      case LAST -> "the last value";
      case MEDIAN -> "what is forecast";
      case SEASONAL -> "the season's value";
    };
  }

  private static void describe(Console console, Member member) {
    ModelSpecification specification = member.specification();
    ModelSpecification.Network network = specification.network();
    ModelSpecification.Output output = specification.output();
    int season = output.base().seasonSteps();
    int below = member.encoder().size();
    for (int i = 0; i < network.layers(); i++) {
      console.println(
          "layer %d     %s, %d inputs, %d units, dilation %d",
          i, network.cell().id(), below, network.hiddenSize(), network.dilations().get(i));
      below = network.hiddenSize();
    }
    console.println(
        "head        %d steps ahead, %s, %s the %s",
        output.horizon(),
        forecast(output),
        output.areClasses() ? "measured by" : "added to",
        output.base().isLinear()
            ? "forecast of a linear model of the last %d values%s"
                .formatted(
                    output.base().lookBack(),
                    output.base().isYearly() ? " and the time of the year" : "")
            : season > 0 ? "value one season of %d steps before".formatted(season) : "last value");
    if (output.isCalibrated()) {
      console.println(
          "calibrated  by what comes, %s of the mean error at a time", output.calibrationRate());
    }
    if (specification.inputs().transform() != Transform.NONE) {
      console.println("values      %s, before all that", specification.inputs().transform().id());
    }
    if (!specification.inputs().lags().isEmpty()) {
      console.println(
          "lags        the values %s steps before each step ahead", specification.inputs().lags());
    }
    console.println(
        "inputs      the last %d %s%s",
        specification.inputs().patch(),
        output.areClasses()
            ? "class(es)"
            : "scaled value(s), scaler's half-life %s steps"
                .formatted(specification.inputs().scalerHalfLife()),
        specification.inputs().calendar() ? ", calendar" : "");
    for (Covariate covariate : specification.inputs().covariates()) {
      console.println(
          "covariate   %s, %s",
          covariate.name(),
          switch (covariate.kind()) {
            case STATIC ->
                "static, mean %s, spread %s"
                    .formatted(number(covariate.mean()), number(covariate.spread()));
            case PAST -> "past, scaled by its own level and scale";
            case FUTURE -> "known ahead, scaled by its own level and scale";
          });
    }
  }

  private static String forecast(ModelSpecification.Output output) {
    return switch (output.head()) {
      case POINT -> "one value each";
      case SOFTMAX -> "probabilities of %d classes".formatted(output.classes());
      case QUANTILES, GAUSSIAN, STUDENT_T -> output.head().id() + " " + output.quantileLevels();
    };
  }

  private static void compare(
      Console console, Model model, List<CellKind> kinds, double[] nanoseconds) {
    console.println("");
    console.println(
        "%-10s %5s %11s %13s %12s %16s %8s",
        "cell",
        "gates",
        "parameters",
        "multiply-adds",
        "state bytes",
        "bytes of a step",
        "ns/step");
    for (int i = 0; i < kinds.size(); i++) {
      CellKind kind = kinds.get(i);
      ParameterCount size = ParameterCount.of(model, kind);
      console.println(
          "%-10s %5d %11d %13d %12d %16d %8s%s",
          kind.id(),
          kind.gates(),
          size.parameters(),
          size.multiplyAdds(),
          size.stateBytes(),
          size.slotBytes(),
          String.format(Locale.ROOT, "%.0f", nanoseconds[i]),
          isOf(kind, model) ? "  this model" : "");
    }
  }

  private static boolean isOf(CellKind kind, Model model) {
    return model.members().stream()
        .allMatch(member -> member.specification().network().cell() == kind);
  }

  private static String json(Model model, List<CellKind> kinds, double[] nanoseconds) {
    ModelSpecification specification = model.specification();
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("version", model.version().sha());
    putNet(node, model.member(0));
    node.put("horizon", specification.output().horizon());
    ArrayNode levels = node.putArray("quantileLevels");
    specification.output().quantileLevels().forEach(levels::add);
    node.put("interval", specification.sampling().interval().toString());
    node.put("aggregation", specification.sampling().aggregation().id());
    node.put("contextLength", specification.contextLength());
    node.put("trainedOn", specification.provenance().data());
    ObjectNode scores = node.putObject("scores");
    new TreeMap<>(specification.provenance().scores()).forEach(scores::put);
    if (model.members().size() > 1) {
      ArrayNode members = node.putArray("members");
      model.members().forEach(member -> putNet(members.addObject(), member));
    }
    ObjectNode cells = node.putObject("cells");
    for (int i = 0; i < kinds.size(); i++) {
      ParameterCount size = ParameterCount.of(model, kinds.get(i));
      ObjectNode cell = cells.putObject(kinds.get(i).id());
      cell.put("gates", kinds.get(i).gates());
      cell.put("parameters", size.parameters());
      cell.put("multiplyAdds", size.multiplyAdds());
      cell.put("stateBytes", size.stateBytes());
      cell.put("bytesOfStep", size.slotBytes());
      cell.put("nanosecondsPerStep", nanoseconds[i]);
    }
    return node.toString();
  }

  private static void putNet(ObjectNode node, Member member) {
    ModelSpecification specification = member.specification();
    node.put("cell", specification.network().cell().id());
    node.put("hiddenSize", specification.network().hiddenSize());
    node.put("inputSize", member.encoder().size());
    node.put("patch", specification.inputs().patch());
    ArrayNode dilations = node.putArray("dilations");
    specification.network().dilations().forEach(dilations::add);
    node.put("seasonSteps", specification.output().base().seasonSteps());
    node.put("lookBack", specification.output().base().lookBack());
    node.put("yearly", specification.output().base().isYearly());
    node.put("calibrationRate", specification.output().calibrationRate());
    node.put("transform", specification.inputs().transform().id());
    specification.inputs().lags().forEach(node.putArray("lags")::add);
    ArrayNode covariates = node.putArray("covariates");
    for (Covariate covariate : specification.inputs().covariates()) {
      covariates.addObject().put("name", covariate.name()).put("kind", covariate.kind().id());
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
