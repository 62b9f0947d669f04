package io.eddy.cli.option;

import io.eddy.kafka.config.UsageException;
import io.eddy.rollout.Scope;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which series an activation is for. */
public final class ScopeOptions {
  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Only the series whose names begin with TEXT.")
  private @Nullable String prefix;

  @Option(
      names = "--share",
      paramLabel = "PERCENT",
      description = {
        "Only a share of the series, as in 10%%, drawn by the hash of their names.",
        "A smaller share is part of a larger one."
      })
  private @Nullable String share;

  /** The scope; all series where no option narrows it. */
  public Scope scope() {
    if (prefix != null && share != null) {
      throw new UsageException("--prefix and --share exclude each other");
    }
    try {
      if (prefix != null) {
        return new Scope.Prefix(prefix);
      }
      return share == null ? Scope.all() : Scope.Share.ofPercent(percent(share));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private static BigDecimal percent(String text) {
    String number = text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
    if (!number.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw new UsageException(
          "--share: expected a percentage as in 10%%, got '%s'".formatted(text));
    }
    return new BigDecimal(number);
  }
}
