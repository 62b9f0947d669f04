package io.eddy.kafka.preview;

import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.state.InMemorySeries;
import io.eddy.kafka.state.LateRevisions;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Scope;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a version would forecast in the place of what serves, before it does: a series' last events
 * go through the step function under the version that serves it, and at the last one that gives a
 * forecast the other version takes the state over, as it would if it were activated just before.
 * What it forecasts is a function of the last W steps alone, so that it is what the stream would
 * publish, bit for bit; what serves is given as rebuilt from the steps that are read.
 *
 * <p>Reads the topics and nothing else, and writes nothing.
 */
public final class Preview {
  private final StreamSettings settings;
  private final TopicReader reader;
  private final ModelRegistry registry;
  private final LateRevisions revisions;
  private final Map<ModelVersion, Optional<Model>> loaded = new HashMap<>();

  /**
   * A preview.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public Preview(Map<String, Object> client, StreamSettings settings) {
    this.settings = settings;
    reader = new TopicReader(client);
    registry = new ModelRegistry(client, settings.topics(), settings.modelLimits());
    LatenessPolicy arrival = settings.policies().lateness();
    revisions =
        new LateRevisions(
            new LatenessPolicy(
                arrival.lateness(), arrival.remembered(), false, arrival.revisedSteps()));
  }

  /**
   * Which series are looked at.
   *
   * @param names of them; none for a sample
   * @param sample how many, where they are not named
   * @param scope which of them may be in the sample
   * @param fromMs since when their events are replayed, epoch milliseconds; null for as many as
   *     twice the longer context takes
   */
  public record Choice(List<String> names, int sample, Scope scope, @Nullable Long fromMs) {
    public Choice {
      names = List.copyOf(names);
    }
  }

  /**
   * A published version.
   *
   * @throws InvalidModelException that says why forecasters would refuse it
   */
  public Model published(String prefix) {
    ModelVersion version = registry.resolve(settings.model(), prefix);
    try {
      Model model =
          registry
              .load(version)
              .orElseThrow(() -> new InvalidModelException("it is not whole on the topic"));
      ModelCatalog.requireInputs(model, settings.covariates());
      return model;
    } catch (InvalidModelException e) {
      throw refused(version, e);
    }
  }

  /**
   * A version that is not published.
   *
   * @throws InvalidModelException that says why forecasters would refuse it, signed or not
   */
  public Model unpublished(byte[] file) {
    try {
      settings.modelLimits().checkSize(file.length);
      Model model = ModelFile.read(file);
      ModelCatalog.requireInputs(model, settings.covariates());
      return model;
    } catch (InvalidModelException e) {
      throw refused(ModelVersion.of(file), e);
    }
  }

  private static InvalidModelException refused(ModelVersion version, InvalidModelException e) {
    return new InvalidModelException(
        "version %s would be refused: %s", version.shortSha(), e.getMessage());
  }

  /** Looks at series, in the order of their names. */
  public List<SeriesPreview> run(Model proposed, Choice choice) {
    registry.list();
    Activations activations = registry.activations(settings.model());
    RecentEvents events = new RecentEvents(reader, settings);
    Collection<String> names =
        choice.names().isEmpty()
            ? events.sample(choice.sample(), choice.scope()::contains)
            : choice.names();
    Long fromMs = choice.fromMs();
    Map<String, List<Observation>> histories =
        fromMs != null
            ? events.since(names, fromMs)
            : events.last(
                names,
                found -> {
                  List<Observation> believed = believed(found);
                  return needed(believed, proposed, activations).isMet(believed);
                });
    List<SeriesPreview> previews = new ArrayList<>();
    histories.forEach(
        (series, found) -> {
          List<Observation> believed = believed(found);
          List<Observation> kept =
              fromMs == null ? needed(believed, proposed, activations).last(believed) : believed;
          previews.add(preview(series, kept, proposed, activations));
        });
    return previews;
  }

  /** Those of a series whose times are believed, since it began anew. */
  private List<Observation> believed(List<Observation> found) {
    SeriesTimestampGuards clocks = new SeriesTimestampGuards(settings.policies().series().clock());
    List<Observation> believed = new ArrayList<>(found.size());
    for (Observation one : found) {
      TimestampGuard.Kind kind = clocks.next(one);
      if (kind == TimestampGuard.Kind.RETURNS) {
        believed.clear();
      }
      if (kind != TimestampGuard.Kind.DOUBTED) {
        believed.add(one);
      }
    }
    return believed;
  }

  /**
   * How much of a series has to be replayed.
   *
   * @param sampling whose steps count
   * @param steps twice the longer context, and those that may still be open
   */
  private record Need(Sampling sampling, int steps) {
    /** One step more: the first of those that were read may lack observations. */
    boolean isMet(List<Observation> found) {
      return taken(found).size() > steps;
    }

    /** The observations of the last steps. */
    List<Observation> last(List<Observation> found) {
      List<Long> taken = taken(found).stream().sorted().toList();
      if (taken.size() <= steps) {
        return found;
      }
      long first = taken.get(taken.size() - steps);
      return found.stream().filter(one -> sampling.stepOf(one.timestampMs()) >= first).toList();
    }

