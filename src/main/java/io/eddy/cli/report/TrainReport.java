package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.Table;
import io.eddy.evaluation.BaselineComparison;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.evaluation.ModelComparison;
import io.eddy.evaluation.TrainedModel;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.TrainingRun;
import io.eddy.training.ModelSearch;
import io.eddy.training.TrainingJob;
import io.eddy.training.choice.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A trained model and its accuracy on the test split, as text and as JSON. */
public final class TrainReport {
  /** Maximum ratio to the error of seasonal naive that is shown. */
  private static final double MAX_RATIO = 100;

  private final TrainedModel trained;
  private final @Nullable ContextLengthCheck contextCheck;
  private final @Nullable DataReport data;

  /**
   * Creates a report.
   *
   * @param contextCheck check of the context length; null if it was not checked
   * @param data what was read from a CSV file; null for a topic
   */
  public TrainReport(
      TrainedModel trained, @Nullable ContextLengthCheck contextCheck, @Nullable DataReport data) {
    this.data = data;
    this.trained = trained;
    this.contextCheck = contextCheck;
  }

  /**
   * Prints the report.
   *
   * @param duration duration of the training
   * @param file the model file
   */
  public void print(Console console, Duration duration, Path file) {
    trained.notes().forEach(note -> console.printErr("note: %s", note));
    printDecisions(console);
    printCandidates(console);
    Model model = trained.model();
    ModelSpecification specification = model.specification();
    console.println(
        "%s, horizon %d × %s, trained for %d epochs of %d updates in %s",
        describeNetworks(model),
        specification.output().horizon(),
        specification.sampling().interval(),
        trained.training().ensemble().epochs(),
        trained.training().settings().batches().updatesPerEpoch(),
        ProgressBar.time(duration.toMillis() / 1000.0));
    if (trained.scores().isEmpty()) {
      console.println("errors unknown: there is no test part, or it has no point to measure");
    } else if (specification.output().isClassification()) {
      printClassAccuracy(console);
    } else {
      printErrors(console);
    }
    BaselineComparison comparison = trained.comparison();
    if (comparison != null) {
      new BaselineReport(comparison).print(console);
    }
    CombinationReport.groups(specification.output().combination())
        .forEach((steps, group) -> console.println("%s ahead: %s", steps, group));
    printVersions(console, file);
    if (contextCheck != null) {
      ContextReport.print(console, contextCheck);
    }
  }

  private void printVersions(Console console, Path file) {
    TrainingRun run = trained.run();
    TrainingRun.Ranges ranges = run.ranges();
    console.println(
        "measured version %s: trained on %s to %s, validated to %s, measured to %s",
        trained.measured().version().shortSha(),
        ranges.begin(),
        ranges.trainingEnd(),
        ranges.validationEnd(),
        ranges.end());
    TrainingJob.Refit refit = trained.refit();
    if (run.isRefitted()) {
      console.println(
          "refitted version %s: trained again on all data for the same number of updates; its errors"
              + " cannot be measured on these data",
          trained.model().version().shortSha());
    } else if (refit != null) {
      console.println(
          "the refit on all data was discarded: its loss on the data after the training part is"
              + " %.4g, that of the measured version %.4g",
          refit.loss(), refit.measuredLoss());
    }
    console.println(
        "wrote %s, %sversion %s",
        file, run.isRefitted() ? "refitted " : "", trained.model().version().shortSha());
  }

  private void printDecisions(Console console) {
    if (!trained.decisions().isEmpty()) {
      console.println("chosen automatically:");
      Table table = Table.indented().left("").left("").left("");
      trained
          .decisions()
          .forEach(decision -> table.row(decision.property(), decision.value(), decision.reason()));
      table.print(console);
    }
  }

  private void printCandidates(Console console) {
    List<ModelSearch.Candidate> candidates = trained.training().candidates();
    if (candidates.isEmpty()) {
      return;
    }
    Table table =
        new Table()
            .left("cell")
            .right("hidden")
            .right("patch")
            .left("dilations")
            .right("season")
            .right("epochs")
            .right("validation loss");
    for (ModelSearch.Candidate candidate : candidates) {
      ModelSpecification specification = candidate.specification();
      table.row(
          specification.network().cell().id(),
          specification.network().hiddenSize(),
          specification.inputs().patch(),
          dilations(specification),
          specification.output().baseline().seasonSteps(),
          candidate.epochs(),
          String.format(Locale.ROOT, "%.5f", candidate.loss()));
    }
    table.print(console);
    ModelSpecification best = candidates.get(0).specification();
    console.println(
        "best candidate: --cell %s --hidden %d --patch %d --dilations %s --context %d --season %s"
            + " --look-back %d --lags %s --transform %s --unit %s",
        best.network().cell().id(),
        best.network().hiddenSize(),
        best.inputs().patch(),
        dilations(best),
        best.contextLength(),
        join(seasons(best)),
        best.output().baseline().lookBack(),
        best.inputs().lags().isEmpty() ? "0" : join(best.inputs().lags()),
        best.inputs().transform().id(),
        best.inputs().errorHalfLife() > 0 ? "error" : "spread");
  }

  /** Returns the seasons of the data, the one of the baseline first; 0 for none. */
  private List<Integer> seasons(ModelSpecification specification) {
    int first = specification.output().baseline().seasonSteps();
    return Stream.concat(
            Stream.of(first), trained.seasons().stream().filter(season -> season != first))
        .toList();
  }

