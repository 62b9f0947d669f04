package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats of files with one line per record. */
public enum TableFormat {
  CSV,
  JSONL;

  /** Returns the name on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the format of a file.
   *
   * @param id the option {@code --format}; null to decide by the name of the file
   */
  public static TableFormat of(@Nullable String id, Path file) {
    if (id == null) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSONL : CSV;
    }
    for (TableFormat format : values()) {
      if (format.id().equals(id)) {
        return format;
      }
    }
    throw new UsageException("--format: expected csv or jsonl, got '%s'".formatted(id));
  }
}
