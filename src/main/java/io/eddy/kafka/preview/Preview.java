package io.eddy.kafka.preview;

import io.eddy.admission.SeriesTimestampGuards;
import io.eddy.admission.TimestampGuard;
import io.eddy.engine.SeriesEngine;
import io.eddy.engine.SeriesUpdate;
import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.StateKey;
import io.eddy.forecast.step.StateSnapshot;
import io.eddy.forecast.step.StepResult;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.history.RecentEvents;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Scope;
import io.eddy.rollout.ServingVersion;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.store.InMemorySeriesStore;
import io.eddy.series.store.OverlaySeriesStore;
import io.eddy.series.store.SeriesStore;
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
 * Forecasts with a version that does not serve yet. A series' last events are applied under the
 * version that serves it; at the last event that gives a forecast, the proposed version takes over
 * the state, as if it had been activated just before. Its forecast depends on the last W steps
 * only, so it equals, bit for bit, the forecast that the stream would publish. The serving
 * version's forecast is that of a state rebuilt from the events read.
 *
 * <p>Reads topics and writes nothing.
 */
public final class Preview {
  private final StreamSettings settings;
  private final TopicReader reader;
  private final ModelLoader loader;
  private final ModelRegistry registry;
  private final SeriesEngine engine;
  private final Map<ModelVersion, Optional<Model>> loaded = new HashMap<>();

  /**
   * Creates a preview.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public Preview(Map<String, Object> client, StreamSettings settings) {
    this.settings = settings;
    reader = new TopicReader(client);
    loader = ModelLoader.of(settings);
    registry = new ModelRegistry(client, settings.topics(), loader);
    engine = new SeriesEngine(settings.policies().lateness().withoutProvisional());
  }

  /**
   * The series to preview.
   *
   * @param names of the series; empty for a sample
   * @param sample size of the sample
   * @param scope that the sample is drawn from
   * @param fromMs record time from which events are read, epoch milliseconds; null for as many
   *     events as twice the longer context needs
   */
  public record Choice(List<String> names, int sample, Scope scope, @Nullable Long fromMs) {
    public Choice {
      names = List.copyOf(names);
    }
  }

  /**
   * Returns a published version.
   *
   * @param prefix of its SHA-256
   * @throws InvalidModelException if forecasters would refuse it
   */
  public Model published(String prefix) {
    ModelVersion version = registry.models().resolve(settings.model(), prefix);
    try {
      return registry
          .models()
          .load(version)
          .orElseThrow(
              () -> new InvalidModelException("parts of it are missing on the models topic"));
    } catch (InvalidModelException e) {
      throw refused(version, e);
    }
  }

  /**
   * Returns a version that is not published.
   *
   * @throws InvalidModelException if forecasters would refuse it, signed or not
   */
  public Model unpublished(byte[] file) {
    try {
      return loader.load(file);
    } catch (InvalidModelException e) {
      throw refused(ModelVersion.of(file), e);
    }
  }

  private static InvalidModelException refused(ModelVersion version, InvalidModelException e) {
    return new InvalidModelException(
        "version %s would be rejected: %s", version.shortSha(), e.getMessage());
  }