  private static String dilations(ModelSpecification specification) {
    return join(specification.network().dilations());
  }

  private static String join(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private void printClassAccuracy(Console console) {
    console.println("accuracy on the test split (last 15 %% of the data), all steps ahead:");
    Table table = Table.indented().left("").right("");
    addShare(table, "model", "accuracy");
    addShare(table, "seasonal naive", "seasonalNaiveAccuracy");
    addShare(table, "naive", "naiveAccuracy");
    table.print(console);
    console.println("cross-entropy %s", String.format(Locale.ROOT, "%.4g", score("crossEntropy")));
  }

  private void printErrors(Console console) {
    console.println(
        "mean absolute error on the test split (last 15 %% of the data), all steps ahead:");
    Table table = Table.indented().left("").right("").right("").left("");
    addError(table, "model", "mae");
    if (trained.scores().containsKey("networkMae")) {
      addError(table, "network alone", "networkMae");
    }
    if (trained.scores().containsKey("linearMae")) {
      addError(table, "linear", "linearMae");
    }
    addError(table, "seasonal naive", "seasonalNaiveMae");
    addError(table, "naive", "naiveMae");
    table.print(console);
  }

  private void addShare(Table table, String name, String key) {
    table.row(name, String.format(Locale.ROOT, "%.1f %%", 100 * score(key)));
  }

  private void addError(Table table, String name, String key) {
    table.row(
        name,
        String.format(Locale.ROOT, "%.5g", score(key)),
        percent(score(key) / score("seasonalNaiveMae")),
        "of seasonal naive");
  }

  private static String percent(double share) {
    return share <= MAX_RATIO ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "-";
  }

  private double score(String key) {
    return trained.scores().getOrDefault(key, Double.NaN);
  }

  private static String describeNetworks(Model model) {
    ModelSpecification.Network first = model.specification().network();
    return model.members().size() == 1
        ? "%s of %d units, %d layer(s)"
            .formatted(first.cell().id(), first.hiddenSize(), first.layers())
        : "%d members, %s of %d units, %d layer(s), patch %s"
            .formatted(
                model.members().size(),
                distinct(model, member -> member.network().cell().id()),
                first.hiddenSize(),
                first.layers(),
                distinct(model, member -> member.inputs().patch()));
  }

  /** Joins the distinct values of a property over the members. */
  private static String distinct(Model model, Function<ModelSpecification, Object> property) {
    return model.members().stream()
        .map(member -> property.apply(member.specification()).toString())
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  /** Returns the report as JSON. */
  public String json() {
    return Json.write(result(null, null));
  }

  /**
   * Returns the report as JSON with the comparison that decided about the activation.
   *
   * @param comparison with the serving version; null if none exists
   */
  public String json(@Nullable ModelComparison comparison, boolean isActivated) {
    return Json.write(
        result(comparison == null ? null : ModelComparisonReport.of(comparison), isActivated));
  }

  private Result result(
      @Nullable ModelComparisonReport modelComparison, @Nullable Boolean isActivated) {
    BaselineComparison comparison = trained.comparison();
    BaselineReport baselines = comparison == null ? null : new BaselineReport(comparison);
    return new Result(
        trained.model().version().sha(),
        trained.measured().version().sha(),
        Training.of(trained.run()),
        trained.notes(),
        trained.model().members().size(),
        trained.training().ensemble().epochs(),
        trained.training().ensemble().validationLoss(),
        trained.decisions(),
        trained.training().candidates().stream().map(Candidate::of).toList(),
        new TreeMap<>(trained.scores()),
        baselines == null ? null : baselines.baselines(),
        baselines == null ? null : baselines.worseSeries(),
        contextCheck == null ? null : ContextReport.Fit.of(contextCheck),
        modelComparison,
        isActivated,
        data);
  }

  @JsonInclude(Include.NON_NULL)
  private record Result(
      String version,
      String measuredVersion,
      Training training,
      List<String> notes,
      int members,
      int epochs,
      double validationLoss,
      List<Decision> decisions,
      List<Candidate> candidates,
      Map<String, Double> scores,
      @Nullable List<BaselineReport.Baseline> baselines,
      @Nullable List<BaselineReport.WorseSeries> worseSeries,
      ContextReport.@Nullable Fit contextFit,
      @Nullable ModelComparisonReport comparison,
      @Nullable Boolean activated,
      @Nullable DataReport data) {}

  /** The ranges of the data and the epochs of the model of the file. */
  record Training(
      String begin,
      String trainingEnd,
      String validationEnd,
      String end,
      List<Integer> epochs,
      boolean refitted) {
    static Training of(TrainingRun run) {
      return new Training(
          run.ranges().begin().toString(),
          run.ranges().trainingEnd().toString(),
          run.ranges().validationEnd().toString(),
          run.ranges().end().toString(),
          run.epochs(),
          run.isRefitted());
    }
  }

  private record Candidate(
      String cell,
      int hiddenSize,
      int patch,
      List<Integer> dilations,
      int season,
      int epochs,
      double validationLoss) {
    static Candidate of(ModelSearch.Candidate candidate) {
      ModelSpecification specification = candidate.specification();
      return new Candidate(
          specification.network().cell().id(),
          specification.network().hiddenSize(),
          specification.inputs().patch(),
          specification.network().dilations(),
          specification.output().baseline().seasonSteps(),
          candidate.epochs(),
          candidate.loss());
    }
  }
}
