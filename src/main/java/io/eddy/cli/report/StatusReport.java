package io.eddy.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.eddy.cli.terminal.Console;
import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.InstanceStatus;
import io.eddy.kafka.status.StatusBoard;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.ActivationText;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Author;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.ShadowComparisonStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a model's rollout, as text and as JSON. */
public final class StatusReport {
  private final List<Activation> heads;
  private final List<Activation> endedShadows;
  private final Map<Long, ShadowComparisonStatus> comparisons;
  private final StatusBoard board;
  private final Instant now;

  /**
   * Creates a report.
   *
   * @param comparisons of the shadows with a promotion rule, by epoch
   * @param now time for detecting silent instances
   */
  public StatusReport(
      Activations activations,
      Map<Long, ShadowComparisonStatus> comparisons,
      StatusBoard board,
      Instant now) {
    heads = new ArrayList<>(activations.heads(Role.SERVE));
    heads.addAll(activations.heads(Role.SHADOW));
    endedShadows = activations.endedShadows();
    this.comparisons = comparisons;
    this.board =
        new StatusBoard(
            board.instances().stream()
                .map(status -> withoutReplaced(status, activations))
                .toList());
    this.now = now;
  }

  /** Removes the rejected versions whose activations have been replaced. */
  private static InstanceStatus withoutReplaced(InstanceStatus status, Activations activations) {
    Map<ModelVersion, String> rejected = new TreeMap<>(status.versions().refused());
    rejected.keySet().removeIf(version -> activations.periods(version, any -> true).isEmpty());
    return new InstanceStatus(
        status.id(),
        status.at(),
        new InstanceStatus.Versions(status.versions().loaded(), rejected),
        status.series(),
        status.deadLetters());
  }

  /** Prints the status as text. */
  public void print(Console console) {
    if (heads.isEmpty()) {
      console.println("no version is activated");
    }
    Map<Forecast.Served, Long> series = board.series();
    Map<Forecast.Served, Long> pending = board.waiting();
    long total = total(series);
    for (Activation head : heads) {
      long migrated = series.getOrDefault(new Forecast.Served(head.version(), head.epoch()), 0L);
      console.println(
          "%s%s%s",
          ActivationText.describe(head),
          head.terms().role() == Role.SERVE ? ": %d of %d series".formatted(migrated, total) : "",
          cause(head));
      ShadowComparisonStatus comparison = comparisons.get(head.epoch());
      if (comparison != null) {
        console.println("  %s", describe(comparison));
      }
    }
    endedShadows.forEach(
        end ->
            console.println(
                "last shadow of %s: version %s, ended under epoch %d%s%s",
                end.terms().scope(),
                end.version().shortSha(),
                end.epoch(),
                at(end.cause().author()),
                cause(end)));
    series.forEach(
        (served, count) -> {
          if (heads.stream().noneMatch(head -> head.epoch() == served.epoch())) {
            console.println(
                "version %s under epoch %d still serves %d of %d series, pending migrations: %d",
                served.version().shortSha(), served.epoch(), count, total, pending.get(served));
          }
        });
    long totalPending = total(pending);
    if (totalPending > 0) {
      console.println("pending migrations: %d of %d series", totalPending, total);
    }
    if (board.instances().isEmpty()) {
      console.println("no instance is running");
    }
    board.instances().forEach(instance -> console.println("%s", describe(instance)));
  }