  /** Previews series, in the order of their names. */
  public List<SeriesPreview> run(Model proposed, Choice choice) {
    registry.models().list();
    Activations activations = registry.activations().read(settings.model());
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
                  List<Observation> accepted = accepted(found);
                  return required(accepted, proposed, activations).isMet(accepted);
                });
    List<SeriesPreview> previews = new ArrayList<>();
    histories.forEach(
        (series, found) -> {
          List<Observation> accepted = accepted(found);
          List<Observation> history =
              fromMs == null ? required(accepted, proposed, activations).last(accepted) : accepted;
          previews.add(preview(series, history, proposed, activations));
        });
    return previews;
  }

  /** Returns the observations that the timestamp guard accepts, since the series' last reset. */
  private List<Observation> accepted(List<Observation> found) {
    SeriesTimestampGuards guards =
        new SeriesTimestampGuards(settings.policies().series().timestampGuard());
    List<Observation> accepted = new ArrayList<>(found.size());
    for (Observation observation : found) {
      TimestampGuard.Kind kind = guards.next(observation);
      if (kind == TimestampGuard.Kind.RESET) {
        accepted.clear();
      }
      if (kind != TimestampGuard.Kind.REJECTED) {
        accepted.add(observation);
      }
    }
    return accepted;
  }

  /**
   * Part of a series that has to be replayed.
   *
   * @param sampling grid of the steps
   * @param steps twice the longer context, and those that may still be open
   */
  private record Requirement(Sampling sampling, int steps) {
    /** Needs one step more: the first step read may lack observations. */
    boolean isMet(List<Observation> found) {
      return stepsOf(found).size() > steps;
    }

    /** Returns the observations of the last steps. */
    List<Observation> last(List<Observation> found) {
      List<Long> present = stepsOf(found).stream().sorted().toList();
      if (present.size() <= steps) {
        return found;
      }
      long first = present.get(present.size() - steps);
      return found.stream()
          .filter(observation -> sampling.stepOf(observation.timestampMs()) >= first)
          .toList();
    }

    private Set<Long> stepsOf(List<Observation> found) {
      Set<Long> present = new HashSet<>();
      found.forEach(observation -> present.add(sampling.stepOf(observation.timestampMs())));
      return present;
    }
  }

  private Requirement required(List<Observation> found, Model proposed, Activations activations) {
    ServingVersion serving = found.isEmpty() ? null : serving(newest(found), activations);
    Model model = serving == null ? proposed : serving.model();
    Sampling sampling = model.specification().sampling();
    int context =
        Math.max(proposed.specification().contextLength(), model.specification().contextLength());
    return new Requirement(sampling, 2 * context + engine.steps().maxOpenSteps(sampling));
  }

  private static Observation newest(List<Observation> found) {
    Observation newest = found.get(0);
    for (Observation observation : found) {
      newest = observation.timestampMs() > newest.timestampMs() ? observation : newest;
    }
    return newest;
  }

  private @Nullable ServingVersion serving(Observation event, Activations activations) {
    Activation activation =
        activations.find(
            Role.SERVE,
            event.series(),
            event.timestampMs(),
            candidate -> loaded(candidate.version()).isPresent());
    Model model = activation == null ? null : loaded(activation.version()).orElse(null);
    return activation == null || model == null ? null : new ServingVersion(activation, model);
  }

  private Optional<Model> loaded(ModelVersion version) {
    return loaded.computeIfAbsent(
        version,
        wanted -> {
          try {
            return registry.models().load(wanted);
          } catch (InvalidModelException e) {
            return Optional.empty();
          }
        });
  }

  private SeriesPreview preview(
      String series, List<Observation> history, Model proposed, Activations activations) {
    if (history.isEmpty()) {
      return SeriesPreview.without(series, "no event of this series was found");
    }
    ServingVersion serving = serving(newest(history), activations);
    if (serving == null) {
      return SeriesPreview.without(
          series, "no version serves this series; it would start cold at its next event");
    }
    Replay replay =
        replay(history, serving, retained(series, serving.model(), proposed, activations));
    if (replay.served() == null || replay.event() == null) {
      return SeriesPreview.without(series, "the events found close no step yet");
    }
    Terms terms = Terms.serving(Scope.all(), null);
    Activation next =
        new Activation(
            settings.model(), activations.nextEpoch(), proposed.version(), terms, "preview");
    StepResult result =
        engine
            .prepare(replay.before(), replay.event(), new ServingVersion(next, proposed))
            .result();
    Forecast forecast = last(result);
    String trouble = trouble(result, forecast);
    return new SeriesPreview(
        series,
        replay.steps(),
        replay.served(),
        trouble.isEmpty() ? forecast : null,
        trouble,
        deviation(history));
  }

  private static String trouble(StepResult result, @Nullable Forecast forecast) {
    if (result instanceof StepResult.Refused refused) {
      return "its event would be a dead letter: " + refused.message();
    }
    if (forecast == null) {
      return "the series would restart on another sampling interval and forecast later";
    }
    return forecast.isFinite()
        ? ""
        : "the forecast is not finite; the serving version would stay in use";
  }

  /**
   * A series replayed under its serving version.
   *
   * @param before the series before {@code event}
   * @param event the last event that gave a forecast; null if none did
   * @param served the forecast of that event
   * @param steps of the whole replay
   */
  private record Replay(
      SeriesStore before, @Nullable Observation event, @Nullable Forecast served, int steps) {}

  private Replay replay(List<Observation> history, ServingVersion serving, int retained) {
    SeriesStore before = new InMemorySeriesStore();
    SeriesState state = begin(before, serving, retained);
    // Updates after the last forecast are not written to its base.
    OverlaySeriesStore since = new OverlaySeriesStore(before);
    Observation event = null;
    Forecast served = null;
    for (Observation observation : history) {
      boolean isLate = engine.steps().isClosed(state, observation, serving.model());
      SeriesUpdate update = engine.prepare(since, observation, serving);
      Forecast forecast = last(update.result());
      // A late event migrates no series.
      if (forecast != null && !isLate) {
        since.commit();
        event = observation;
        served = forecast;
      }
      if (update.isChange()) {
        update.commit();
        state = update.state();
      }
    }
    return new Replay(before, event, served, (int) state.window().count());
  }

  /** Stores a state without observations that retains {@code retained} steps. */
  private static SeriesState begin(SeriesStore store, ServingVersion serving, int retained) {
    SeriesState state = SeriesState.initial(serving.model(), serving.activation().epoch(), store);
    state.window().resize(retained);
    state.window().resize(serving.model().specification().contextLength());
    store.put(StateKey.STATE, StateSnapshot.of(state, SeriesState.NO_TIME));
    return state;
  }

  private static @Nullable Forecast last(StepResult result) {
    List<StepResult.Advanced> forecasts = result.forecasts();
    return forecasts.isEmpty() ? null : forecasts.get(forecasts.size() - 1).forecast();
  }

  /**
   * Returns the steps that the stream retains of a series: the longest context of all versions that
   * served it. It matters only if the proposed version has a longer context than the serving one.
   */
  private int retained(String series, Model serving, Model proposed, Activations activations) {
    int context = serving.specification().contextLength();
    if (proposed.specification().contextLength() <= context) {
      return context;
    }
    return activations.descending().stream()
        .filter(activation -> activation.terms().role() == Role.SERVE)
        .filter(activation -> !activation.terms().isEnd())
        .filter(activation -> activation.terms().scope().contains(series))
        .flatMap(activation -> loaded(activation.version()).stream())
        .mapToInt(model -> model.specification().contextLength())
        .reduce(context, Math::max);
  }

  private static double deviation(List<Observation> history) {
    double mean = history.stream().mapToDouble(Observation::value).average().orElse(Double.NaN);
    double squares =
        history.stream()
            .mapToDouble(observation -> (observation.value() - mean) * (observation.value() - mean))
            .sum();
    return Math.sqrt(squares / history.size());
  }
}
