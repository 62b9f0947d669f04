package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Training, backtests and forecasts of data whose steps are months or local days. */
final class CalendarCommandsTest {
  private static final int MONTHS = 144;
  private static final YearMonth FIRST = YearMonth.of(2012, 1);

  @TempDir Path folder;

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /** Passengers of an airline, or the like: a trend with a yearly season that grows with it. */
  private static double passengers(int month) {
    double season = StrictMath.sin(2 * Math.PI * month / 12) + 0.5 * (month % 12 == 6 ? 1 : 0);
    return (100 + 2 * month) * (1 + 0.2 * season);
  }

  private Path monthly(boolean isMonthEnd) throws IOException {
    return write(
        IntStream.range(0, MONTHS)
            .mapToObj(
                i ->
                    "%s,%.1f"
                        .formatted(
                            isMonthEnd
                                ? FIRST.plusMonths(i).atEndOfMonth()
                                : FIRST.plusMonths(i).atDay(1),
                            passengers(i))));
  }

  private Path write(Stream<String> lines) throws IOException {
    return Files.writeString(
        folder.resolve("data.csv"),
        lines
            .map(line -> "a," + line)
            .collect(Collectors.joining("\n", "series,timestamp,value\n", "\n")));
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void forecastsMonths(boolean isMonthEnd) throws IOException {
    Path csv = monthly(isMonthEnd);
    Path model = folder.resolve("model.safetensors");
    Path forecasts = folder.resolve("forecasts.csv");

    assertThat(run("train", "--csv", csv.toString(), "--horizon", "12", "--out", model.toString()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString())
        .contains("interval P1M: 100 % of the distances", "0 missing steps")
        .contains(isMonthEnd ? "at ends of months" : "on a day of a month");

    assertThat(run("backtest", "--csv", csv.toString(), "--model", model.toString(), "--json"))
        .as(err.toString())
        .isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.at("/interval").asText()).isEqualTo("P1M");
    double mae = report.at("/forecasters/0/all/mae").asDouble();
    // Values are around 350, and the last year's are 24 lower on average.
    assertThat(mae).isPositive().isLessThan(24);

    assertThat(
            run(
                "forecast",
                "--csv",
                csv.toString(),
                "--model",
                model.toString(),
                "--last",
                "--out",
                forecasts.toString()))
        .as(err.toString())
        .isZero();
    assertThat(times(forecasts))
        .containsExactlyElementsOf(
            IntStream.range(0, 12)
                .mapToObj(i -> FIRST.plusMonths(MONTHS + i) + "-01T00:00:00Z")
                .toList());

    assertThat(run("inspect", model.toString(), "--json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).findValue("interval").asText())
        .isEqualTo("P1M");
  }

  @Test
  void forecastsLocalDaysAcrossChangeOfClock() throws IOException {
    LocalDate first = LocalDate.of(2024, 1, 1);
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Path csv =
        write(
            IntStream.range(0, 298)
                .mapToObj(
                    i ->
                        "%s,%d"
                            .formatted(
                                first.plusDays(i).atStartOfDay(berlin).toInstant(), 10 + i % 7)));
    Path model = folder.resolve("model.safetensors");
    Path forecasts = folder.resolve("forecasts.csv");

    assertThat(
            run(
                "train",
                "--csv",
                csv.toString(),
                "--epochs",
                "1",
                "--horizon",
                "3",
                "--out",
                model.toString()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("some days have 23 or 25 hours: set --zone");

    assertThat(
            run(
                "train",
                "--csv",
                csv.toString(),
                "--zone",
                "Europe/Berlin",
                "--epochs",
                "1",
                "--horizon",
                "4",
                "--out",
                model.toString()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString())
        .contains("interval P1D[Europe/Berlin]")
        .doesNotContain("23 or 25 hours");
    assertThat(
            run(
                "forecast",
                "--csv",
                csv.toString(),
                "--model",
                model.toString(),
                "--last",
                "--out",
                forecasts.toString()))
        .as(err.toString())
        .isZero();
    assertThat(times(forecasts))
        .containsExactly(
            "2024-10-25T00:00:00+02:00",
            "2024-10-26T00:00:00+02:00",
            "2024-10-27T00:00:00+02:00",
            "2024-10-28T00:00:00+01:00");
  }

  @Test
  void hourlyTimesWithJitterAreHourly() throws IOException {
    Random random = new Random(1);
    long begin = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    Path csv =
        write(
            IntStream.range(0, 300)
                .mapToObj(
                    i ->
                        "%s,%d"
                            .formatted(
                                Instant.ofEpochMilli(begin + i * 3_600_000L + random.nextInt(2000)),
                                i % 24)));

    assertThat(
            run(
                "train",
                "--csv",
                csv.toString(),
                "--epochs",
                "1",
                "--horizon",
                "3",
                "--out",
                folder.resolve("model").toString()))
        .as(err.toString())
        .isZero();
    assertThat(err.toString()).contains("interval PT1H, rounded: the distances between");
    assertThat(out.toString()).contains("horizon 3 × PT1H");
  }

  @Test
  void asksForIntervalOfIrregularTimes() throws IOException {
    Random random = new Random(1);
    long[] time = {Instant.parse("2024-01-01T00:00:00Z").toEpochMilli()};
    Path csv =
        write(
            IntStream.range(0, 300)
                .mapToObj(
                    i -> {
                      time[0] += (long) (-60_000 * Math.log(1 - random.nextDouble()));
                      return "%s,%d".formatted(Instant.ofEpochMilli(time[0]), i % 24);
                    }));
    String[] train = {
      "train",
      "--csv",
      csv.toString(),
      "--epochs",
      "1",
      "--horizon",
      "3",
      "--out",
      folder.resolve("model").toString()
    };

    assertThat(run(train)).isEqualTo(1);
    assertThat(err.toString()).contains("irregular times", "set --interval");

    List<String> given = Stream.concat(Stream.of(train), Stream.of("--interval", "5m")).toList();
    assertThat(run(given.toArray(String[]::new))).as(err.toString()).isZero();
    assertThat(out.toString()).contains("horizon 3 × PT5M");
  }

  @Test
  void namesFormsOfInterval() throws IOException {
    Path csv = monthly(false);

    assertThat(
            run(
                "train",
                "--csv",
                csv.toString(),
                "--interval",
                "monthly",
                "--out",
                folder.resolve("model").toString()))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("interval: expected a duration such as", "got 'monthly'");
  }

  private static List<String> times(Path forecasts) throws IOException {
    return Files.readAllLines(forecasts).stream()
        .skip(1)
        .map(line -> line.split(",", -1)[3])
        .toList();
  }
}
