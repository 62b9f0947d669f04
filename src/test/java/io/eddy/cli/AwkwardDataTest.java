package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Tests that unusual data give finite forecasts or a clear error. */
final class AwkwardDataTest {
  private static final long HOUR_MS = 3_600_000;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Unusual data that a model can be trained on. */
  enum Kind {
    CONSTANT(series(300, t -> 7)),
    ZEROS(series(300, t -> 0)),
    CONSTANT_AND_HUGE(series(300, t -> 1e30), series(300, t -> -3e29)),
    NEGATIVE(series(300, t -> -5 - noise(t))),
    HUGE(series(300, t -> 1e30 * (1 + noise(t)))),
    LARGEST(series(300, t -> 1e35 * (t % 2 == 0 ? -1 : 1))),
    TINY(series(300, t -> 1e-30 * (1 + noise(t)))),
    HUGE_AND_TINY(series(300, t -> 1e30 * noise(t)), series(300, t -> 1e-30 * noise(t))),
    OUTLIER_IN_TRAINING(series(300, t -> t == 100 ? 1e30 : 10 + noise(t))),
    OUTLIER_IN_VALIDATION(series(300, t -> t == 220 ? -1e35 : 10 + noise(t))),
    OUTLIER_IN_TEST(series(300, t -> t == 280 ? 1e30 : 10 + noise(t))),
    JUMP_FROM_ZERO(series(300, t -> t < 250 ? 0 : 1e6 * noise(t))),
    RARE(series(400, t -> t % 97 == 50 ? 12 : 0)),
    SHORT(series(20, t -> noise(t)), series(2, t -> noise(t)), series(1, t -> 4)),
    MISSING_STRETCH(series(400, t -> t > 100 && t < 200 ? Double.NaN : 3 + noise(t))),
    MISSING_HALF(series(600, t -> t % 60 < 30 ? Double.NaN : 3 + noise(t))),
    ONE_ENDS_EARLY(series(400, t -> noise(t)), series(30, t -> noise(t))),
    MANY(
        LARGEST.values[0],
        HUGE.values[0],
        TINY.values[0],
        CONSTANT.values[0],
        OUTLIER_IN_TRAINING.values[0],
        JUMP_FROM_ZERO.values[0]),
    POSITIVE(
        HUGE.values[0],
        TINY.values[0],
        RARE.values[0],
        OUTLIER_IN_TEST.values[0],
        JUMP_FROM_ZERO.values[0]);

    @SuppressWarnings("ImmutableEnumChecker")
    private final double[][] values;

    Kind(double[]... values) {
      this.values = values;
    }
  }

  private static double noise(int t) {
    return new SplittableRandom(t).nextDouble();
  }

  private static double[] series(int steps, IntToDoubleFunction value) {
    double[] values = new double[steps];
    for (int t = 0; t < steps; t++) {
      values[t] = value.applyAsDouble(t);
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void forecastsAreFinite(Kind kind) throws IOException {
    requireFiniteForecasts(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cell rnn_tanh",
        "--cell rnn_relu",
        "--cell lstm",
        "--head point",
        "--head point --loss absolute",
        "--head point --loss huber",
        "--head gaussian",
        "--head student_t",
        "--decoder steps",
        "--unit error --season 24",
        "--look-back 24",
        "--patch 48 --dilations 1,2"
      })
  void forecastsOfEveryModelAreFinite(String options) throws IOException {
    requireFiniteForecasts(Kind.MANY, options.split(" "));
  }

  @Test
  void forecastsOfLogarithmsAreFinite() throws IOException {
    requireFiniteForecasts(Kind.POSITIVE, "--transform", "log");
  }

  @Test
  void rejectsSingleValue() throws IOException {
    assertThat(train(csv(series(1, t -> 4)))).isEqualTo(1);
    assertThat(err.toString()).contains("eddy: no series has two observations");
  }

  /**
   * Training ends at step 280, validation at 340, or at 340 and 400 without a test part; gaps of up
   * to 24 steps are filled.
   */
  @ParameterizedTest
  @CsvSource({"50, 51, 350, 400", "310, 311, 399, 400", "0, 280, 310, 311"})
  void rejectsSplitWithoutTarget(int from, int to, int again, int end) throws IOException {
    double[] values = series(400, t -> Double.NaN);
    values[0] = 1;
    values[399] = 1;
    Arrays.fill(values, from, to, 2);
    Arrays.fill(values, again, end, 3);

    assertThat(train(csv(values), "--interval", "PT1H")).isEqualTo(1);
    assertThat(err.toString()).contains("eddy: too little data");
  }

  @Test
  void rejectsValuesOutOfRange() throws IOException {
    assertThat(train(csv(series(300, t -> 1e36 * noise(t))))).isEqualTo(1);
    assertThat(err.toString()).contains("expected a number within ±1e35");
  }

  @Test
  void trainsTenThousandShortSeries() throws IOException {
    double[][] values = new double[10_000][];
    for (int s = 0; s < values.length; s++) {
      int level = s;
      values[s] = series(20, t -> level + noise(level + t));
    }

    assertThat(train(csv(values))).as(err.toString()).isZero();
  }

  private void requireFiniteForecasts(Kind kind, String... options) throws IOException {
    Path csv = csv(kind.values);
    Path forecasts = folder.resolve("forecasts.csv");

    assertThat(train(csv, options)).as(err.toString()).isZero();
    String[] forecast = {
      "forecast", "--model", folder.resolve("model").toString(), "--csv", csv.toString()
    };
    assertThat(run(with(forecast, "--out", forecasts.toString()))).as(err.toString()).isZero();

    List<String> lines = Files.readAllLines(forecasts);
    assertThat(lines).hasSizeGreaterThan(10);
    assertThat(lines).noneMatch(line -> line.contains("NaN") || line.contains("Infinity"));
  }

  private int train(Path csv, String... options) {
    String[] arguments = {"train", "--csv", csv.toString(), "--epochs", "1", "--hidden", "4"};
    String[] more = {"--horizon", "4", "--out", folder.resolve("model").toString()};
    return run(with(with(arguments, more), options));
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private Path csv(double[]... series) throws IOException {
    StringBuilder text = new StringBuilder("series,timestamp,value\n");
    for (int s = 0; s < series.length; s++) {
      for (int t = 0; t < series[s].length; t++) {
        if (!Double.isNaN(series[s][t])) {
          text.append("s").append(s).append(',').append(Instant.ofEpochMilli(t * HOUR_MS));
          text.append(',').append(series[s][t]).append('\n');
        }
      }
    }
    return Files.writeString(folder.resolve("data.csv"), text);
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}
