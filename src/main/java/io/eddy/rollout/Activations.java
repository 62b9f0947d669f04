package io.eddy.rollout;

import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The activations of one model. Selects the activation that applies to a series: in the most
 * specific scope that contains the series, the highest epoch that is effective at the event's time.
 * If its version is unavailable, the next lower epoch applies; if the scope has none left or was
 * ended, the next wider scope applies. Immutable.
 */
public final class Activations {
  private final List<Activation> descending;
  private final List<Scoped> serving;
  private final List<Scoped> shadows;

  /** The activations of one scope and role, the highest epoch first. */
  private record Scoped(Scope scope, List<Activation> descending) {}

  public Activations(Collection<Activation> activations) {
    descending =
        activations.stream()
            .sorted(Comparator.comparingLong(Activation::epoch).reversed())
            .toList();
    serving = byScope(Role.SERVE);
    shadows = byScope(Role.SHADOW);
  }

  private List<Scoped> byScope(Role role) {
    Map<Scope, List<Activation>> found = new TreeMap<>();
    for (Activation activation : descending) {
      if (activation.terms().role() == role) {
        found
            .computeIfAbsent(activation.terms().scope(), scope -> new ArrayList<>())
            .add(activation);
      }
    }
    return found.entrySet().stream()
        .map(entry -> new Scoped(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }

  /** Returns all activations, the highest epoch first. */
  public List<Activation> descending() {
    return descending;
  }

  /** Returns the activations of a scope and role, the highest epoch first. */
  public List<Activation> descending(Scope scope, Role role) {
    return scopes(role).stream()
        .filter(scoped -> scoped.scope().equals(scope))
        .findFirst()
        .map(Scoped::descending)
        .orElse(List.of());
  }

  /**
   * Returns the activation with the highest epoch of each scope that was not ended, the most
   * specific scope first.
   */
  public List<Activation> heads(Role role) {
    return scopes(role).stream()
        .map(scoped -> scoped.descending().get(0))
        .filter(head -> !head.terms().isEnd())
        .toList();
  }

  /** Returns the ends of the shadows of scopes without a shadow, the latest of each scope. */
  public List<Activation> endedShadows() {
    return shadows.stream()
        .map(scoped -> scoped.descending().get(0))
        .filter(head -> head.terms().isEnd())
        .toList();
  }

  /** Returns the highest epoch; 0 if none exists. */
  public long highestEpoch() {
    return descending.isEmpty() ? 0 : descending.get(0).epoch();
  }

  /** Returns the next free epoch. */
  public long nextEpoch() {
    return highestEpoch() + 1;
  }

  /**
   * Returns the activation of a role that applies to an event; null if none exists. Allocates
   * nothing. Takes constant time if all activations are for all series and effective immediately.
   *
   * @param timestampMs event time, epoch milliseconds
   * @param isUsable whether an activation's version is available; called in the order of precedence
   *     until it returns true
   */
  public @Nullable Activation find(
      Role role, String series, long timestampMs, Predicate<Activation> isUsable) {
    List<Scoped> candidates = scopes(role);
    for (int i = 0; i < candidates.size(); i++) {
      Scoped scoped = candidates.get(i);
      if (scoped.scope().contains(series)) {
        Activation found = find(scoped, series, timestampMs, isUsable);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Like {@link #find}, for the series that no narrower scope contains. */
  public @Nullable Activation findForAll(
      Role role, long timestampMs, Predicate<Activation> isUsable) {
    List<Scoped> candidates = scopes(role);
    Scoped widest = candidates.isEmpty() ? null : candidates.get(candidates.size() - 1);
    return widest == null || !widest.scope().equals(Scope.all())
        ? null
        : find(widest, null, timestampMs, isUsable);
  }

  private static @Nullable Activation find(
      Scoped scoped, @Nullable String series, long timestampMs, Predicate<Activation> isUsable) {
    List<Activation> candidates = scoped.descending();
    for (int i = 0; i < candidates.size(); i++) {
      Activation candidate = candidates.get(i);
      if (isEffective(candidate, series, timestampMs)) {
        if (candidate.terms().isEnd()) {
          return null;
        }
        if (isUsable.test(candidate)) {
          return candidate;
        }
      }
    }
    return null;
  }

  /** Returns whether any scope with activations of a role contains a series. */
  public boolean isInAnyScope(Role role, String series) {
    List<Scoped> candidates = scopes(role);
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).scope().contains(series)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether an activation of a role may apply to a series at any event time. */
  public boolean mayApply(Role role, String series) {
    for (Scoped scoped : scopes(role)) {
      if (scoped.scope().contains(series) && mayApply(scoped)) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayApply(Scoped scoped) {
    for (Activation activation : scoped.descending()) {
      if (!activation.terms().isEnd()) {
        return true;
      }
      if (activation.effectiveFromMs() == null) {
        return false;
      }
    }
    return false;
  }

  private static boolean isEffective(
      Activation activation, @Nullable String series, long timestampMs) {
    return series == null
        ? activation.terms().timing().isEffectiveForAllAt(timestampMs)
        : activation.isEffectiveAt(series, timestampMs);
  }

  /** Returns the activation of an epoch; null if none exists. */
  public @Nullable Activation byEpoch(long epoch) {
    for (int i = 0; i < descending.size() && descending.get(i).epoch() >= epoch; i++) {
      if (descending.get(i).epoch() == epoch) {
        return descending.get(i);
      }
    }
    return null;
  }

  /**
   * Returns whether the throttle may delay a series' migration. It may if the activation is
   * effective immediately, would also have applied to the previous event, and no activation above
   * the series' epoch is urgent. In a replay with all activations known before the first event no
   * migration is ever delayed, so every series migrates at the same event.
   *
   * @param serving the activation that applies to the event
   * @param epoch epoch of the series' state
   * @param beforeMs time of the previous event, or of the step that it closed
   * @param isUsable the predicate that {@code serving} was found with
   */
  public boolean mayBePending(
      Activation serving,
      String series,
      long epoch,
      long beforeMs,
      Predicate<Activation> isUsable) {
    if (serving.effectiveFromMs() != null || isUrgentAbove(epoch, series)) {
      return false;
    }
    Activation before = find(serving.terms().role(), series, beforeMs, isUsable);
    return before != null && before.epoch() == serving.epoch();
  }

  private boolean isUrgentAbove(long epoch, String series) {
    Activation before = byEpoch(epoch);
    for (int i = 0; i < descending.size() && descending.get(i).epoch() > epoch; i++) {
      Activation.Terms terms = descending.get(i).terms();
      if (terms.timing().isUrgent()
          && terms.role() == Role.SERVE
          && (before == null || terms.scope().compareTo(before.terms().scope()) <= 0)
          && terms.scope().contains(series)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The event times at which an activation is the highest of its scope and role.
   *
   * @param untilMs exclusive; null if no higher epoch follows
   */
  public record Period(Activation activation, @Nullable Long untilMs) {
    /** Returns a text such as "serves share 10 % under epoch 3, from 2026-01-20T00:00:00Z". */
    public String describe() {
      Long from = activation.effectiveFromMs();
      long spreadMs = activation.terms().timing().spreadMs();
      return (activation.terms().role() == Role.SERVE ? "serves " : "shadows ")
          + activation.terms().scope()
          + " under epoch "
          + activation.epoch()
          + (from == null ? "" : ", from " + Instant.ofEpochMilli(from))
          + (spreadMs == 0 ? "" : " over " + Duration.ofMillis(spreadMs))
          + (untilMs == null ? "" : ", until " + Instant.ofEpochMilli(untilMs));
    }
  }

  /**
   * Returns the periods in which a version applies, the highest epoch first. Omits activations that
   * a higher epoch of the same scope and role hides at all times.
   *
   * @param isUsable whether an activation's version is available; otherwise it hides no other
   */
  public List<Period> periods(ModelVersion version, Predicate<Activation> isUsable) {
    List<Period> found = new ArrayList<>();
    serving.forEach(scoped -> addPeriods(scoped, version, isUsable, found));
    shadows.forEach(scoped -> addPeriods(scoped, version, isUsable, found));
    found.sort(Comparator.comparingLong((Period period) -> period.activation().epoch()).reversed());
    return found;
  }

  private static void addPeriods(
      Scoped scoped, ModelVersion version, Predicate<Activation> isUsable, List<Period> found) {
    long hiddenFromMs = Long.MAX_VALUE;
    for (Activation activation : scoped.descending()) {
      Long from = activation.effectiveFromMs();
      long fromMs = from == null ? Long.MIN_VALUE : from;
      if (fromMs < hiddenFromMs) {
        boolean isEnd = activation.terms().isEnd();
        if (!isEnd && activation.version().equals(version)) {
          found.add(new Period(activation, hiddenFromMs == Long.MAX_VALUE ? null : hiddenFromMs));
        }
        if (isEnd || isUsable.test(activation)) {
          Long until = activation.terms().timing().untilMs();
          hiddenFromMs = until == null ? Long.MIN_VALUE : Math.min(hiddenFromMs, until);
        }
      }
    }
  }

  private List<Scoped> scopes(Role role) {
    return role == Role.SERVE ? serving : shadows;
  }
}
