package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.CsvFormatOptions;
import io.eddy.cli.option.InputFile;
import io.eddy.cli.option.ModelOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.OptionGroup;
import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.cli.option.TrainingOptions;
import io.eddy.cli.report.ContextReport;
import io.eddy.cli.report.DataReport;
import io.eddy.cli.report.ModelComparisonReport;
import io.eddy.cli.report.TopicDataReport;
import io.eddy.cli.report.TrainReport;
import io.eddy.cli.terminal.CheckpointFile;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.OutputFile;
import io.eddy.cli.terminal.ProgressBar;
import io.eddy.cli.terminal.TrainingProgress;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.Dataset;
import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.evaluation.ModelComparison;
import io.eddy.evaluation.TrainedModel;
import io.eddy.evaluation.TrainingPipeline;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.history.TopicHistory;
import io.eddy.model.Model;
import io.eddy.rollout.Activation;
import io.eddy.series.DetectedInterval;
import io.eddy.series.IntervalDetector;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Sampling;
import io.eddy.training.CheckpointStore;
import io.eddy.training.InvalidPlanException;
import io.eddy.training.ModelDefinition;
import io.eddy.training.PretrainedModel;
import io.eddy.training.TrainingRequest;
import io.eddy.training.TrainingSchedule;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
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
      "Trains a model on a CSV file or on the history of a topic and writes a model file.",
      "The first 70 %% of the data's time are for training, the next 15 %% for early stopping. The"
          + " last 15 %% are the test split, on which the accuracy is measured. The model is then"
          + " trained again on all data."
    },
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private TrainingOptions training = new TrainingOptions();
  @Mixin private CsvFormatOptions csvFormat = new CsvFormatOptions();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @InputFile
    @Option(names = "--csv", paramLabel = "FILE", description = CsvFormatOptions.FILE)
    private @Nullable Path csv;

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description =
            "Topic to read events from, from the beginning to the current end offsets. Only"
                + " committed events are read.")
    private @Nullable String topic;
  }

  @InputFile
  @OptionGroup(Section.TRAINING)
  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "Model file to continue from: training starts with its weights and uses its"
              + " specification. Default: new weights.")
  private @Nullable Path from;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "model.safetensors",
      description = "Model file to write. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("");

  @OptionGroup(Section.TRAINING)
  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "Write a checkpoint to FILE after every epoch. It is deleted when the model is written."
              + " Default: no checkpoints.")
  private @Nullable Path checkpoint;

  @OptionGroup(Section.TRAINING)
  @Option(
      names = "--resume",
      description =
          "Continue from the file of --checkpoint, if it exists. With the same data and options,"
              + " the model file is the same as without the interruption.")
  private boolean isResume;

  @OptionGroup(Section.OUTPUT)
  @Option(names = "--publish", description = "Publish the model as a version.")
  private boolean isPublish;

  @OptionGroup(Section.OUTPUT)
  @Option(names = "--activate", description = "Publish the model and activate it immediately.")
  private boolean isActivate;

  @OptionGroup(Section.OUTPUT)
  @Option(
      names = "--activate-if-better",
      description =
          "Publish the model and activate it if its error on the test split is lower than that of"
              + " the serving version on the same points; otherwise the serving version stays. The"
              + " exit code is 0 in both cases, and activated in the JSON result tells them apart.")
  private boolean isActivateIfBetter;

  @InputFile
  @OptionGroup(Section.OUTPUT)
  @Option(
      names = "--sign",
      paramLabel = "KEY",
      description =
          "Private key file, as models keygen writes it, to sign the published version with.")
  private @Nullable Path key;

  @OptionGroup(Section.OUTPUT)
  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() {
    TrainingSchedule schedule = training.schedule();
    requireUsage();
    PrivateKey signingKey = key == null ? null : ModelsKeygenCommand.read(key);
    OutputFile.requireFolder(out);
    CheckpointFile checkpoints = checkpoints();
    EddyConfig settings = connection.settings();
    ModelDefinition definition = definition(settings);
    Console console = Console.of(spec);
    requireCovariatesOfEvents(settings, definition);
    ReadData read = read(settings, console, definition, checkpoints);
    Dataset data = read.data();
    if (checkpoints != null) {
      checkpoints.begin(data.source());
    }
    TrainingRequest request =
        new TrainingRequest(
            definition,
            schedule,
            training.stages(),
            checkpoints == null ? CheckpointStore.NONE : checkpoints,
            training.threads());
    long beginNs = System.nanoTime();
    TrainedModel trained = train(console, request, data);
    Duration duration = Duration.ofNanos(System.nanoTime() - beginNs);
    OutputFile.write(out, trained.file());
    if (checkpoints != null) {
      checkpoints.remove();
    }
    ContextLengthCheck contextCheck =
        isPublished() ? trained.checkContextLength().orElse(null) : null;
    TrainReport report = new TrainReport(trained, contextCheck, read.report());
    if (!isJson) {
      report.print(console, duration, out);
    } else if (!isActivateIfBetter) {
      console.println("%s", report.json());
    }
    if (isPublished()) {
      publish(settings, console, trained, contextCheck, signingKey);
    }
    if (isActivateIfBetter) {
      activateIfBetter(settings, console, trained, report, data);
    } else if (isActivate) {
      activate(settings, console, trained, "trained and activated");
    }
    return ExitCode.OK;
  }

  private boolean isPublished() {
    return isPublish || isActivate || isActivateIfBetter;
  }

  private void requireUsage() {
    csvFormat.requireFile(source.csv);
    if (training.stages().candidates() > 1 && from != null) {
      throw new UsageException("--search cannot be combined with --from");
    }
    if (isActivate && isActivateIfBetter) {
      throw new UsageException("--activate and --activate-if-better exclude each other");
    }
    if (key != null && !isPublished()) {
      throw new UsageException("--sign requires --publish, --activate or --activate-if-better");
    }
  }

  private @Nullable CheckpointFile checkpoints() {
    if (checkpoint == null) {
      if (isResume) {
        throw new UsageException("--resume requires --checkpoint FILE");
      }
      return null;
    }
    return isResume ? CheckpointFile.resume(checkpoint) : CheckpointFile.create(checkpoint);
  }

  private ModelDefinition definition(EddyConfig settings) {
    if (from == null) {
      return model.plan(csvFormat.zone(settings));
    }
    for (OptionSpec option :
        Objects.requireNonNull(spec).commandLine().getParseResult().matchedOptions()) {
      if (option.userObject() instanceof Field field
          && field.getDeclaringClass() == ModelOptions.class) {
        throw new UsageException(
            "%s cannot be combined with --from, which uses the specification of its model"
                .formatted(option.longestName()));
      }
    }
    return new PretrainedModel(ModelSource.read(from));
  }

  /** Rejects, before the training, a model that forecasters with these settings would reject. */
  private void requireCovariatesOfEvents(EddyConfig settings, ModelDefinition definition) {
    List<String> missing = new ArrayList<>(definition.covariateNames());
    missing.removeAll(settings.stream().covariates());
    if (!missing.isEmpty() && (isActivate || isActivateIfBetter)) {
      throw new UsageException(
          "%s: covariates %s are not in events.covariates, forecasters would reject the version"
              .formatted(
                  isActivate ? "--activate" : "--activate-if-better", String.join(", ", missing)));
    }
  }

  /**
   * The data of the training.
   *
   * @param report what was read from a CSV file; null for a topic
   */
  private record ReadData(Dataset data, @Nullable DataReport report) {}

  private ReadData read(
      EddyConfig settings,
      Console console,
      ModelDefinition definition,
      @Nullable CheckpointFile checkpoints) {
    List<String> covariates = covariateNames(settings, definition);
    if (source.csv != null) {
      CsvData csv =
          CsvObservations.read(
              source.csv,
              csvFormat
                  .options(settings)
                  .with(settings.stream().policies().lateness().duplicates()),
              covariates);
      DataReport report = DataReport.of(csv, sampling(definition, csv.series()));
      report.print(console);
      return new ReadData(new Dataset(csv.series(), csv.summary().file()), report);
    }
    TopicHistory history =
        new TopicHistory(settings, Objects.requireNonNull(source.topic), covariates);
    Optional<String> previousSource = checkpoints == null ? Optional.empty() : checkpoints.source();
    TopicHistory.Result result = previousSource.map(history::readAgain).orElseGet(history::read);
    TopicDataReport.print(console, source.topic, result);
    if (result.isMostlyRejected()) {
      throw new InvalidRecordException(
          "topic %s: the settings reject most events, for the reasons above; eddy check reads a"
              + " sample and may propose others",
          source.topic);
    }
    print(console, source.topic, result.data(), csvFormat.zone(settings));
    return new ReadData(result.data(), null);
  }

  /** Returns the grid of the model; null if the data have no interval. */
  private static void print(Console console, String topic, Dataset data, ZoneId zone) {
    DetectedInterval detected =
        IntervalDetector.of(data.series().stream().map(SeriesData::timestampsMs)).detect(zone);
    console.printErr(
        "read %s: %,d series; interval of the data %s",
        topic, data.series().size(), detected.description());
    if (detected.warning() != null) {
      console.printErr("WARNING: %s: %s", topic, detected.warning());
    }
  }

  private static @Nullable Sampling sampling(ModelDefinition definition, List<SeriesData> series) {
    try {
      return definition.sampling(
          IntervalDetector.of(series.stream().map(SeriesData::timestampsMs)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the covariates of the new model and of the version that it is compared with. */
  private List<String> covariateNames(EddyConfig settings, ModelDefinition definition) {
    Set<String> names = new LinkedHashSet<>(definition.covariateNames());
    if (isActivateIfBetter) {
      serving(settings, Long.MAX_VALUE)
          .ifPresent(serving -> names.addAll(serving.specification().inputs().covariateNames()));
    }
    return List.copyOf(names);
  }

  private static Optional<Model> serving(EddyConfig settings, long timestampMs) {
    return RegistryFactory.registry(settings).serving(settings.stream().model(), timestampMs);
  }

  private static TrainedModel train(Console console, TrainingRequest request, Dataset data) {
    try (ProgressBar progress = new ProgressBar(console.err(), "training")) {
      return new TrainingPipeline(request)
          .run(data, new TrainingProgress(progress, request.stages()));
    } catch (InvalidPlanException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static void publish(
      EddyConfig settings,
      Console console,
      TrainedModel trained,
      @Nullable ContextLengthCheck contextCheck,
      @Nullable PrivateKey signingKey) {
    if (contextCheck == null) {
      console.printErr("%s", ContextReport.tooShort(trained.model()));
    } else {
      ContextReport.warn(console, contextCheck);
    }
    String model = settings.stream().model();
    RegistryFactory.registry(settings)
        .publisher()
        .publish(
            model,
            trained.file(),
            signingKey,
            contextCheck == null ? null : ContextReport.json(contextCheck));
    console.printErr(
        "published version %s of model %s%s",
        trained.model().version().shortSha(), model, signingKey == null ? "" : ", signed");
  }

  private static void activate(
      EddyConfig settings, Console console, TrainedModel trained, String reason) {
    Activation activation =
        RegistryFactory.registry(settings)
            .rollout()
            .activate(settings.stream().model(), trained.model().version(), null, reason);
    console.printErr("activated under epoch %d", activation.epoch());
  }

  private void activateIfBetter(
      EddyConfig settings,
      Console console,
      TrainedModel trained,
      TrainReport report,
      Dataset data) {
    ModelComparison comparison =
        serving(settings, data.lastTimestampMs()).map(trained::compareWith).orElse(null);
    boolean isBetter = comparison == null || comparison.isBetter();
    String reason =
        comparison == null
            ? "no serving version to compare with"
            : ModelComparisonReport.describe(comparison);
    if (isJson) {
      console.println("%s", report.json(comparison, isBetter));
    }
    if (isBetter) {
      console.printErr("%s", reason);
      activate(settings, console, trained, reason);
    } else {
      console.printErr("not activated, the serving version stays: %s", reason);
    }
  }
}
