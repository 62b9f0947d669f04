package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.option.ModelSource;
import io.eddy.model.Covariate;
import io.eddy.model.CovariateKind;
import io.eddy.model.DecoderKind;
import io.eddy.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests models with covariates, from the CSV file to the forecast. */
final class CovariateCommandsTest {
  private static final long HOUR_MS = 3_600_000;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path csv = Path.of("");
  private Path file = Path.of("");

  /** Writes series whose value is the load of two hours before, at three site heights. */
  @BeforeEach
  void writeData() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder("series,timestamp,value,load,site_height,note\n");
    for (int s = 0; s < 3; s++) {
      double[] load = random.doubles(302).toArray();
      for (int t = 0; t < 300; t++) {
        text.append(s).append(',').append(Instant.ofEpochMilli(t * HOUR_MS)).append(',');
        text.append(10 + load[t]).append(',');
        text.append(load[t + 2]).append(',').append(100 * (s + 1)).append(",x\n");
      }
    }
    csv = Files.writeString(folder.resolve("sites.csv"), text);
    file = folder.resolve("model");
  }

  @Test
  void covariatesImproveForecast() throws IOException {
    assertThat(run(training("--covariates", "load", "--static", "site_height")))
        .as(err.toString())
        .isZero();

    Model model = ModelSource.read(file);
    assertThat(model.specification().inputs().covariates())
        .containsExactly(
            Covariate.past("load"),
            new Covariate("site_height", CovariateKind.STATIC, 200, Math.sqrt(20_000 / 3.0)));
    Map<String, Double> scores = model.specification().provenance().scores();
    assertThat(scores.get("mae")).isLessThan(0.5 * scores.getOrDefault("naiveMae", 0.0));
    assertThat(run("inspect", file.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("covariate +load, past, scaled by its own level and scale")
        .containsPattern("covariate +site_height, static, mean 200.00, standard deviation 81.650");
    Path forecasts = folder.resolve("forecasts.csv");
    assertThat(
            run(
                "forecast",
                "--model",
                file.toString(),
                "--csv",
                csv.toString(),
                "--out",
                forecasts.toString()))
        .as(err.toString())
        .isZero();
    assertThat(Files.readAllLines(forecasts)).hasSize(1 + 3 * 300 * 2);
    assertThat(run("backtest", "--model", file.toString(), "--csv", csv.toString()))
        .as(err.toString())
        .isZero();
    assertThat(run(training("--from", file.toString()))).as(err.toString()).isZero();
  }

  /** Writes series whose last three hours have a plan and no value. */
  private void writePlans() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder("series,timestamp,value,plan\n");
    for (int s = 0; s < 3; s++) {
      for (int t = 0; t < 303; t++) {
        double plan = random.nextDouble();
        text.append(line(s, t, t < 300 ? Double.toString(10 + plan) : "", plan));
      }
    }
    csv = Files.writeString(folder.resolve("plans.csv"), text);
  }

  private static String line(int series, int hour, String value, double plan) {
    return "%d,%s,%s,%s\n".formatted(series, Instant.ofEpochMilli(hour * HOUR_MS), value, plan);
  }

  @Test
  void knownFutureCovariateImprovesForecast() throws IOException {
    writePlans();

    assertThat(run(training("--future", "plan"))).as(err.toString()).isZero();

    Model model = ModelSource.read(file);
    assertThat(model.specification().inputs().covariates())
        .containsExactly(Covariate.future("plan"));
    assertThat(model.specification().output().decoding().kind()).isEqualTo(DecoderKind.STEPS);
    Map<String, Double> scores = model.specification().provenance().scores();
    assertThat(scores.get("mae")).isLessThan(0.3 * scores.getOrDefault("naiveMae", 0.0));
    assertThat(run("inspect", file.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("covariate +plan, known-future, scaled by its own level and scale");
    assertThat(run("backtest", "--json", "--model", file.toString(), "--csv", csv.toString()))
        .as(err.toString())
        .isZero();
    assertThat(run(training("--from", file.toString()))).as(err.toString()).isZero();
  }

  @Test
  void forecastsDayWithPlanAndNoValues() throws IOException {
    csv = folder.resolve("generated.csv");
    String[] generate = {"generate", "--kind", "plans", "--series", "3", "--days", "20"};
    assertThat(run(join(generate, "--out", csv.toString()))).as(err.toString()).isZero();
    assertThat(Files.readAllLines(csv))
        .hasSize(1 + 3 * 24 * 21)
        .filteredOn(line -> line.contains(",,"))
        .hasSize(3 * 24);

    assertThat(run(training("--future", "plan"))).as(err.toString()).isZero();

    Map<String, Double> scores = ModelSource.read(file).specification().provenance().scores();
    assertThat(scores.get("mae")).isLessThan(0.5 * scores.getOrDefault("naiveMae", 0.0));
    assertThat(last(Files.readString(csv))).hasSize(1 + 3 * 2);
  }

  private static String[] join(String[] first, String... then) {
    return Stream.of(first, then).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void linesWithoutValueAreFutureCovariates() throws IOException {
    writePlans();
    assertThat(run(training("--future", "plan"))).as(err.toString()).isZero();
    StringBuilder begin = new StringBuilder("series,timestamp,value,plan\n");
    for (int t = 0; t < 40; t++) {
      begin.append(line(0, t, "1" + t % 3, t % 3));
    }

    assertThat(err.toString()).doesNotContain("missing for");
    List<String> unplanned = last(begin.toString());
    assertThat(err.toString())
        .contains("known-future covariate plan: missing for 2 of 2 steps ahead (100.0 %)");
    List<String> high = last(begin + line(0, 40, "", 2) + line(0, 41, "", 2));
    List<String> turned = last(begin + line(0, 40, "", 2) + line(0, 41, "NA", 0));
    List<String> longer =
        last(begin + line(0, 42, "", 9) + line(0, 40, "", 2) + line(0, 41, "", 2));

    assertThat(unplanned).hasSize(3);
    assertThat(high.get(1)).isNotEqualTo(unplanned.get(1)).isEqualTo(turned.get(1));
    assertThat(high.get(2)).isNotEqualTo(unplanned.get(2)).isNotEqualTo(turned.get(2));
    assertThat(longer).isEqualTo(high);
  }

  /** Returns the forecasts from the last value. */
  private List<String> last(String text) throws IOException {
    Path data = Files.writeString(folder.resolve("begin.csv"), text);
    Path forecasts = folder.resolve("last.csv");
    assertThat(
            run(
                "forecast",
                "--last",
                "--model",
                file.toString(),
                "--csv",
                data.toString(),
                "--out",
                forecasts.toString()))
        .as(err.toString())
        .isZero();
    return Files.readAllLines(forecasts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--covariates", "--future"})
  void membersAndCandidatesShareCovariates(String option) {
    assertThat(run(training(option, "load", "--ensemble", "2", "--search", "3")))
        .as(err.toString())
        .isZero();

    assertThat(ModelSource.read(file).members())
        .hasSize(2)
        .allSatisfy(
            member ->
                assertThat(member.specification().inputs().covariateNames())
                    .containsExactly("load"));
  }

  @Test
  void rejectsDataWithoutCovariate() throws IOException {
    assertThat(run(training("--covariates", "load"))).as(err.toString()).isZero();
    Path plain = Files.writeString(folder.resolve("plain.csv"), "series,timestamp,value\na,1,2\n");

    assertThat(
            run(
                "forecast",
                "--model",
                file.toString(),
                "--csv",
                plain.toString(),
                "--out",
                folder.resolve("forecasts.csv").toString()))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("line 1: column load is missing; the header is series,timestamp,value");
  }

  @Test
  void rejectsFutureCovariatesWithLinearDecoder() {
    assertThat(run(training("--future", "load", "--decoder", "linear"))).isEqualTo(2);
    assertThat(err.toString())
        .contains("known-future covariates: expected decoder steps, got linear");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--covariates|weather|1|line 1: column weather is missing; the header is"
            + " series,timestamp,value,load,site_height,note",
        "--covariates|note|1|line 2, column note: expected a number, got 'x'",
        "--covariates|load,load|2|covariates: expected at most 64 names, each once, got load,load",
        "--covariates|value|2|covariate: expected a name of 1 to 256 characters other than"
            + " series, timestamp and value, got 'value'",
        "--future|weather|1|line 1: column weather is missing; the header is"
            + " series,timestamp,value,load,site_height,note",
        "--static|load|2|covariate load: expected one number for all of series 0, got ",
      })
  void rejectsUnknownCovariates(String option, String names, int exitCode, String message) {
    assertThat(run(training(option, names))).isEqualTo(exitCode);
    assertThat(err.toString()).contains(message);
  }

  private String[] training(String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--csv", csv.toString(), "--out", file.toString()));
    arguments.addAll(List.of("--epochs", "6"));
    if (!options[0].equals("--from")) {
      arguments.addAll(List.of("--horizon", "2", "--season", "0", "--hidden", "16"));
    }
    arguments.addAll(List.of(options));
    return arguments.toArray(String[]::new);
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}
