package io.eddy.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ModelOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.report.BaselineReport;
import io.eddy.cli.report.CheckpointFile;
import io.eddy.cli.report.ContextReport;
import io.eddy.cli.report.ModelComparisonReport;
import io.eddy.cli.report.RejectionReport;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.TrainingProgress;
import io.eddy.dataset.CsvObservations;
import io.eddy.dataset.Dataset;
import io.eddy.evaluation.BaselineComparison;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.evaluation.ModelComparison;
import io.eddy.evaluation.TrainedModel;
import io.eddy.evaluation.TrainingPipeline;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.config.UsageException;
import io.eddy.kafka.history.TopicHistory;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.rollout.Activation;
import io.eddy.training.CheckpointStore;
import io.eddy.training.InvalidPlanException;
import io.eddy.training.ModelDefinition;
import io.eddy.training.ModelSearch;
import io.eddy.training.PretrainedModel;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingSettings;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy train}. */
@Command(
    name = "train",
    description = {
      "Trains a model on a CSV or on a topic's history and writes a model file.",
      "Trains on the first 70 %% of the data's time, stops early by the next 15 %%, and measures"
          + " the accuracy on the last 15 %%, which it never saw."
    },
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ModelOptions model = new ModelOptions();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Option(
        names = "--csv",
        paramLabel = "FILE",
        description = "Observations: series,timestamp,value[,covariate…]; plain or .gz.")
    private @Nullable Path csv;

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description =
            "Events, from the beginning to the end offsets at the start, committed ones alone.")
    private @Nullable String topic;
  }

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "A model file to train on from: its weights are where training begins, and all that says"
              + " what a model is like is its own.")
  private @Nullable Path from;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "model.safetensors",
      description = "The model file. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "30",
      description = "Epochs at most. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      defaultValue = "0.004",
      description = "Default: ${DEFAULT-VALUE}.")
  private double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Share of itself, times the learning rate, that every weight loses in an update (AdamW)."
              + " Default: ${DEFAULT-VALUE}.")
  private double weightDecay;

  @Option(
      names = "--average",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Keep the weights' moving average over the updates, whose half-life is N of them; an"
              + " epoch has 200. 0 keeps the weights themselves. Default: ${DEFAULT-VALUE}.")
  private double averageHalfLife;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed of everything random. The same data, options and seed give the same file, byte for"
              + " byte. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--search",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Try N models around the options given, of other cells, widths, patches and dilations,"
              + " each for a tenth of the epochs, the better half for twice as long, and so on;"
              + " train the best by the validation part in full. Default: ${DEFAULT-VALUE}, no"
              + " search.")
  private int candidates;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Write all that is needed to go on after a kill into FILE after every epoch; it is"
              + " removed when the model is written.")
  private @Nullable Path checkpoint;

  @Option(
      names = "--resume",
      description =
          "Go on from the file of --checkpoint, if it is there: same data and options, same bytes"
              + " in the end as without the interruption.")
  private boolean resumes;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads. Default: the cores. The result does not depend on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--publish", description = "Publish the file on the models topic.")
  private boolean publishes;

  @Option(names = "--activate", description = "Publish the file and put it to work at once.")
  private boolean activates;

  @Option(
      names = "--activate-if-better",
      description =
          "Publish the file, and put it to work if its error on the last 15 %% is below that of the"
              + " version that serves, on the same points; else say both and end with 1.")
  private boolean activatesIfBetter;

  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description =
          "The file of a private key, as models keygen writes it, to sign with what is published.")
  private @Nullable Path key;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    if (epochs < 1 || threads < 1 || !(learningRate > 0)) {
      throw new UsageException("--epochs, --threads and --learning-rate: expected numbers above 0");
    }
    if (candidates < 1 || (candidates > 1 && from != null)) {
      throw new UsageException("--search: expected a number above 0, and no --from beside it");
    }
    if (activates && activatesIfBetter) {
      throw new UsageException("--activate and --activate-if-better exclude each other");
    }
    boolean toPublish = publishes || activates || activatesIfBetter;
    if (key != null && !toPublish) {
      throw new UsageException("--sign: expected --publish or --activate beside it");
    }
    PrivateKey signer = key == null ? null : ModelsKeygenCommand.read(key);
    TrainingSettings.Optimiser optimiser = optimiser();
    OutputFile.requireFolder(out);
    CheckpointFile checkpoints = checkpoints();
    ModelDefinition definition = definition();
    EddySettings settings = connection.settings();
    Console console = Console.of(spec);
    Dataset data =
        read(
            settings,
            console,
            columns(settings, definition),
            checkpoints == null ? Optional.empty() : checkpoints.source());
    if (checkpoints != null) {
      checkpoints.begin(data.source());
    }
    TrainingSettings training =
        new TrainingSettings(
            epochs,
            TrainingSettings.DEFAULT.patience(),
            optimiser,
            TrainingSettings.DEFAULT.batches(),
            seed);
    TrainingRequest request =
        new TrainingRequest(
            definition,
            training,
            candidates,
            checkpoints == null ? CheckpointStore.NONE : checkpoints,
            threads);
    TrainedModel run;
    long began = System.nanoTime();
    try (ProgressBar progress = new ProgressBar(console.err(), "training")) {
      run = new TrainingPipeline(request).run(data, new TrainingProgress(progress));
    } catch (InvalidPlanException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    double seconds = (System.nanoTime() - began) * 1e-9;
    OutputFile.write(out, run.file());
    if (checkpoints != null) {
      checkpoints.remove();
    }
    Optional<ContextLengthCheck> fit = toPublish ? run.checkContextLength() : Optional.empty();
    if (!isJson) {
      report(console, run, seconds);
      fit.ifPresent(one -> ContextReport.print(console, one));
    } else if (!activatesIfBetter) {
      console.println("%s", json(run, fit));
    }
    if (toPublish) {
      fit.ifPresentOrElse(
          one -> ContextReport.warn(console, one),
          () -> console.printErr("%s", ContextReport.tooShort(run.model())));
      publish(settings, console, new Published(run, fit), signer);
    }
    if (activatesIfBetter) {
      return activateIfBetter(settings, console, new Published(run, fit), data);
    }
    if (activates) {
      activate(settings, console, run, "trained and activated");
    }
    return 0;
  }

  private TrainingSettings.Optimiser optimiser() {
    try {
      return new TrainingSettings.Optimiser(learningRate, weightDecay, averageHalfLife);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable CheckpointFile checkpoints() {
    if (checkpoint == null) {
      if (resumes) {
        throw new UsageException("--resume: expected --checkpoint FILE beside it");
      }
      return null;
    }
    return resumes ? CheckpointFile.resumed(checkpoint) : CheckpointFile.begun(checkpoint);
  }

  private ModelDefinition definition() {
    if (from == null) {
      return model.plan();
    }
    for (OptionSpec option :
        Objects.requireNonNull(spec).commandLine().getParseResult().matchedOptions()) {
      if (option.userObject() instanceof Field field
          && field.getDeclaringClass() == ModelOptions.class) {
        throw new UsageException(
            "%s: the model of --from brings its own".formatted(option.longestName()));
      }
    }
    return new PretrainedModel(ModelSource.read(from));
  }

  /** The covariates that are trained on, and those of the version that it is to be held against. */
  private List<String> columns(EddySettings settings, ModelDefinition definition) {
    Set<String> names = new LinkedHashSet<>(definition.covariateNames());
    if (activatesIfBetter) {
      registry(settings)
          .serving(settings.stream().model(), Long.MAX_VALUE)
          .ifPresent(serving -> names.addAll(serving.specification().inputs().covariateNames()));
    }
    return List.copyOf(names);
  }

  /** The data; of a topic as much as a former training read. */
  private Dataset read(
      EddySettings settings, Console console, List<String> covariates, Optional<String> former) {
    if (source.csv != null) {
      return new Dataset(
          CsvObservations.readSeries(source.csv, covariates),
          String.valueOf(source.csv.getFileName()));
    }
    TopicHistory history =
        new TopicHistory(settings, Objects.requireNonNull(source.topic), covariates);
    TopicHistory.Result result = former.map(history::readAgain).orElseGet(history::read);
    RejectionReport.print(console, source.topic, result.rejected());
    return new Dataset(result.series(), result.source());
  }

  private static void table(Console console, TrainedModel run) {
    if (run.training().candidates().isEmpty()) {
      return;
    }
    console.println(
        "%-9s %6s %6s  %-12s %6s %16s",
        "cell", "hidden", "patch", "dilations", "epochs", "validation loss");
    for (ModelSearch.Candidate candidate : run.training().candidates()) {
      ModelSpecification specification = candidate.specification();
      console.println(
          "%-9s %6d %6d  %-12s %6d %16s",
          specification.network().cell().id(),
          specification.network().hiddenSize(),
          specification.inputs().patch(),
          dilations(specification),
          candidate.epochs(),
          String.format(Locale.ROOT, "%.5f", candidate.loss()));
    }
    ModelSpecification best = run.training().candidates().get(0).specification();
    console.println(
        "the best: --cell %s --hidden %d --patch %d --dilations %s --context %d",
        best.network().cell().id(),
        best.network().hiddenSize(),
        best.inputs().patch(),
        dilations(best),
        best.contextLength());
  }

  private static String dilations(ModelSpecification specification) {
    return specification.network().dilations().stream()
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  private void report(Console console, TrainedModel run, double seconds) {
    table(console, run);
    ModelSpecification specification = run.model().specification();
    console.println(
        "%s, horizon %d × %s, trained %d epochs in %s",
        nets(run.model()),
        specification.output().horizon(),
        specification.sampling().interval(),
        run.training().ensemble().epochs(),
        ProgressBar.time(seconds));
    Map<String, Double> scores = run.scores();
    if (scores.isEmpty()) {
      console.println("the last 15 %% hold no point to measure the accuracy on");
    } else if (specification.output().areClasses()) {
      console.println("on the untouched last 15 %%, all steps ahead, the likeliest class came:");
      share(console, "model", scores, "accuracy");
      share(console, "seasonal naive", scores, "seasonalNaiveAccuracy");
      share(console, "naive", scores, "naiveAccuracy");
      console.println(
          "  cross-entropy %s",
          String.format(Locale.ROOT, "%.4g", scores.getOrDefault("crossEntropy", Double.NaN)));
    } else {
      console.println("mean absolute error on the untouched last 15 %%, all steps ahead:");
      row(console, "model", scores, "mae");
      if (scores.containsKey("linearMae")) {
        row(console, "linear", scores, "linearMae");
      }
      row(console, "seasonal naive", scores, "seasonalNaiveMae");
      row(console, "naive", scores, "naiveMae");
    }
    BaselineComparison comparison = run.comparison();
    if (comparison != null) {
      new BaselineReport(comparison).print(console);
    }
    console.println("wrote %s, version %s", out, run.model().version().shortSha());
  }

  /** Cell, units and layers; of several members their number and what they have of each. */
  private static String nets(Model model) {
    ModelSpecification.Network first = model.specification().network();
    return model.members().size() == 1
        ? "%s of %d units, %d layer(s)"
            .formatted(first.cell().id(), first.hiddenSize(), first.layers())
        : "%d members, %s of %d units, %d layer(s), patch %s"
            .formatted(
                model.members().size(),
                each(model, one -> one.network().cell().id()),
                first.hiddenSize(),
                first.layers(),
                each(model, one -> one.inputs().patch()));
  }

  private static String each(Model model, Function<ModelSpecification, Object> property) {
    return model.members().stream()
        .map(member -> property.apply(member.specification()).toString())
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  private static void row(Console console, String name, Map<String, Double> scores, String key) {
    double error = scores.getOrDefault(key, Double.NaN);
    console.println(
        "  %-15s %12s  %5.1f %% of seasonal naive",
        name,
        String.format(Locale.ROOT, "%.5g", error),
        100 * error / scores.getOrDefault("seasonalNaiveMae", Double.NaN));
  }

  private static void share(Console console, String name, Map<String, Double> scores, String key) {
    console.println("  %-15s %5.1f %%", name, 100 * scores.getOrDefault(key, Double.NaN));
  }

  /** What was published: a training, and how well its context is chosen. */
  private record Published(TrainedModel run, Optional<ContextLengthCheck> fit) {}

  private static ObjectNode json(TrainedModel run, Optional<ContextLengthCheck> fit) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("version", run.model().version().sha());
    node.put("members", run.model().members().size());
    node.put("epochs", run.training().ensemble().epochs());
    node.put("validationLoss", run.training().ensemble().validationLoss());
    ArrayNode candidates = node.putArray("candidates");
    for (ModelSearch.Candidate candidate : run.training().candidates()) {
      ModelSpecification specification = candidate.specification();
      ObjectNode one = candidates.addObject();
      one.put("cell", specification.network().cell().id());
      one.put("hiddenSize", specification.network().hiddenSize());
      one.put("patch", specification.inputs().patch());
      specification.network().dilations().forEach(one.putArray("dilations")::add);
      one.put("epochs", candidate.epochs());
      one.put("validationLoss", candidate.loss());
    }
    ObjectNode scores = node.putObject("scores");
    new java.util.TreeMap<>(run.scores()).forEach(scores::put);
    BaselineComparison comparison = run.comparison();
    if (comparison != null) {
      new BaselineReport(comparison).putInto(node);
    }
    fit.ifPresent(one -> node.putRawValue("contextFit", new RawValue(ContextReport.json(one))));
    return node;
  }

  private static void publish(
      EddySettings settings, Console console, Published published, @Nullable PrivateKey signer) {
    String json = published.fit().map(ContextReport::json).orElse(null);
    registry(settings).publish(settings.stream().model(), published.run().file(), signer, json);
    console.printErr(
        "published as a version of model %s%s",
        settings.stream().model(), signer == null ? "" : ", signed");
  }

  private static void activate(
      EddySettings settings, Console console, TrainedModel run, String reason) {
    Activation activation =
        registry(settings).activate(settings.stream().model(), run.model().version(), null, reason);
    console.printErr("activated under epoch %d", activation.epoch());
  }

  private int activateIfBetter(
      EddySettings settings, Console console, Published published, Dataset data) {
    TrainedModel run = published.run();
    Optional<ModelComparison> comparison =
        registry(settings)
            .serving(settings.stream().model(), data.lastTimestampMs())
            .map(run::compareWith);
    boolean isBetter = comparison.map(ModelComparison::isBetter).orElse(true);
    String inWords =
        comparison.map(ModelComparisonReport::describe).orElse("no version serves yet");
    if (isJson) {
      ObjectNode node = json(run, published.fit());
      comparison.ifPresent(one -> ModelComparisonReport.putInto(one, node.putObject("comparison")));
      console.println("%s", node.put("activated", isBetter));
    }
    if (!isBetter) {
      console.printErr("not activated: %s", inWords);
      return ExitCode.FAILED;
    }
    console.printErr("%s", inWords);
    activate(settings, console, run, inWords);
    return 0;
  }

  private static ModelRegistry registry(EddySettings settings) {
    return RegistryFactory.registry(settings);
  }
}