  private static long total(Map<Forecast.Served, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String at(Author author) {
    return author.at() == null ? "" : " at " + author.at().truncatedTo(ChronoUnit.SECONDS);
  }

  private static String cause(Activation activation) {
    PromotionRule rule = activation.cause().promotionRule();
    return (activation.reason().isEmpty() ? "" : "; reason: " + activation.reason())
        + (rule == null
            ? ""
            : "; promote when %s, until %s".formatted(rule.condition(), rule.deadline()));
  }

  private static String describe(ShadowComparisonStatus comparison) {
    if (comparison.decision() != null) {
      return "pending: " + comparison.decision();
    }
    if (comparison.compared() == 0) {
      return "0 forecasts compared, next decision after %d more".formatted(comparison.remaining());
    }
    double gain = comparison.decisive().gain();
    return String.format(
        Locale.ROOT,
        "%d forecasts compared, shadow %.1f %% %s: %s%s; next decision after %d more",
        comparison.compared(),
        100 * Math.abs(gain),
        gain >= 0 ? "better" : "worse",
        errors("scaled pinball loss", comparison.pinball()),
        errors(Double.isNaN(comparison.pinball().serving()) ? "MASE" : ", MASE", comparison.mase()),
        comparison.remaining());
  }

  private static String errors(String measure, ShadowComparisonStatus.Errors errors) {
    return Double.isNaN(errors.serving())
        ? ""
        : String.format(
            Locale.ROOT,
            "%s %.4f (serving version %.4f)",
            measure,
            errors.shadow(),
            errors.serving());
  }

  private String describe(InstanceStatus instance) {
    StringBuilder line = new StringBuilder("instance " + instance.id().instance());
    line.append(StatusBoard.isSilent(instance, now) ? ", SILENT since " : ", as of ");
    line.append(instance.at());
    line.append(": loaded ");
    line.append(
        instance.versions().loaded().isEmpty()
            ? "none"
            : instance.versions().loaded().stream()
                .map(ModelVersion::shortSha)
                .collect(Collectors.joining(", ")));
    instance
        .versions()
        .refused()
        .forEach(
            (version, reason) ->
                line.append("; REJECTED ").append(version.shortSha()).append(": ").append(reason));
    if (!instance.deadLetters().isEmpty()) {
      line.append("; dead letters since its start: ").append(deadLetters(instance));
    }
    return line.toString();
  }

  /** Describes the dead letters, for example {@code 3 (invalid: 3)}. */
  private static String deadLetters(InstanceStatus instance) {
    return "%,d (%s)"
        .formatted(
            instance.deadLetters().values().stream().mapToLong(Long::longValue).sum(),
            new TreeMap<>(instance.deadLetters())
                .entrySet().stream()
                    .map(
                        entry ->
                            "%s: %,d".formatted(entry.getKey().replace('_', ' '), entry.getValue()))
                    .collect(Collectors.joining(", ")));
  }

  /** Returns the status as JSON. */
  public String json() {
    Map<Forecast.Served, Long> pending = board.waiting();
    List<Series> series = new ArrayList<>();
    board
        .series()
        .forEach(
            (served, count) ->
                series.add(
                    new Series(
                        served.version().sha(), served.epoch(), count, pending.get(served))));
    return Json.write(
        new Status(
            heads.stream().map(this::head).toList(),
            endedShadows.stream().map(ActivationReport::of).toList(),
            total(pending),
            series,
            board.instances().stream().map(this::instance).toList()));
  }

  private Head head(Activation activation) {
    ShadowComparisonStatus comparison = comparisons.get(activation.epoch());
    return new Head(
        ActivationReport.of(activation), comparison == null ? null : Comparison.of(comparison));
  }

  private Instance instance(InstanceStatus status) {
    Map<String, String> rejected = new TreeMap<>();
    status.versions().refused().forEach((version, reason) -> rejected.put(version.sha(), reason));
    return new Instance(
        status.id().instance(),
        status.at().toString(),
        StatusBoard.isSilent(status, now),
        status.versions().loaded().stream().map(ModelVersion::sha).toList(),
        rejected,
        new TreeMap<>(status.deadLetters()));
  }

  private record Status(
      List<Head> activations,
      List<ActivationReport> endedShadows,
      long pending,
      List<Series> series,
      List<Instance> instances) {}

  private record Head(
      @JsonUnwrapped ActivationReport activation,
      @JsonInclude(Include.NON_NULL) @Nullable Comparison comparison) {}

  private record Series(String version, long epoch, long series, @Nullable Long pending) {}

  private record Instance(
      String instance,
      String at,
      boolean silent,
      List<String> loaded,
      Map<String, String> refused,
      Map<String, Long> deadLetters) {}

  private record Comparison(
      long compared,
      long remaining,
      @JsonInclude(Include.NON_NULL) @Nullable Errors pinball,
      @JsonInclude(Include.NON_NULL) @Nullable Errors mase,
      String until,
      @Nullable String decision) {
    static Comparison of(ShadowComparisonStatus status) {
      return new Comparison(
          status.compared(),
          status.remaining(),
          Errors.of(status.pinball()),
          Errors.of(status.mase()),
          status.deadline().toString(),
          status.decision());
    }
  }

  private record Errors(double serving, double shadow, double gain) {
    static @Nullable Errors of(ShadowComparisonStatus.Errors errors) {
      return Double.isNaN(errors.serving())
          ? null
          : new Errors(errors.serving(), errors.shadow(), errors.gain());
    }
  }
}
