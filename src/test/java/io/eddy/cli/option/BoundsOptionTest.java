package io.eddy.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eddy.model.Bounds;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BoundsOptionTest {
  private static final double NONE = Double.POSITIVE_INFINITY;

  @Test
  void parsesRangesAndWholeNumbers() {
    assertThat(parse("0..")).isEqualTo(new Bounds(0, NONE, false, true));
    assertThat(parse("0..100")).isEqualTo(new Bounds(0, 100, false, true));
    assertThat(parse("..-0.5")).isEqualTo(new Bounds(-NONE, -0.5, false, true));
    assertThat(parse("-10..1e3")).isEqualTo(new Bounds(-10, 1000, false, true));
    assertThat(parse("integer")).isEqualTo(new Bounds(-NONE, NONE, true, true));
    assertThat(parse("0..,integer")).isEqualTo(new Bounds(0, NONE, true, true));
    assertThat(parse("integer,0..9")).isEqualTo(new Bounds(0, 9, true, true));
    assertThat(parse("none")).isEqualTo(Bounds.NONE);
    assertThat(BoundsOption.parse(List.of())).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0-100",
        "a..b",
        "5..1",
        "1..1",
        "NaN..",
        "0..,1..",
        "none,integer",
        "0.5..,integer",
        "whole"
      })
  void rejectsOtherWords(String words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(words))
        .withMessageContaining("bounds: expected");
  }

  private static @Nullable Bounds parse(String words) {
    return BoundsOption.parse(List.of(words.split(",")));
  }
}
