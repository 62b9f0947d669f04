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
 * The activations of one model, and the one place that decides which of them a series is served by:
 * of the scopes that it is in the most specific one, and there the highest epoch that is effective
 * at the event's time. Where that one's version is not to be had, the next lower epoch takes its
 * place, and where the scope has none left or was ended, the next wider scope. Immutable.
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

  /** Of every scope and role, the highest epoch first. */
  public List<Activation> descending() {
    return descending;
  }

  /** Of one scope and role, the highest epoch first. */
  public List<Activation> descending(Scope scope, Role role) {
    return scopes(role).stream()
        .filter(scoped -> scoped.scope().equals(scope))
        .findFirst()
        .map(Scoped::descending)
        .orElse(List.of());
  }

  /** The highest epoch of each scope that it does not end, the most specific scope first. */
  public List<Activation> heads(Role role) {
    return scopes(role).stream()
        .map(scoped -> scoped.descending().get(0))
        .filter(head -> !head.terms().isEnd())
        .toList();
  }

  /** The highest epoch, of whatever scope and role; 0 where there is none. */
  public long highestEpoch() {
    return descending.isEmpty() ? 0 : descending.get(0).epoch();
  }

  /** The next epoch that is free. */
  public long nextEpoch() {
    return highestEpoch() + 1;
  }

  /**
   * By which activation a version fills a role for a series. Allocates nothing, and with
   * activations of all series alone, effective at once, looks at no more than the highest.
   *
   * @param timestampMs time of the event, epoch milliseconds
   * @param isUsable whether an activation's version can do it; asked in the order of precedence,
   *     until one can
   * @return null where none does
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

  /** As {@link #find}, for the series that no narrower scope takes. */
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

  /** Whether a series is in any scope that ever had a role. */
  public boolean isConcerned(Role role, String series) {
    List<Scoped> candidates = scopes(role);
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).scope().contains(series)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a role may be filled for a series at any event time, with whatever version. */
  public boolean mayBeFilled(Role role, String series) {
    for (Scoped scoped : scopes(role)) {
      if (scoped.scope().contains(series) && mayBeFilled(scoped)) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayBeFilled(Scoped scoped) {
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

  /** The activation of an epoch; null where there is none. */
  public @Nullable Activation ofEpoch(long epoch) {
    for (int i = 0; i < descending.size() && descending.get(i).epoch() >= epoch; i++) {
      if (descending.get(i).epoch() == epoch) {
        return descending.get(i);
      }
    }
    return null;
  }

  /**
   * Whether a series may wait before it moves to what serves it, since nothing says that it moves
   * at this very event: what serves it does so at once, would have served the event before, too,
   * and nothing that came above the series' epoch is urgent. So where every activation is there
   * before the first event, none ever waits, and a replay moves each series at the same event.
   *
   * @param serving what is found for its event
   * @param epoch under which the series was served so far
   * @param beforeMs time of the event before, or of the step that it closed
   * @param isUsable as for {@code serving}
   */
  public boolean mayWait(
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
    Activation before = ofEpoch(epoch);
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
   * The event times for which an activation is the highest of its scope and role.
   *
   * @param untilMs exclusive; null where no higher epoch follows
   */
  public record Period(Activation activation, @Nullable Long untilMs) {
    /** As in "serves share 10 % under epoch 3, from 2026-01-20T00:00:00Z". */
    public String inWords() {
      Long from = activation.effectiveFromMs();
      long overMs = activation.terms().timing().overMs();
      return (activation.terms().role() == Role.SERVE ? "serves " : "shadows ")
          + activation.terms().scope()
          + " under epoch "
          + activation.epoch()
          + (from == null ? "" : ", from " + Instant.ofEpochMilli(from))
          + (overMs == 0 ? "" : " over " + Duration.ofMillis(overMs))
          + (untilMs == null ? "" : ", until " + Instant.ofEpochMilli(untilMs));
    }
  }

  /**
   * When this version is put to work, ever: an activation that a higher epoch of its scope and role
   * hides at all times is left out.
   *
   * @param isUsable whether an activation's version can do it; one that cannot hides no other
   * @return the highest epoch first
   */
  public List<Period> inForce(ModelVersion version, Predicate<Activation> isUsable) {
    List<Period> found = new ArrayList<>();
    serving.forEach(scoped -> addInForce(scoped, version, isUsable, found));
    shadows.forEach(scoped -> addInForce(scoped, version, isUsable, found));
    found.sort(Comparator.comparingLong((Period period) -> period.activation().epoch()).reversed());
    return found;
  }

  private static void addInForce(
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
