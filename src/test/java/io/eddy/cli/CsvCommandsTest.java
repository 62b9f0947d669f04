package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands that read CSV files as they come from other programs. */
final class CsvCommandsTest {
  private static final int HOURS = 240;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static Stream<Arguments> files() {
    return Stream.of(
        file(
            "airline.csv",
            "\"Month\",\"#Passengers\"",
            144,
            t -> "\"%d-%02d\",%d".formatted(1949 + t / 12, t % 12 + 1, wave(t, 12)),
            "1 series named airline, value #Passengers; time Month (ISO-8601, UTC assumed);"
                + " from 1949-01-01T00:00:00Z to 1960-12-01T00:00:00Z; interval P1M"),
        file(
            "nixtla.csv",
            "unique_id,ds,y",
            2 * HOURS,
            t -> "H%d,%s,%d".formatted(t / HOURS, hour(t % HOURS, "-", " "), wave(t, 24)),
            "480 rows, 2 series by unique_id, value y; time ds (ISO-8601, UTC assumed)"),
        file(
            "prophet.csv",
            "ds,y",
            HOURS,
            t -> "%s,%d".formatted(hour(t, "-", " "), wave(t, 24)),
            "240 rows, 1 series named prophet, value y; time ds"),
        file(
            "nab.csv",
            "timestamp,value",
            HOURS,
            t -> "%s,%d".formatted(hour(t, "-", " "), wave(t, 24)),
            "1 series named nab, value value; time timestamp"),
        file(
            "ett.csv",
            "date,HUFL,OT",
            HOURS,
            t -> "%s,%d,%d.5".formatted(hour(t, "-", " "), wave(t, 24), wave(t, 24)),
            "2 series, one per column: HUFL, OT; time date"),
        file(
            "excel.csv",
            "\uFEFFDatum;Uhrzeit;Wert",
            HOURS,
            t -> "%02d.01.2024;%02d:00;%d,25\r".formatted(1 + t / 24, t % 24, wave(t, 24)),
            "1 series named excel, value Wert; separator ; and decimal ,; time Datum+Uhrzeit (d.M.yyyy H:mm, UTC assumed);"
                + " from 2024-01-01T00:00:00Z to 2024-01-10T23:00:00Z; interval PT1H"),
        file(
            "pandas.csv",
            ",load",
            HOURS,
            t -> "%s,%s".formatted(hour(t, "-", " "), t % 50 == 7 ? "" : wave(t, 24)),
            "1 series named pandas, value load; time #1 (ISO-8601, UTC assumed)"),
        file(
            "telemetry.csv",
            "series,timestamp,value",
            HOURS,
            t -> "a,%d,%d".formatted(1704067200L + 3600L * t, wave(t, 24)),
            "1 series by series, value value; time timestamp (epoch seconds);"
                + " from 2024-01-01T00:00:00Z to 2024-01-10T23:00:00Z; interval PT1H"));
  }

  private static Arguments file(
      String name, String header, int rows, IntFunction<String> row, String expected) {
    String text =
        IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n", header + "\n", ""));
    return Arguments.of(name, text, expected);
  }

  private static String hour(int t, String separator, String between) {
    return "2024-01-%02d".formatted(1 + t / 24).replace("-", separator)
        + between
        + "%02d:00:00".formatted(t % 24);
  }

  private static int wave(int t, int period) {
    return 100 + t / period + (t % period < period / 2 ? t % period : period - t % period);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void trainReadsFile(String name, String text, String expected) throws IOException {
    Path csv = Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));

    assertThat(train(csv)).as(err.toString()).isZero();

