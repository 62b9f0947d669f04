package io.eddy.bench.anomalies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.series.InvalidRecordException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyBenchmarkTest {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  @TempDir Path folder;

  @Test
  void writesOneScorePerRow() throws Exception {
    StringBuilder rows = new StringBuilder("timestamp,value\n");
    LocalDateTime time = LocalDateTime.parse("2014-04-01T00:00:00");
    for (int t = 0; t < 300; t++) {
      double value = t == 250 ? 90 : 20 + t % 7;
      rows.append(TIME.format(time.plusMinutes(5L * t))).append(',').append(value).append('\n');
    }
    Path data = Files.createDirectories(folder.resolve("data/group"));
    Files.writeString(data.resolve("a.csv"), rows);

    AnomalyBenchmark.Result result =
        AnomalyBenchmark.run(folder.resolve("data"), folder.resolve("scores"));

    List<String> lines = Files.readAllLines(folder.resolve("scores/group/a.csv"));
    assertThat(result.rows()).isEqualTo(300);
    assertThat(lines).hasSize(301).startsWith("timestamp,anomaly_score");
    assertThat(score(lines.get(251))).isGreaterThan(0.5);
    assertThat(lines.subList(150, 250)).allMatch(line -> score(line) < 0.5);
  }

  @Test
  void namesLineThatIsNoRow() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("a.csv"), "timestamp,value\n2014-04-01 00:00:00,high\n");

    assertThatThrownBy(() -> AnomalyBenchmark.run(data, folder.resolve("scores")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining("a.csv, line 2: expected timestamp,value");
  }

  private static double score(String line) {
    return Double.parseDouble(line.substring(line.indexOf(',') + 1));
  }
}
