package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BacktestCommandTest {
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");
  private static final int HOURS = 400;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path csv = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    csv = Files.writeString(folder.resolve("sensors.csv"), sensors(HOURS));
    model =
        Files.write(
            folder.resolve("model"), Models.file(Models.specification(CellKind.GRU, 8, 24), 1));
  }

  @Test
  void measuresMatchForecastFile() throws IOException {
    Path forecasts = folder.resolve("forecasts.csv");

    assertThat(backtest("--forecasts", forecasts.toString(), "--json")).as(err.toString()).isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    Map<String, List<Double>> data = data();
    double absolute = 0;
    double scaled = 0;
    int points = 0;
    int below = 0;
    for (String line : Files.readAllLines(forecasts).subList(1, lines(forecasts))) {
      String[] fields = line.split(",", -1);
      List<Double> x = data.getOrDefault(fields[0], List.of());
      int origin = hour(fields[1]);
      int target = hour(fields[3]);
      if (target < x.size()) {
        double scale = 0;
        for (int i = 6; i <= origin; i++) {
          scale += Math.abs(x.get(i) - x.get(i - 6)) / (origin - 5);
        }
        double error = Math.abs(x.get(target) - Double.parseDouble(fields[6]));
        absolute += error;
        scaled += error / scale;
        below += x.get(target) <= Double.parseDouble(fields[7]) ? 1 : 0;
        points++;
      }
    }
    JsonNode all = report.at("/forecasters/0/all");
    assertThat(report.at("/from").asText()).isEqualTo("2026-01-19T04:00:00Z");
    assertThat(all.at("/points").asInt()).isEqualTo(points).isEqualTo(2 * (60 * 4 - 10));
    assertThat(all.at("/mae").asDouble()).isCloseTo(absolute / points, within(1e-5));
    assertThat(all.at("/mase").asDouble()).isCloseTo(scaled / points, within(1e-5));
    assertThat(all.at("/coverage/2/coverage").asDouble())
        .isCloseTo((double) below / points, within(1e-9));
    assertThat(report.at("/forecasters/0/steps")).hasSize(4);
    assertThat(report.at("/forecasters").findValuesAsText("name"))
        .containsExactly("model", "naive", "seasonal naive", "linear");
  }

  @Test
  void reportsWhereBaselinesAreBetter() {
    assertThat(backtest("--every", "3")).as(err.toString()).isZero();

    assertThat(out.toString())
        .startsWith("version ")
        .contains("horizon 4 × PT1H: 2 series, 40 origins from 2026-01-19T04:00:00Z, 156 points")
        .containsPattern("(?m)^seasonal naive +[\\d.]+ ")
        .containsPattern("(?m)^values within +\\d")
        .contains("worse than linear from step 1 on")
        .contains("worse than the best baseline on 2 of 2 series, the worst:");
  }

  @Test
  void forecastsUseNoDataAfterTheirOrigin() throws IOException {
    String[] retrained = {
      "--from", "2026-01-15T00:00:00Z", "--retrain-every", "P2D", "--epochs", "1", "--every", "2"
    };
    Path before = folder.resolve("before.csv");
    Path after = folder.resolve("after.csv");

    assertThat(backtest(before, retrained)).as(err.toString()).isZero();
    String text = Files.readString(csv);
    Instant change = BEGIN.plus(Duration.ofHours(350));
    Files.writeString(csv, text.replaceAll("(?m)^(\\w+,(" + later(change) + ")),.*", "$1,-12345"));
    assertThat(Files.readString(csv)).isNotEqualTo(text);
    assertThat(backtest(after, retrained)).as(err.toString()).isZero();

    List<String> expected = upTo(change, before);
    assertThat(upTo(change, after)).isEqualTo(expected);
    assertThat(expected.stream().map(line -> line.substring(line.lastIndexOf(',') + 1)).distinct())
        .as("versions that served")
        .hasSizeGreaterThan(2);
    assertThat(Files.readString(after)).isNotEqualTo(Files.readString(before));
  }

  /** Returns a regular expression that matches the hours from {@code time} on. */
  private static String later(Instant time) {
    List<String> times = new ArrayList<>();
    for (Instant at = time;
        at.isBefore(BEGIN.plus(Duration.ofHours(HOURS)));
        at = at.plus(Duration.ofHours(1))) {
      times.add(at.toString());
    }
    return String.join("|", times);
  }

  private static List<String> upTo(Instant time, Path forecasts) throws IOException {
    return Files.readAllLines(forecasts).stream()
        .skip(1)
        .filter(line -> Instant.parse(line.split(",", -1)[1]).isBefore(time))
        .toList();
  }

  @Test
  void measuresMatchThoseOfTraining() throws IOException {
    assertThat(
            run(
                "train",
                "--csv",
                csv.toString(),
                "--out",
                model.toString(),
                "--epochs",
                "1",
                "--hidden",
                "8",
                "--horizon",
                "6",
                "--no-refit",
                "--json"))
        .as(err.toString())
        .isZero();
    JsonNode trained = new ObjectMapper().readTree(out.toString()).at("/scores");
    out.getBuffer().setLength(0);

    assertThat(backtest("--json")).isZero();

    JsonNode measured = new ObjectMapper().readTree(out.toString()).at("/forecasters");
    assertThat(measured.at("/0/all/mae").asDouble()).isEqualTo(trained.at("/mae").asDouble());
    assertThat(measured.at("/0/all/wql").asDouble()).isEqualTo(trained.at("/wql").asDouble());
    assertThat(measured.at("/0/all/mase").asDouble()).isEqualTo(trained.at("/mase").asDouble());
    assertThat(measured.at("/2/all/mae").asDouble())
        .isEqualTo(trained.at("/seasonalNaiveMae").asDouble());
    assertThat(measured.at("/3/all/mae").asDouble()).isEqualTo(trained.at("/linearMae").asDouble());
  }

  @Test
  void warnsInsideTimeThatModelLearnedFrom() throws IOException {
    trainOnFirst(320);

    assertThat(backtest("--from", "2026-01-17T00:00:00Z", "--json")).isZero();
    assertThat(err.toString())
        .contains(
            "WARNING: the model has learned from data up to 2026-01-18T08:00:00Z (sensors.csv)");
    assertThat(new ObjectMapper().readTree(out.toString()).at("/learnedUntil").asText())
        .isEqualTo("2026-01-18T08:00:00Z");
  }

  @Test
  void startsAfterDataThatRefittedModelLearnedFrom() throws IOException {
    trainOnFirst(320);

    assertThat(backtest()).isZero();

    assertThat(out.toString()).contains("origins from 2026-01-18T08:00:00Z");
    assertThat(err.toString()).doesNotContain("WARNING: the model has learned");
  }

  @Test
  void startsAtRecordedTestPart() throws IOException {
    trainOnFirst(320, "--no-refit");

    assertThat(backtest()).isZero();

    assertThat(out.toString()).contains("origins from 2026-01-16T08:00:00Z");
    assertThat(err.toString()).doesNotContain("WARNING: the model has learned");
  }

  /** Trains on the first hours of the data, of which the first 85 % end on 2026-01-16T08. */
  private void trainOnFirst(int hours, String... options) throws IOException {
    Path first = Files.createDirectory(folder.resolve("first")).resolve("sensors.csv");
    Files.writeString(first, sensors(hours));
    List<String> arguments =
        new ArrayList<>(List.of("train", "--csv", first.toString(), "--out", model.toString()));
    arguments.addAll(List.of("--epochs", "1", "--hidden", "4", "--horizon", "4"));
    arguments.addAll(List.of(options));
    assertThat(run(arguments.toArray(String[]::new))).as(err.toString()).isZero();
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
  }

  @Test
  void reportsDataTooShortForRetraining() {
    assertThat(backtest("--retrain-every", "P3D")).as(err.toString()).isZero();

    assertThat(err.toString())
        .contains("--retrain-every: no new version, the data end within P3D of the first origin");
  }

  @Test
  void listsRetrainedVersions() throws IOException {
    assertThat(backtest("--retrain-every", "P1D", "--epochs", "1", "--json"))
        .as(err.toString())
        .isZero();

    JsonNode versions = new ObjectMapper().readTree(out.toString()).at("/retrained");
    assertThat(versions.findValuesAsText("from"))
        .containsExactly("2026-01-20T04:00:00Z", "2026-01-21T04:00:00Z");
  }

  @Test
  void retrainsEveryMember() throws IOException {
    Files.write(model, Models.ensembleFile(CellKind.GRU, 24, 1));

    assertThat(backtest("--retrain-every", "P1D", "--epochs", "1", "--json"))
        .as(err.toString())
        .isZero();

    assertThat(new ObjectMapper().readTree(out.toString()).at("/retrained"))
        .extracting(version -> version.get("epochs").asInt())
        .containsExactly(3, 3);
  }

  @Test
  void plotsConsecutiveForecasts() throws IOException {
    Path plot = folder.resolve("plot.svg");

    assertThat(backtest("--plot", plot.toString(), "--series", "b")).as(err.toString()).isZero();

    assertThat(plot)
        .content()
        .startsWith("<svg ")
        .endsWith("</svg>\n")
        .contains("b: 4 hours ahead from each of 6 origins")
        .doesNotContain("NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from soon | 2 | --from: expected a time such as 2026-01-20T00:00:00Z, got 'soon'",
        "--every 0 | 2 | --every: expected a whole number from 1 to 1000000, got 0",
        "--season 0 | 2 | --season: expected a whole number from 1 to 1000000, got 0",
        "--retrain-every PT0S | 2 | --retrain-every: expected a duration of at least 1 ms",
        "--retrain-every 60s | 2 | --retrain-every: expected at least the model's interval of"
            + " PT1H, got 60s",
        "--plot nowhere/x.svg | 2 | cannot write nowhere/x.svg: no such folder",
        "--from 2027-01-01T00:00:00Z | 1 | no origin: the data have at most 0 steps",
        "--from 2026-01-21T13:00:00Z | 1 | no origin: the data have at most 2 steps"
            + " after 2026-01-21T13:00:00Z, the model forecasts 4 steps",
        "--from 2026-01-05T00:00:00Z --retrain-every PT1H | 1 | too little data",
      })
  void reportsErrorsInOneLine(String options, int exitCode, String message) {
    assertThat(backtest(options.split(" "))).isEqualTo(exitCode);

    assertThat(err.toString()).contains("eddy: " + message).doesNotContain("\tat ");
  }

  @Test
  void rejectsUnknownSeries() {
    assertThat(backtest("--series", "c")).isEqualTo(2);

    assertThat(err.toString()).contains("eddy: --series: " + csv + " has no series 'c'");
  }

  @Test
  void rejectsModelOfClasses() throws IOException {
    Files.write(model, Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 1));

    assertThat(backtest()).isEqualTo(2);
    assertThat(err.toString()).contains("forecasts classes, which backtest does not measure");
  }

  private int backtest(Path forecasts, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    Collections.addAll(all, "--forecasts", forecasts.toString());
    return backtest(all.toArray(new String[0]));
  }

  private int backtest(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("backtest", "--model", model.toString(), "--csv", csv.toString()));
    Collections.addAll(arguments, options);
    return run(arguments.toArray(new String[0]));
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }

  private static int lines(Path file) throws IOException {
    return Files.readAllLines(file).size();
  }

  private Map<String, List<Double>> data() throws IOException {
    Map<String, List<Double>> data = new HashMap<>();
    for (String line : Files.readAllLines(csv).subList(1, lines(csv))) {
      String[] fields = line.split(",", -1);
      data.computeIfAbsent(fields[0], name -> new ArrayList<>()).add(Double.valueOf(fields[2]));
    }
    return data;
  }

  private static int hour(String time) {
    return (int) Duration.between(BEGIN, Instant.parse(time)).toHours();
  }

  /** Returns two series with seasons of 24 and of 7 hours. */
  private static String sensors(int hours) {
    StringBuilder text = new StringBuilder("series,timestamp,value\n");
    for (String name : List.of("a", "b")) {
      for (int hour = 0; hour < hours; hour++) {
        double day = StrictMath.sin(2 * Math.PI * hour / 24);
        double value = 20 + 5 * day + (name.equals("a") ? hour % 7 : 3 * (hour % 7));
        text.append(name).append(',').append(BEGIN.plus(Duration.ofHours(hour)));
        text.append(',').append((float) value).append('\n');
      }
    }
    return text.toString();
  }
}