    assertThat(err.toString()).contains(expected);
  }

  @Test
  void commandsStateWhatTheyRead() throws IOException {
    Path csv =
        write("load.csv", "Zeit;Last\n", t -> hour(t, "-", " ") + ";" + wave(t, 24) + ",5\n");
    String model = folder.resolve("model").toString();
    String forecasts = folder.resolve("forecasts.csv").toString();

    List<JsonNode> results = new ArrayList<>();
    for (List<String> command :
        List.of(
            List.of(
                "train",
                "--out",
                model,
                "--epochs",
                "1",
                "--hidden",
                "4",
                "--horizon",
                "2",
                "--no-refit"),
            List.of("forecast", "--model", model, "--out", forecasts),
            List.of("backtest", "--model", model))) {
      List<String> arguments = new ArrayList<>(command);
      arguments.addAll(List.of("--csv", csv.toString(), "--zone", "Europe/Berlin", "--json"));
      out.getBuffer().setLength(0);
      assertThat(run(arguments)).as(err.toString()).isZero();
      results.add(new ObjectMapper().readTree(out.toString()).get("data"));
    }

    assertThat(results)
        .allSatisfy(
            data -> {
              assertThat(data.get("rows").asInt()).isEqualTo(HOURS);
              assertThat(data.get("zone").asText()).isEqualTo("Europe/Berlin");
              assertThat(data.get("zoneAssumed").asBoolean()).isFalse();
              assertThat(data.get("first").asText()).isEqualTo("2023-12-31T23:00:00Z");
              assertThat(data.get("interval").asText()).isEqualTo("PT1H");
              assertThat(data.get("columns").get("seriesName").asText()).isEqualTo("load");
              assertThat(data.get("warnings")).isEmpty();
            });
    assertThat(err.toString()).doesNotContain("WARNING");
  }

  @Test
  void warnsOfTimesWithoutZone() throws IOException {
    Path csv = write("a.csv", "ds,y\n", t -> hour(t, "-", " ") + "," + wave(t, 24) + "\n");

    assertThat(train(csv)).isZero();
    assertThat(err.toString())
        .contains("WARNING: a.csv: the times in column ds have no zone and are read as UTC")
        .contains("--zone");
  }

  @Test
  void zoneOfEventsIsDefault() throws IOException {
    Path csv = write("a.csv", "ds,y\n", t -> hour(t, "-", " ") + "," + wave(t, 24) + "\n");

    assertThat(train(csv, "--set", "events.zone=America/New_York")).isZero();
    assertThat(err.toString()).contains("ISO-8601, America/New_York").doesNotContain("WARNING");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--columns ds,y | --columns: expected series=COLUMN,timestamp=COLUMN,value=COLUMN",
        "--zone Berlin | --zone: unknown time zone 'Berlin'; did you mean Europe/Berlin?",
        "--timestamp-format dd/QQ | --timestamp-format: expected auto, iso-8601",
        "--separator ab | --separator: expected one character such as ';', or tab, got 'ab'",
        "--decimal x | --decimal: expected . or , got 'x'",
        "--encoding latin-x | --encoding: expected an encoding such as windows-1252",
        "--header-line -1 | --header-line: expected a whole number from 0",
      })
  void rejectsInvalidOptions(String options, String message) throws IOException {
    Path csv = write("a.csv", "ds,y\n", t -> hour(t, "-", " ") + "," + wave(t, 24) + "\n");

    assertThat(train(csv, options.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: " + message);
  }

  @Test
  void optionsOfFileRequireFile() {
    assertThat(run(List.of("train", "--topic", "events", "--columns", "value=y"))).isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: --columns requires --csv");
  }

  /** No broker is needed to find what forecasters would reject. */
  @Test
  void feedPublishesNothingThatIsRejected() throws IOException {
    Path csv = write("a.csv", "ds,y\n", t -> hour(t, "-", " ") + "," + (t == 7 ? 5e9 : 1) + "\n");

    int exitCode =
        run(
            List.of(
                "feed",
                "--csv",
                csv.toString(),
                "--set",
                "events.max-value=1000",
                "--bootstrap-servers",
                "127.0.0.1:1"));

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "forecasters with these settings would reject 1 of 240 observations, first series a at"
                + " 2024-01-01T07:00:00Z:",
            "1: value: expected -1.0E35 to 1000.0",
            "nothing was published; --skip-rejected leaves them out");
  }

  private Path write(String name, String header, IntFunction<String> row) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        IntStream.range(0, HOURS).mapToObj(row).collect(Collectors.joining("", header, "")));
  }

  private int train(Path csv, String... options) {
    List<String> arguments = new ArrayList<>(List.of("train", "--csv", csv.toString()));
    arguments.addAll(List.of("--out", folder.resolve("model").toString(), "--epochs", "1"));
    arguments.addAll(List.of("--hidden", "4", "--horizon", "2", "--context", "24"));
    arguments.addAll(List.of(options));
    return run(arguments);
  }

  private int run(List<String> arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out));
    commands.setErr(new PrintWriter(err));
    return commands.execute(arguments.toArray(String[]::new));
  }
}
