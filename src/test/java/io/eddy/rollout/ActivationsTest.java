package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ActivationsTest {
  private static final Scope PLANT = new Scope.Prefix("plant-7/");
  private static final Scope PUMPS = new Scope.Prefix("plant-7/pump");

  /** Contains plant-7/pump-3 (bucket 39941) but not sensor-1 (bucket 848253). */
  private static final Scope TENTH = Scope.Share.ofPercent(BigDecimal.TEN);

  private static final Scope MOST = Scope.Share.ofPercent(BigDecimal.valueOf(90));

  @Test
  void prefersMostSpecificScopeThenHighestEpoch() {
    Activations activations =
        of(
            serve(1, PUMPS, null),
            serve(2, PLANT, null),
            serve(3, PLANT, null),
            serve(4, TENTH, null),
            serve(5, MOST, null),
            serve(6, Scope.all(), null),
            serve(7, Scope.all(), null));

    assertThat(serving(activations, "plant-7/pump-3", 0)).isEqualTo(1);
    assertThat(serving(activations, "plant-7/fan", 0)).isEqualTo(3);
    assertThat(serving(activations, "sensor-1", 0)).isEqualTo(5);
    assertThat(serving(activations, "", 0)).isEqualTo(7);
  }

  @Test
  void orderOfActivationsDoesNotMatter() {
    List<Activation> all = new ArrayList<>();
    for (int epoch = 1; epoch <= 12; epoch++) {
      Scope scope = List.of(Scope.all(), PLANT, TENTH).get(epoch % 3);
      all.add(serve(epoch, scope, epoch % 4 == 0 ? Long.valueOf(epoch * 100L) : null));
    }
    Activations inOrder = new Activations(all);
    for (int seed = 0; seed < 50; seed++) {
      Collections.shuffle(all, new Random(seed));
      Activations shuffled = new Activations(all);
      for (String series : List.of("plant-7/a", "plant-7/pump-3", "sensor-1")) {
        for (long time = 0; time < 1300; time += 100) {
          assertThat(serving(shuffled, series, time)).isEqualTo(serving(inOrder, series, time));
        }
      }
    }
  }

  @Test
  void spreadsMigrationsOverPeriodByKeyHash() {
    Activation spread =
        new Activation(
            "m",
            2,
            ModelVersion.of(new byte[] {2}),
            Terms.serving(Scope.all(), null).at(new Timing(1_000L, 600_000, false)),
            "");
    Activations activations = of(serve(1, Scope.all(), null), spread);

    assertThat(serving(activations, "a", 1_000 + 397_839)).isEqualTo(1);
    assertThat(serving(activations, "a", 1_000 + 397_840)).isEqualTo(2);
    assertThat(serving(activations, "sensor-2", 1_000 + 69_959)).isEqualTo(1);
    assertThat(serving(activations, "sensor-2", 1_000 + 69_960)).isEqualTo(2);
    assertThat(epoch(activations.findForAll(Role.SERVE, 600_999, ActivationsTest::any)))
        .isEqualTo(1);
    assertThat(epoch(activations.findForAll(Role.SERVE, 601_000, ActivationsTest::any)))
        .isEqualTo(2);
    assertThat(activations.periods(spread.version(), ActivationsTest::any))
        .extracting(Activations.Period::describe)
        .containsExactly("serves all under epoch 2, from 1970-01-01T00:00:01Z over PT10M");
  }

  @Test
  void previousEpochAppliesUntilEndOfPeriod() {
    Activation before = serve(1, Scope.all(), null);
    Activation spread =
        new Activation(
            "m",
            2,
            ModelVersion.of(new byte[] {99}),
            Terms.serving(Scope.all(), null).at(new Timing(1_000L, 600_000, false)),
            "");

    assertThat(of(before, spread).periods(before.version(), ActivationsTest::any))
        .contains(new Activations.Period(before, 601_000L));
  }

  @Test
  void delaysOnlyImmediateActivations() {
    Activation urgent =
        new Activation(
            "m",
            5,
            ModelVersion.of(new byte[] {5}),
            Terms.serving(PLANT, null).at(Timing.URGENT),
            "");
    Activations activations =
        of(
            serve(1, Scope.all(), null),
            serve(2, Scope.all(), null),
            serve(3, PUMPS, 100L),
            serve(4, TENTH, null),
            urgent,
            serve(6, PLANT, null));

    assertThat(mayBePending(activations, "sensor-1", 1, 50)).isTrue();
    // From 100 on another activation applies, by event time.
    assertThat(mayBePending(activations, "plant-7/pump-3", 5, 100)).isFalse();
    assertThat(mayBePending(activations, "plant-7/fan", 5, 50)).isTrue();
    // A later activation is urgent.
    assertThat(mayBePending(activations, "plant-7/fan", 2, 50)).isFalse();
    // Urgency of a wider scope does not affect a narrower one.
    Activations narrow = of(serve(1, PUMPS, null), urgent, serve(6, PUMPS, null));
    assertThat(mayBePending(narrow, "plant-7/pump-3", 1, 50)).isTrue();
  }

  @Test
  void timedEndOfScopeIsNotDelayed() {
    Activations activations =
        of(
            serve(1, PLANT, null),
            new Activation(
                "m", 2, ModelVersion.of(new byte[] {1}), Terms.ending(PLANT, Role.SERVE, 100L), ""),
            serve(3, Scope.all(), null));

    Activation due =
        java.util.Objects.requireNonNull(
            activations.find(Role.SERVE, "plant-7/fan", 100, ActivationsTest::any));
    assertThat(due.epoch()).isEqualTo(3);
    assertThat(activations.mayBePending(due, "plant-7/fan", 1, 99, ActivationsTest::any)).isFalse();
    assertThat(activations.mayBePending(due, "plant-7/fan", 1, 100, ActivationsTest::any)).isTrue();
  }

  @Test
  void rejectsInvalidTimings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Timing(null, 5, false))
        .withMessage("a migration period needs an event time to begin at");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Timing(5L, Timing.MAX_SPREAD_MS + 1, false))
        .withMessage("migration period: expected at most 31 days, got 2678400001 ms");
    assertThatIllegalArgumentException().isThrownBy(() -> new Timing(5L, 0, true));
  }

  private static boolean mayBePending(
      Activations activations, String series, long epoch, long beforeMs) {
    Activation due =
        java.util.Objects.requireNonNull(
            activations.find(Role.SERVE, series, 100, ActivationsTest::any));
    return activations.mayBePending(due, series, epoch, beforeMs, ActivationsTest::any);
  }

  @Test
  void timedActivationAppliesFromItsTime() {
    Activations activations =
        of(serve(1, Scope.all(), null), serve(2, Scope.all(), 100L), serve(3, PLANT, 200L));

    assertThat(serving(activations, "a", 99)).isEqualTo(1);
    assertThat(serving(activations, "a", 100)).isEqualTo(2);
    assertThat(serving(activations, "plant-7/a", 199)).isEqualTo(2);
    assertThat(serving(activations, "plant-7/a", 200)).isEqualTo(3);
  }

  @Test
  void lowerEpochWithLaterTimeNeverApplies() {
    Activations activations = of(serve(1, Scope.all(), 500L), serve(2, Scope.all(), null));

    assertThat(serving(activations, "a", 600)).isEqualTo(2);
  }

  @Test
  void endedScopeFallsBackToWiderScope() {
    Activations activations =
        of(
            serve(1, Scope.all(), null),
            serve(2, PLANT, null),
            serve(3, PUMPS, null),
            end(4, PUMPS, 100L));

    assertThat(serving(activations, "plant-7/pump-3", 99)).isEqualTo(3);
    assertThat(serving(activations, "plant-7/pump-3", 100)).isEqualTo(2);
    assertThat(activations.heads(Role.SERVE)).extracting(Activation::epoch).containsExactly(2L, 1L);
  }

  @Test
  void endedScopeCanBeActivatedAgain() {
    Activations activations =
        of(
            serve(1, Scope.all(), null),
            serve(2, PLANT, null),
            end(3, PLANT, null),
            serve(4, PLANT, null));

    assertThat(serving(activations, "plant-7/a", 0)).isEqualTo(4);
  }

  @Test
  void unavailableVersionFallsBackToPreviousThenWider() {
    Activations activations =
        of(serve(1, Scope.all(), null), serve(2, PLANT, null), serve(3, PLANT, null));

    assertThat(serving(activations, "plant-7/a", 0, Set.of(3L))).isEqualTo(2);
    assertThat(serving(activations, "plant-7/a", 0, Set.of(2L, 3L))).isEqualTo(1);
    assertThat(serving(activations, "plant-7/a", 0, Set.of(1L, 2L, 3L))).isEqualTo(-1);
  }

  @Test
  void unavailableVersionDoesNotRestoreEndedScope() {
    Activations activations =
        of(
            serve(1, Scope.all(), null),
            serve(2, PLANT, null),
            end(3, PLANT, null),
            serve(4, PLANT, null));

    assertThat(serving(activations, "plant-7/a", 0, Set.of(4L))).isEqualTo(1);
  }

  @Test
  void shadowNeverServes() {
    Activations activations =
        of(serve(1, Scope.all(), null), shadow(2, Scope.all()), shadow(3, PLANT));

    assertThat(serving(activations, "plant-7/a", 0)).isEqualTo(1);
    assertThat(epoch(activations.find(Role.SHADOW, "plant-7/a", 0, ActivationsTest::any)))
        .isEqualTo(3);
    assertThat(epoch(activations.find(Role.SHADOW, "a", 0, ActivationsTest::any))).isEqualTo(2);
    assertThat(epoch(of(shadow(1, Scope.all())).findForAll(Role.SERVE, 0, ActivationsTest::any)))
        .isEqualTo(-1);
  }

  @Test
  void findsActivationForAllSeries() {
    Activations activations = of(serve(1, Scope.all(), null), serve(2, PLANT, null));

    assertThat(epoch(activations.findForAll(Role.SERVE, 0, ActivationsTest::any))).isEqualTo(1);
    assertThat(of(serve(2, PLANT, null)).findForAll(Role.SERVE, 0, ActivationsTest::any)).isNull();
  }

  @Test
  void periodEndsWhereHigherEpochApplies() {
    Activations activations =
        of(
            serve(1, Scope.all(), null),
            serve(2, Scope.all(), 100L),
            serve(3, Scope.all(), 300L),
            serve(4, PLANT, null),
            shadow(5, Scope.all()));

    assertThat(inForce(activations, 1))
        .containsExactly("serves all under epoch 1, until " + at(100));
    assertThat(inForce(activations, 2))
        .containsExactly("serves all under epoch 2, from " + at(100) + ", until " + at(300));
    assertThat(inForce(activations, 3))
        .containsExactly("serves all under epoch 3, from " + at(300));
    assertThat(inForce(activations, 4)).containsExactly("serves prefix plant-7/ under epoch 4");
    assertThat(inForce(activations, 5)).containsExactly("shadows all under epoch 5");
  }

  @Test
  void hiddenVersionHasNoPeriodUnlessOtherUnavailable() {
    Activations activations = of(serve(1, Scope.all(), 100L), serve(2, Scope.all(), null));

    assertThat(activations.periods(version(1), ActivationsTest::any)).isEmpty();
    assertThat(activations.periods(version(1), activation -> activation.epoch() != 2)).hasSize(1);
  }

  @Test
  void endedVersionHasNoPeriod() {
    Activations activations =
        of(serve(1, Scope.all(), null), serve(2, PLANT, null), end(3, PLANT, null));

    assertThat(activations.periods(version(2), ActivationsTest::any)).isEmpty();
  }

  @Test
  void findAllocatesNothing() {
    Activations activations =
        of(
            serve(1, Scope.all(), null),
            serve(2, TENTH, null),
            serve(3, PLANT, 100L),
            end(4, TENTH, 50L));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Predicate<Activation> usable = ActivationsTest::any;
    long least = Long.MAX_VALUE;

    // The JVM allocates a little when it loads or compiles code.
    for (int round = 0; round < 500 && least > 0; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < 1000; i++) {
        activations.find(Role.SERVE, "plant-7/pump-3", i % 200, usable);
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }

    assertThat(least).isZero();
  }

  @Test
  void rejectsEndForAllSeries() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> end(2, Scope.all(), null))
        .withMessageContaining("cannot be ended");
  }

  private static String at(long timestampMs) {
    return java.time.Instant.ofEpochMilli(timestampMs).toString();
  }

  private static List<String> inForce(Activations activations, long epoch) {
    return activations.periods(version(epoch), ActivationsTest::any).stream()
        .map(Activations.Period::describe)
        .toList();
  }

  private static boolean any(Activation activation) {
    return activation.epoch() > 0;
  }

  private static long serving(Activations activations, String series, long timestampMs) {
    return serving(activations, series, timestampMs, Set.of());
  }

  private static long serving(
      Activations activations, String series, long timestampMs, Set<Long> missing) {
    return epoch(
        activations.find(
            Role.SERVE, series, timestampMs, activation -> !missing.contains(activation.epoch())));
  }

  private static long epoch(@Nullable Activation activation) {
    return activation == null ? -1 : activation.epoch();
  }

  private static Activations of(Activation... activations) {
    return new Activations(Arrays.asList(activations));
  }

  private static Activation serve(long epoch, Scope scope, @Nullable Long fromMs) {
    return activation(epoch, Terms.serving(scope, fromMs));
  }

  private static Activation shadow(long epoch, Scope scope) {
    return activation(epoch, Terms.shadowing(scope, null));
  }

  private static Activation end(long epoch, Scope scope, @Nullable Long fromMs) {
    return activation(epoch, Terms.ending(scope, Role.SERVE, fromMs));
  }

  private static Activation activation(long epoch, Terms terms) {
    return new Activation("m", epoch, version(epoch), terms, "");
  }

  private static ModelVersion version(long epoch) {
    return ModelVersion.of(new byte[] {(byte) epoch});
  }
}
