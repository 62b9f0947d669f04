package io.eddy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.bench.accuracy.RawFiles;
import io.eddy.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BenchAccuracyCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void writesMeasuredForecasts() throws IOException {
    RawFiles.m4(folder, List.of(150, 170));
    Path file = folder.resolve("forecasts.csv");

    assertThat(accuracy("m4-hourly", file, "--epochs", "1", "--members", "1", "--json"))
        .as(err.toString())
        .isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(1 + 2 * 48);
    assertThat(lines.get(0))
        .isEqualTo(
            "series,origin,step,timestamp,mean,q0.025,q0.1,q0.2,q0.3,q0.4,q0.5,q0.6,q0.7,q0.8,q0.9,q0.975,model");
    assertThat(lines.get(1)).startsWith("H1,2000-01-07T05:00:00Z,1,2000-01-07T06:00:00Z,");
    assertThat(lines.get(1)).doesNotContain(",,");
    assertThat(report.at("/figures").findValuesAsText("name")).contains("owa");
    assertThat(report.at("/figures/0/value").asDouble()).isPositive();
    assertThat(report.at("/seasonalNaive/0/value").asDouble()).isPositive();
    assertThat(report.at("/published")).hasSizeGreaterThan(3);
    assertThat(report.at("/tasks/0/points").asInt()).isEqualTo(2 * 48);
    assertThat(report.at("/tasks/0/coverage/5/coverage").asDouble()).isBetween(0.0, 1.0);
    assertThat(report.at("/tasks/0/versions/0").asText()).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m5 | 2 | eddy: PROTOCOL: expected m4-hourly, nyc-taxi, ett-m1 or ett-h1, got 'm5'",
        "ett-m1 --horizon 96 | 2 | eddy: --horizon: only ett-h1 has several horizons",
        "ett-h1 --horizon 97 | 2 | eddy: --horizon: expected one of [96, 192, 336, 720], got 97",
        "nyc-taxi --cell cnn | 2 | eddy: cell: expected rnn_tanh, rnn_relu, gru, lstm, slstm or lru, got cnn",
        "ett-h1 --epochs 0 | 2 | eddy: --epochs: expected a whole number from 1 to 100000, got 0",
        "ett-h1 --data nowhere | 2 | eddy: nowhere: no such folder",
        "ett-h1 --out nowhere/f.csv | 2 | eddy: cannot write nowhere/f.csv: no such folder",
      })
  void reportsErrorInOneLine(String arguments, int exitCode, String message) {
    String given = arguments.contains("--data") ? "" : " --data " + folder;
    String to = arguments.contains("--out") ? "" : " --out " + folder.resolve("f.csv");

    assertThat(run((arguments + given + to).split(" "))).isEqualTo(exitCode);

    assertThat(err.toString()).startsWith(message);
  }

  @Test
  void namesMissingFile() {
    assertThat(accuracy("ett-h1", folder.resolve("f.csv"))).isEqualTo(1);

    assertThat(err.toString())
        .startsWith("eddy: " + folder + ": neither ETTh1.csv nor ETTh1.csv.gz found")
        .contains("zhouhaoyi/ETDataset on GitHub");
  }

  @ParameterizedTest
  @CsvSource({"f.csv,f-96.csv", "a.b/f.x.csv,a.b/f.x-96.csv", "f,f-96", ".f,.f-96"})
  void namesFileByHorizon(Path out, Path file) {
    assertThat(BenchAccuracyCommand.withHorizon(out, 96)).isEqualTo(file);
  }

  private int accuracy(String protocol, Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of(protocol, "--data", folder.toString(), "--out", file.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("bench", "accuracy"));
    all.addAll(List.of(arguments));
    return commands.execute(all.toArray(String[]::new));
  }
}
