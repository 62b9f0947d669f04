package io.eddy.forecast.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eddy.fuzz.DecoderFuzzer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mutated rules: each is rejected, or parsed to rules whose text gives the same rules. */
final class FuzzedAlertRulesTest {
  private static final List<String> RULES =
      List.of(
          "temperature > 80 within PT6H with probability 0.7",
          "hot: pump-* >= -2.5e3 within 90m clear below .2 after 3 steps, * < 7",
          "\"a, b\" outside -10..20 WITHIN 1d, \"x:\" <= 0 with probability .9 clear below 0.1");

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(2000, IllegalArgumentException.class);

  @Test
  void rules() {
    fuzzer.fuzz(
        bytes -> {
          String canonical = AlertRules.parse(new String(bytes, UTF_8)).toString();
          requireSame(canonical);
        },
        RULES.stream().map(rule -> rule.getBytes(UTF_8)).toList());
  }

  /** A rule that was accepted is accepted again in the text that reports show. */
  private static void requireSame(String canonical) {
    try {
      String again = AlertRules.parse(canonical).toString();
      if (!again.equals(canonical)) {
        throw new IllegalStateException("\"%s\" became \"%s\"".formatted(canonical, again));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("\"%s\" is rejected".formatted(canonical), e);
    }
  }
}
