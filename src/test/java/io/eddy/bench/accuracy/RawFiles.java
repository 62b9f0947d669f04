package io.eddy.bench.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Writes small files in the published formats, with a daily profile and noise. */
public final class RawFiles {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final LocalDateTime BEGIN = LocalDateTime.parse("2016-07-01T00:00");

  private RawFiles() {}

  /** Writes series H1, H2, … of given lengths, and 48 test values for each. */
  public static void m4(Path folder, List<Integer> lengths) throws IOException {
    int longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    StringBuilder train = new StringBuilder(columns(longest));
    StringBuilder test = new StringBuilder(columns(48));
    for (int s = 0; s < lengths.size(); s++) {
      int length = lengths.get(s);
      train.append("\"H").append(s + 1).append('"');
      test.append("\"H").append(s + 1).append('"');
      for (int i = 0; i < longest; i++) {
        train.append(",\"").append(i < length ? value(s, i, 24) : "").append('"');
      }
      for (int i = length; i < length + 48; i++) {
        test.append(",\"").append(value(s, i, 24)).append('"');
      }
      train.append('\n');
      test.append('\n');
    }
    Files.writeString(folder.resolve("Hourly-train.csv"), train);
    Files.writeString(folder.resolve("Hourly-test.csv"), test);
  }

  private static String columns(int values) {
    StringBuilder header = new StringBuilder("\"V1\"");
    for (int i = 0; i < values; i++) {
      header.append(",\"V").append(i + 2).append('"');
    }
    return header.append('\n').toString();
  }

  /** Writes half-hourly values. */
  static void taxi(Path folder, int rows) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "timestamp,passenger_count,timeofday,dayofweek\ndatetime,int,int,int\nT,,,\n");
    for (int i = 0; i < rows; i++) {
      text.append(TIME.format(BEGIN.plus(Duration.ofMinutes(30L * i)))).append(',');
      text.append(value(0, i, 48)).append(",0,1\n");
    }
    Files.writeString(folder.resolve("nyc_taxi_full.csv"), text);
  }

  /** Writes the columns HUFL and OT. */
  static void ett(Path file, Duration interval, int rows) throws IOException {
    int day = (int) Duration.ofDays(1).dividedBy(interval);
    StringBuilder text = new StringBuilder("date,HUFL,OT\n");
    for (int i = 0; i < rows; i++) {
      text.append(TIME.format(BEGIN.plus(interval.multipliedBy(i))));
      text.append(',').append(value(1, i, day)).append(',').append(value(2, i, day)).append('\n');
    }
    Files.writeString(file, text);
  }

  /** Returns a whole number: higher in the second half of the day, plus a hash. */
  private static int value(int series, int i, int day) {
    int noise = Math.floorMod((i + 1) * (series + 3) * 7919 ^ (i * 104_729) >> 3, 41);
    return 200 + 100 * series + (2 * (i % day) >= day ? 60 : 0) + 3 * (i % day) / 4 + noise;
  }
}
