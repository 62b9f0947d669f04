package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import io.eddy.rollout.Scope;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that limit a command to a scope. */
public final class ScopeOptions {
  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "Limit to series whose names start with TEXT. Default: all series.")
  private @Nullable String prefix;

  @Option(
      names = "--share",
      paramLabel = "PERCENT",
      description =
          "Limit to a share of the series, for example 10%%, chosen by the hash of their names. A"
              + " share is part of every larger share. Default: all series.")
  private @Nullable String share;

  /** Returns the scope; all series by default. */
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
          "--share: expected a percentage such as 10%%, got '%s'".formatted(text));
    }
    return new BigDecimal(number);
  }
}
