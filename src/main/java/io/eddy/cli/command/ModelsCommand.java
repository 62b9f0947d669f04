package io.eddy.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.ModelSource;
import io.eddy.cli.option.ScopeOptions;
import io.eddy.cli.report.ContextReport;
import io.eddy.cli.report.ModelListing;
import io.eddy.cli.terminal.Console;
import io.eddy.evaluation.ContextLengthCheck;
import io.eddy.kafka.config.EddySettings;
import io.eddy.kafka.config.UsageException;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.PromotionRule.Condition;
import io.eddy.rollout.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eddy models}. */
@Command(
    name = "models",
    description = "Publishes model versions, puts them to work, and takes them back.",
    subcommands = {PreviewCommand.class, StatusCommand.class, KeygenCommand.class},
    mixinStandardHelpOptions = true)
public final class ModelsCommand implements Runnable {
  private static final String VERSION = "The version's first digits.";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(),
        "expected publish, list, show, preview, status, activate, shadow, promote, end, rollback,"
            + " retire or keygen");
  }

  /** What an activation says beside its version and scope, and how it is told. */
  static final class ActivationOptions {
    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "Event time, ISO-8601. Default: at once.")
    private @Nullable Instant from;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        defaultValue = "",
        description = "Why, for people.")
    private String reason = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean isJson;

    @Option(
        names = "--over",
        paramLabel = "DURATION",
        description = {
          "With --from: spread the moves over so long from then on, as in PT10M, each series at an"
              + " event time of its own by the hash of its name.",
          "Default: all at the same time."
        })
    private @Nullable Duration over;

    @Option(
        names = "--urgent",
        description =
            "At once, and no series waits for the moves of others, as moves.steps-per-event has"
                + " it.")
    private boolean isUrgent;

    Timing timing() {
      if (isUrgent && (from != null || over != null)) {
        throw new UsageException("--urgent is at once: leave --from and --over away");
      }
      if (over != null && from == null) {
        throw new UsageException(
            "--over: expected --from, too; what is activated at once is spread by"
                + " moves.steps-per-event");
      }
      if (over != null && over.toMillis() < 1) {
        throw new UsageException("--over: expected more than 0, got " + over);
      }
      if (from == null) {
        return isUrgent ? Timing.URGENT : Timing.AT_ONCE;
      }
      try {
        return new Timing(from.toEpochMilli(), over == null ? 0 : over.toMillis(), false);
      } catch (IllegalArgumentException e) {
        throw new UsageException("--over: " + e.getMessage());
      }
    }
  }

  @Command(
      name = "publish",
      description = "Publishes a model file as a version. Nothing serves it yet.",
      mixinStandardHelpOptions = true)
  int publish(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "FILE", description = "The model file.") Path file,
      @Option(
              names = "--sign",
              paramLabel = "KEY",
              description = "The file of a private key, as keygen writes it, to sign with.")
          @Nullable Path key,
      @Option(
              names = "--context",
              paramLabel = "DATA",
              description =
                  "Say, and keep for show, how well the context is chosen for "
                      + ContextReport.DATA
                      + ", as inspect does.")
          @Nullable String context) {
    EddySettings settings = connection.settings();
    Console console = Console.of(spec);
    Model model = ModelSource.read(file);
    ContextLengthCheck fit =
        context == null ? null : ContextReport.of(model, context, () -> settings, console);
    Manifest manifest =
        registry(settings)
            .publish(
                settings.stream().model(),
                ModelSource.bytes(file),
                key == null ? null : KeygenCommand.read(key),
                fit == null ? null : ContextReport.json(fit).toString());
    console.println(
        "published version %s of model %s: %d bytes in %d part(s)%s",
        manifest.version().shortSha(),
        manifest.model(),
        manifest.size(),
        manifest.parts(),
        manifest.signature() == null ? "" : ", signed");
    if (fit != null) {
      ContextReport.print(console, fit);
      ContextReport.warn(console, fit);
    }
    return 0;
  }

  @Command(
      name = "list",
      description = {
        "Lists the versions and what they serve.",
        "Versions that are not whole, since their publication was interrupted, are listed too."
      },
      mixinStandardHelpOptions = true)
  int list(
      @Mixin ConnectionOptions connection,
      @Option(names = "--json", description = "Print JSON.") boolean isJson) {
    EddySettings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    List<ModelRegistry.Entry> entries = entries(settings, registry);
    Map<ModelVersion, Integer> torn = registry.torn();
    ModelListing listing =
        new ModelListing(entries, registry.activations(settings.stream().model()));
    Console console = Console.of(spec);
    if (isJson) {
      ArrayNode array = JSON.createArrayNode();
      entries.forEach(entry -> array.add(listing.json(entry)));
      torn.forEach((version, parts) -> array.add(ModelListing.tornJson(version, parts)));
      console.println("%s", array);
      return 0;
    }
    if (entries.isEmpty()) {
      console.println("no version of model %s is published", settings.stream().model());
    }
    entries.forEach(entry -> console.println("%s", listing.line(entry)));
    torn.forEach((version, parts) -> console.println("%s", ModelListing.tornLine(version, parts)));
    return 0;
  }

  @Command(
      name = "show",
      description =
          "Shows a version's specification, its activations, and how well its context is chosen"
              + " where that was looked at.",
      mixinStandardHelpOptions = true)
  int show(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "VERSION", description = VERSION) String prefix)
      throws JsonProcessingException {
    EddySettings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    ModelVersion version = registry.resolve(settings.stream().model(), prefix);
    List<ModelRegistry.Entry> entries = entries(settings, registry);
    ModelListing listing =
        new ModelListing(entries, registry.activations(settings.stream().model()));
    for (ModelRegistry.Entry entry : entries) {
      if (entry.manifest().version().equals(version)) {
        ObjectNode node = listing.json(entry);
        node.set("specification", ModelListing.specification(entry.manifest()));
        node.set("contextFit", ModelListing.contextFit(entry.manifest()));
        Console.of(spec)
            .println("%s", JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
      }
    }
    return 0;
  }

  @Command(
      name = "activate",
      description = {
        "Puts a version to work: at once, or from an event time on.",
        "Each series moves at its first event from then on; its state is rebuilt under the new"
            + " weights from its last steps. Where many are to move at once, they wait as"
            + " moves.steps-per-event has it.",
        "A series is served by the most specific scope that it is in: a prefix of its name (the"
            + " longest), a share of all names (the smallest), then what serves all."
      },
      mixinStandardHelpOptions = true)
  int activate(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "VERSION", description = VERSION) String prefix,
      @Mixin ScopeOptions narrowed,
      @Option(
              names = "--everywhere",
              description = "For all series: ends what narrower scopes are served by.")
          boolean isEverywhere,
      @Mixin ActivationOptions options) {
    EddySettings settings = connection.settings();
    Scope scope = narrowed.scope();
    if (isEverywhere && !scope.equals(Scope.all())) {
      throw new UsageException("--everywhere is for all series: leave --prefix and --share away");
    }
    Timing timing = options.timing();
    ModelRegistry registry = registry(settings);
    String model = settings.stream().model();
    ModelVersion version = registry.resolve(model, prefix);
    if (isEverywhere) {
      tell(registry.activateEverywhere(model, version, options.reason, timing), options.isJson);
      return 0;
    }
    Terms terms = Terms.serving(scope, null).at(timing);
    tell(List.of(registry.activate(model, version, options.reason, terms)), options.isJson);
    if (scope.equals(Scope.all())) {
      tellNarrower(registry.activations(model));
    }
    return 0;
  }

  @Command(
      name = "shadow",
      description = {
        "Lets a version run beside the one that serves, on a state of its own for each series.",
        "Its forecasts are scored from the same origins and not published. A new shadow takes the"
            + " place of the old one of its scope."
      },
      mixinStandardHelpOptions = true)
  int shadow(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "VERSION", description = VERSION) String prefix,
      @Mixin ScopeOptions narrowed,
      @Mixin ActivationOptions options) {
    EddySettings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    String model = settings.stream().model();
    if (options.isUrgent) {
      throw new UsageException("--urgent: a shadow moves no series");
    }
    Terms terms = Terms.shadowing(narrowed.scope(), null).at(options.timing());
    ModelVersion version = registry.resolve(model, prefix);
    tell(List.of(registry.activate(model, version, options.reason, terms)), options.isJson);
    return 0;
  }

  @Command(
      name = "promote",
      description = {
        "Lets what shadows a scope serve it: at once, or as soon as it meets a condition.",
        "A condition reads " + Condition.FORM + ".",
        "The forecasters compare scores of the same series and origin, and decide by themselves:"
            + " after as many as it says the shadow serves, or is over where it is not better at"
            + " all; between the two it goes on until the time is over."
      },
      mixinStandardHelpOptions = true)
  int promote(
      @Mixin ConnectionOptions connection,
      @Mixin ScopeOptions narrowed,
      @Option(names = "--when", paramLabel = "CONDITION", description = "Not before that is so.")
          @Nullable String when,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "promoted",
              description = "Why, for people.")
          String reason,
      @Option(names = "--json", description = "Print JSON.") boolean isJson) {
    Condition condition = when == null ? null : condition(when);
    EddySettings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    String model = settings.stream().model();
    Scope scope = narrowed.scope();
    if (condition != null) {
      tell(List.of(registry.challenge(model, scope, condition, reason)), isJson);
      return 0;
    }
    tell(registry.promote(model, scope, reason), isJson);
    if (scope.equals(Scope.all())) {
      tellNarrower(registry.activations(model));
    }
    return 0;
  }

  private static Condition condition(String text) {
    try {
      return Condition.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--when: " + e.getMessage());
    }
  }

  @Command(
      name = "end",
      description = {
        "Ends what a narrower scope is served by: its series go back to the next wider one's.",
        "With --shadow it ends what shadows a scope."
      },
      mixinStandardHelpOptions = true)
  int end(
      @Mixin ConnectionOptions connection,
      @Mixin ScopeOptions narrowed,
      @Option(names = "--shadow", description = "The shadow, not what serves.") boolean isShadow,
      @Mixin ActivationOptions options) {
    Scope scope = narrowed.scope();
    if (!isShadow && scope.equals(Scope.all())) {
      throw new UsageException(
          "expected --prefix, --share or --shadow: what serves all series can only be replaced");
    }
    EddySettings settings = connection.settings();
    Role role = isShadow ? Role.SHADOW : Role.SERVE;
    Terms terms = Terms.ending(scope, role, null).at(options.timing());
    tell(
        List.of(registry(settings).end(settings.stream().model(), terms, options.reason)),
        options.isJson);
    return 0;
  }

  @Command(
      name = "rollback",
      description = {
        "Puts the version that served before to work again, at once; no series waits.",
        "Of a narrower scope that none served before, it ends what serves it now."
      },
      mixinStandardHelpOptions = true)
  int rollback(
      @Mixin ConnectionOptions connection,
      @Mixin ScopeOptions narrowed,
      @Option(names = "--json", description = "Print JSON.") boolean isJson) {
    EddySettings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    Scope scope = narrowed.scope();
    String model = settings.stream().model();
    tell(List.of(registry.rollback(model, scope)), isJson);
    if (scope.equals(Scope.all())) {
      tellNarrower(registry.activations(model));
    }
    return 0;
  }

  @Command(
      name = "retire",
      description = {
        "Takes a version off the topic, or what an interrupted publication left of one.",
        "Refused while an activation that no other hides points at it. A replay of events that it"
            + " served needs it: keep the file."
      },
      mixinStandardHelpOptions = true)
  int retire(
      @Mixin ConnectionOptions connection,
      @Parameters(paramLabel = "VERSION", description = VERSION) String prefix,
      @Option(names = "--json", description = "Print JSON.") boolean isJson) {
    EddySettings settings = connection.settings();
    ModelRegistry registry = registry(settings);
    ModelVersion version = registry.resolveAny(settings.stream().model(), prefix);
    int deleted = registry.retire(version);
    Console console = Console.of(spec);
    if (isJson) {
      console.println(
          "%s",
          JSON.createObjectNode().put("version", version.sha()).put("recordsDeleted", deleted));
    } else {
      console.println("retired version %s: %d record(s) deleted", version.shortSha(), deleted);
    }
    return 0;
  }

  private void tell(List<Activation> activations, boolean isJson) {
    Console console = Console.of(spec);
    if (isJson) {
      ArrayNode array = JSON.createArrayNode();
      activations.forEach(activation -> array.add(ModelListing.json(activation)));
      console.println("%s", array);
    } else {
      activations.forEach(activation -> console.println("%s", ModelListing.line(activation)));
    }
  }

  /** Whoever activates for all series wants to know which of them that does not move. */
  private void tellNarrower(Activations activations) {
    for (Activation head : activations.heads(Role.SERVE)) {
      if (!head.terms().scope().equals(Scope.all())) {
        Console.of(spec)
            .printErr(
                "%s stays with version %s of epoch %d: `eddy models end` or --everywhere ends that",
                head.terms().scope(), head.version().shortSha(), head.epoch());
      }
    }
  }

  private static List<ModelRegistry.Entry> entries(EddySettings settings, ModelRegistry registry) {
    return registry.list().stream()
        .filter(entry -> entry.manifest().model().equals(settings.stream().model()))
        .toList();
  }

  static ModelRegistry registry(EddySettings settings) {
    return new ModelRegistry(
        settings.client(), settings.stream().topics(), settings.stream().limits());
  }
}
