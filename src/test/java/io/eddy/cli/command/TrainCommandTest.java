package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.CommandProcess;
import io.eddy.cli.Main;
import io.eddy.cli.option.ModelSource;
import io.eddy.model.CombinationSpec;
import io.eddy.model.ModelSpecification;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class TrainCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path csv = Path.of("");
  private Path checkpoint = Path.of("");

  @BeforeEach
  void writeData() {
    csv = folder.resolve("sensors.csv");
    checkpoint = folder.resolve("checkpoint");
    run("generate", "--series", "3", "--days", "20", "--out", csv.toString());
    out.getBuffer().setLength(0);
  }

  @Test
  void resumedTrainingWritesSameFile() throws Exception {
    Path whole = folder.resolve("whole");
    Path resumed = folder.resolve("resumed");
    assertThat(run(training(whole, "--threads", "2"))).as(err.toString()).isZero();

    String[] killed = training(resumed, "--checkpoint", checkpoint.toString());
    try (CommandProcess process = new CommandProcess(killed)) {
      process.killAfter(checkpoint);
    }
    assertThat(resumed).doesNotExist();
    String[] again =
        training(resumed, "--checkpoint", checkpoint.toString(), "--resume", "--threads", "1");
    assertThat(run(again)).as(err.toString()).isZero();

    assertThat(resumed).hasSameBinaryContentAs(whole);
    assertThat(checkpoint).doesNotExist();
  }

  @Test
  void keepsExistingCheckpoint() throws IOException {
    Files.writeString(checkpoint, "of another");

    assertThat(run(training(folder.resolve("model"), "--checkpoint", checkpoint.toString())))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith("eddy: --checkpoint: " + checkpoint + " exists already; continue");
    assertThat(checkpoint).content().isEqualTo("of another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a checkpoint", "sensors.csv|", "sensors.csv|EddyCkpt and more"})
  void rejectsDamagedCheckpoint(String text) throws IOException {
    Files.writeString(checkpoint, text.replace('|', '\n'));

    int exitCode =
        run(training(folder.resolve("m"), "--checkpoint", checkpoint.toString(), "--resume"));

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).containsPattern("eddy: (checkpoint: |.* is not a checkpoint)");
  }

  @Test
  void rejectsResumeWithoutCheckpoint() {
    assertThat(run(training(folder.resolve("model"), "--resume"))).isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: --resume requires --checkpoint FILE");
  }

  @Test
  void rejectsKeyWithoutPublication() throws IOException {
    Path key = Files.createFile(folder.resolve("eddy.key"));

    assertThat(run(training(folder.resolve("model"), "--sign", key.toString()))).isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: --sign requires --publish");
  }

  @Test
  void rejectsUnreadableKeyBeforeTraining() {
    assertThat(run(training(folder.resolve("model"), "--publish", "--sign", "none.key")))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: none.key: no such file");
    assertThat(folder.resolve("model")).doesNotExist();
  }

  @Test
  void reportsWhereBaselinesAreBetter() {
    assertThat(run(training(folder.resolve("model"), "--learning-rate", "1e-12"))).isZero();

    assertThat(out.toString())
        .contains(
            "worse than naive ", "worse than seasonal naive ", "worse than linear at steps 1–")
        .contains("of 3 series, the worst:");
  }

  @Test
  void namesMeasuredAndRefittedVersion() {
    assertThat(run(training(folder.resolve("model")))).as(err.toString()).isZero();

    assertThat(out.toString())
        .containsPattern(
            "measured version (\\w+): trained on 2026\\S+ to 2026\\S+, validated to 2026\\S+,"
                + " measured to 2026\\S+\n"
                + "refitted version (?!\\1)(\\w+): trained again on all data .*\n"
                + "wrote .*model, refitted version \\2");
  }

  @Test
  void keepsMeasuredVersionWithoutRefit() {
    assertThat(run(training(folder.resolve("model"), "--no-refit"))).as(err.toString()).isZero();

    assertThat(out.toString())
        .containsPattern("measured version (\\w+): .*\nwrote .*model, version \\1")
        .doesNotContain("refit");
  }

  @Test
  void severalSeasonsMayBeGiven() {
    assertThat(run(training(folder.resolve("model"), "--season", "24,48", "--no-refit")))
        .as(err.toString())
        .isZero();

    ModelSpecification.Output output =
        ModelSource.read(folder.resolve("model")).specification().output();
    assertThat(output.combination().seasons())
        .extracting(CombinationSpec.Season::steps)
        .containsExactly(24, 48);
    assertThat(output.baseline().seasonSteps()).isEqualTo(24);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--budget PT1M | --epochs and --budget exclude each other",
        "--transform log | transform log: expected values of at least 0, series negative at"
            + " 2026-01-01T05:00:00Z has -1.0; use transform none",
      })
  void refusesWhatDataOrOptionsDoNotAllow(String options, String message) throws IOException {
    Files.writeString(csv, "negative,2026-01-01T05:00:00Z,-1\n", StandardOpenOption.APPEND);

    assertThat(run(training(folder.resolve("m"), options.split(" ", -1)))).isNotZero();
    assertThat(err.toString()).contains("eddy: " + message);
    assertThat(folder.resolve("m")).doesNotExist();
  }

  @Test
  void activateExcludesActivateIfBetter() {
    assertThat(run(training(folder.resolve("model"), "--activate", "--activate-if-better")))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: --activate and --activate-if-better exclude");
  }

  @Test
  void searchEqualsTrainingWithBestOptions() {
    Path found = folder.resolve("found");
    Path again = folder.resolve("again");

    assertThat(run(training(found, "--search", "3"))).as(err.toString()).isZero();

    String line =
        out.toString()
            .lines()
            .filter(one -> one.startsWith("best candidate: "))
            .findFirst()
            .orElseThrow();
    String[] options = line.substring("best candidate: ".length()).split(" ");
    assertThat(run(training(again, options))).as(err.toString()).isZero();
    assertThat(again).hasSameBinaryContentAs(found);
  }

  @Test
  void rejectsSearchWithFrom() throws IOException {
    Path start = Files.createFile(folder.resolve("start"));

    assertThat(run(training(folder.resolve("model"), "--search", "3", "--from", start.toString())))
        .isEqualTo(2);
    assertThat(err.toString()).startsWith("eddy: --search cannot be combined with --from");
  }

  @Test
  void inspectShowsGapFilling() {
    Path model = folder.resolve("model");

    assertThat(run(training(model, "--gaps", "median"))).as(err.toString()).isZero();

    assertThat(run("inspect", model.toString())).as(err.toString()).isZero();
    assertThat(out.toString()).contains("gaps of up to 24 steps are filled with the forecast");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linear | gaps: expected last, median, seasonal, got linear",
        "seasonal | gaps: expected a seasonal baseline for seasonal; use last or median",
      })
  void rejectsInvalidGapFilling(String gaps, String message) {
    assertThat(run(training(folder.resolve("m"), "--season", "0", "--gaps", gaps))).isEqualTo(2);
    assertThat(err.toString()).contains("eddy: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--yearly --look-back 0 | yearly: expected a linear baseline, with a lookBack of at least 2",
        "--yearly | yearly baseline: expected a series with at least 366 days of training data, got"
            + " 14 days",
        "--yearly --look-back 48 | yearly baseline: expected a series with at least 366 days of"
            + " training data, got 14 days",
      })
  void yearlyBaselineNeedsAYearOfData(String options, String message) {
    assertThat(run(training(folder.resolve("m"), options.split(" ", -1)))).isEqualTo(2);
    assertThat(err.toString()).contains("eddy: " + message);
  }

  private String[] training(Path model, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--csv", csv.toString(), "--out", model.toString(), "--epochs", "4"));
    arguments.addAll(List.of("--horizon", "6", "--average", "50"));
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
