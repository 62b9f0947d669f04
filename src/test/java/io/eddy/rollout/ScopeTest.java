package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScopeTest {
  private static final List<String> KEYS =
      IntStream.range(0, 5000).mapToObj(i -> "sensor-" + i).toList();

  @Test
  void smallerShareIsSubsetOfLarger() {
    for (int percent = 1; percent < 100; percent++) {
      Scope smaller = share(percent);
      Scope larger = share(percent + 1);

      assertThat(KEYS.stream().filter(smaller::contains)).allMatch(larger::contains);
    }
  }

  @Test
  void shareContainsExpectedNumberOfSeries() {
    assertThat(KEYS.stream().filter(share(10)::contains).count()).isBetween(400L, 600L);
    assertThat(KEYS).allMatch(share(100)::contains);
  }

  @Test
  void prefixContainsSeriesByName() {
    Scope scope = new Scope.Prefix("plant-7/");

    assertThat(Stream.of("plant-7/a", "plant-7/", "plant-70/a", "plant-7", "x/plant-7/a"))
        .filteredOn(scope::contains)
        .containsExactly("plant-7/a", "plant-7/");
  }

  @Test
  void sortsMostSpecificFirst() {
    Scope[] scopes = {
      new Scope.Prefix("plant-7/pump"),
      new Scope.Prefix("plant-7/"),
      new Scope.Prefix("plant-8/"),
      share(1),
      share(10),
      Scope.all()
    };

    assertThat(Stream.of(scopes[5], scopes[3], scopes[2], scopes[0], scopes[4], scopes[1]).sorted())
        .containsExactly(scopes);
  }

  @Test
  void describesScopes() {
    assertThat(Stream.of(Scope.all(), new Scope.Prefix("a/"), percent("0.5"), percent("100")))
        .map(Scope::toString)
        .containsExactly("all", "prefix a/", "share 0.5 %", "share 100 %");
  }

  @Test
  void rejectsInvalidShares() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> percent("0"))
        .withMessage("share: expected more than 0 % and at most 100 %, got 0 %");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> percent("100.0001"))
        .withMessage("share: expected more than 0 % and at most 100 %, got 100.0001 %");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> percent("0.00001"))
        .withMessage("share: expected at most 100 %, in steps of 0.0001 %, got 0.00001 %");
    assertThatIllegalArgumentException().isThrownBy(() -> percent("1000000000"));
  }

  @Test
  void rejectsEmptyPrefix() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scope.Prefix(""))
        .withMessage("prefix: must not be empty");
  }

  private static Scope share(int percent) {
    return Scope.Share.ofPercent(BigDecimal.valueOf(percent));
  }

  private static Scope percent(String percent) {
    return Scope.Share.ofPercent(new BigDecimal(percent));
  }
}
