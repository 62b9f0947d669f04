package io.eddy.dataset.csv;

import io.eddy.series.time.TimestampFormat;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Times of a CSV file.
 *
 * @param format {@link TimestampFormat#AUTO} to detect it from all times of the file
 * @param zone zone of the times that state none; null to read them as UTC, with a warning
 */
public record TimeOptions(TimestampFormat format, @Nullable ZoneId zone) {
  /** Detects the format. */
  public static final TimeOptions DETECT = new TimeOptions(TimestampFormat.AUTO, null);
}