    private Set<Long> taken(List<Observation> found) {
      Set<Long> taken = new HashSet<>();
      found.forEach(one -> taken.add(sampling.stepOf(one.timestampMs())));
      return taken;
    }
  }

  private Need needed(List<Observation> found, Model proposed, Activations activations) {
    ServingVersion now = found.isEmpty() ? null : serving(newest(found), activations);
    Model serving = now == null ? null : now.model();
    Sampling here = proposed.specification().sampling();
    int context = proposed.specification().contextLength();
    Sampling there = serving == null ? here : serving.specification().sampling();
    int other = serving == null ? context : serving.specification().contextLength();
    return new Need(there, 2 * Math.max(context, other) + revisions.steps().openAtMost(there));
  }

  private static Observation newest(List<Observation> found) {
    Observation newest = found.get(0);
    for (Observation one : found) {
      newest = one.timestampMs() > newest.timestampMs() ? one : newest;
    }
    return newest;
  }

  private @Nullable ServingVersion serving(Observation event, Activations activations) {
    Activation activation =
        activations.find(
            Role.SERVE,
            event.series(),
            event.timestampMs(),
            one -> loaded(one.version()).isPresent());
    Model model = activation == null ? null : loaded(activation.version()).orElse(null);
    return activation == null || model == null ? null : new ServingVersion(activation, model);
  }

  private Optional<Model> loaded(ModelVersion version) {
    return loaded.computeIfAbsent(
        version,
        wanted -> {
          try {
            Optional<Model> model = registry.load(wanted);
            model.ifPresent(one -> ModelCatalog.requireInputs(one, settings.covariates()));
            return model;
          } catch (InvalidModelException e) {
            return Optional.empty();
          }
        });
  }

  private SeriesPreview preview(
      String series, List<Observation> history, Model proposed, Activations activations) {
    if (history.isEmpty()) {
      return SeriesPreview.without(series, 0, "no event of it was found");
    }
    ServingVersion serving = serving(newest(history), activations);
    if (serving == null) {
      return SeriesPreview.without(
          series, 0, "no version serves it: it would begin cold at its next event");
    }
    int retained = retained(series, serving.model(), proposed, activations);
    InMemorySeries now = begun(serving, retained);
    int at = -1;
    Forecast served = null;
    for (int i = 0; i < history.size(); i++) {
      Observation one = history.get(i);
      // A late one moves no series.
      boolean isLate = revisions.steps().isClosed(now.state(), one, serving.model());
      Forecast forecast = last(now.apply(one, serving));
      if (forecast != null && !isLate) {
        at = i;
        served = forecast;
      }
    }
    if (served == null) {
      return SeriesPreview.without(series, 0, "its events close no step yet");
    }
    InMemorySeries moved = begun(serving, retained);
    history.subList(0, at).forEach(one -> moved.apply(one, serving));
    Terms terms = Terms.serving(Scope.all(), null);
    Activation next =
        new Activation(
            settings.model(), activations.nextEpoch(), proposed.version(), terms, "preview");
    StepResult result = moved.apply(history.get(at), new ServingVersion(next, proposed));
    Forecast forecast = last(result);
    String trouble = "";
    if (result instanceof StepResult.Refused refused) {
      trouble = "its event would be a dead letter: " + refused.why();
    } else if (forecast == null) {
      trouble = "it would begin anew on another grid of steps, and forecast later";
    } else if (!forecast.isFinite()) {
      trouble = "the forecast is not finite: what serves would go on";
    }
    return new SeriesPreview(
        series,
        (int) now.state().window().count(),
        served,
        trouble.isEmpty() ? forecast : null,
        trouble,
        deviation(history));
  }

  private static @Nullable Forecast last(StepResult result) {
    List<StepResult.Advanced> forecasts = result.forecasts();
    return forecasts.isEmpty() ? null : forecasts.get(forecasts.size() - 1).forecast();
  }

  /**
   * Steps that the stream keeps of a series: as many as any version that served it asked for. Only
   * of interest where the proposed one asks for more than the one that serves.
   */
  private int retained(String series, Model serving, Model proposed, Activations activations) {
    int context = serving.specification().contextLength();
    if (proposed.specification().contextLength() <= context) {
      return context;
    }
    return activations.descending().stream()
        .filter(one -> one.terms().role() == Role.SERVE && !one.terms().isEnd())
        .filter(one -> one.terms().scope().contains(series))
        .flatMap(one -> loaded(one.version()).stream())
        .mapToInt(model -> model.specification().contextLength())
        .reduce(context, Math::max);
  }

  /** A state of which nothing was seen, which keeps so many steps. */
  private InMemorySeries begun(ServingVersion serving, int retained) {
    InMemorySeries begun = new InMemorySeries(revisions, serving);
    begun.state().window().resize(retained);
    begun.state().window().resize(serving.model().specification().contextLength());
    return begun;
  }

  private static double deviation(List<Observation> history) {
    double mean = history.stream().mapToDouble(Observation::value).average().orElse(Double.NaN);
    double squares =
        history.stream().mapToDouble(one -> (one.value() - mean) * (one.value() - mean)).sum();
    return Math.sqrt(squares / history.size());
  }
}
