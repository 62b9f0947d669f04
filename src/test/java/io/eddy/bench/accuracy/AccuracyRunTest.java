package io.eddy.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.eddy.cli.report.ForecastCsv;
import io.eddy.cli.terminal.Console;
import io.eddy.evaluation.Backtest;
import io.eddy.evaluation.ErrorMeasures;
import io.eddy.evaluation.ModelSwitch;
import io.eddy.evaluation.ProgressListener;
import io.eddy.forecast.Forecast;
import io.eddy.model.BaselineSpec;
import io.eddy.model.CombinationSpec;
import io.eddy.model.HeadKind;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Interval;
import io.eddy.series.SteppedSeries;
import io.eddy.training.TimeSplit;
import io.eddy.training.TrainingListener;
import io.eddy.training.TrainingSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The expected figures come from an independent program that scored the forecasts' CSV by the
 * protocols' rules. The network's weights are zero, so that its median is the baseline's forecast.
 */
final class AccuracyRunTest {
  private static final int SEASON = 24;
  private static final int TWO_DAYS = 96;
  private static final M4Hourly M4 = new M4Hourly();
  private static final NycTaxi TAXI = new NycTaxi(500);
  private static final EttM1 ETT_M1 = new EttM1(3);
  private static final EttH1 ETT_H1 = new EttH1(List.of(12), new EttH1.Rows(240, 96));

  /** Tolerance in percent: the CSV has the shortest decimals that parse to the same float. */
  private static final Percentage FLOAT = withinPercentage(1e-5);

  @TempDir Path folder;

  private BenchmarkData data = new BenchmarkData(Path.of(""));

  @BeforeEach
  void writeFiles() throws IOException {
    data = new BenchmarkData(folder);
    RawFiles.m4(folder, List.of(150, 170, 170));
    RawFiles.taxi(folder, 900);
    RawFiles.ett(folder.resolve("ETTm1.csv"), Duration.ofMinutes(15), 500);
    RawFiles.ett(folder.resolve("ETTh1.csv"), Duration.ofHours(1), 500);
  }

  @Test
  void m4FiguresFollowItsRules() {
    AccuracyTask task = task(M4, false);

    ErrorMeasures measures = measures(M4, task);

    assertThat(M4.figures(task, measures))
        .hasEntrySatisfying("sMAPE", figure(3.7021032324))
        .hasEntrySatisfying("MASE", figure(0.9576419115))
        .hasEntrySatisfying("OWA", figure(0.3006189060))
        .hasEntrySatisfying("wQL", figure(0.0478534440))
        .hasEntrySatisfying("MSIS", figure(13.4367280095));
    assertThat(measures.levels().get(4)).isEqualTo(0.4);
    assertThat(measures.coverage(4)).isEqualTo(17 / 144.0);
    assertThat(measures.coverage(5)).isEqualTo(75 / 144.0);
  }

  @Test
  void taxiFiguresMeasureTheFifthStep() {
    AccuracyTask task = task(TAXI, false);

    ErrorMeasures measures = measures(TAXI, task);

    assertThat(TAXI.figures(task, measures))
        .hasEntrySatisfying("MAPE", figure(0.2938966517))
        .hasEntrySatisfying("NRMSE", figure(1.9600207385));
    assertThat(measures.points()).isEqualTo(900 - 5 - 500);
    assertThat(measures.coverage(1)).isEqualTo(165 / 395.0);
  }

  @Test
  void ettM1FiguresMeasureItsWindows() {
    AccuracyTask task = task(ETT_M1, false);

    ErrorMeasures measures = measures(ETT_M1, task);

    assertThat(ETT_M1.figures(task, measures))
        .hasEntrySatisfying("MASE", figure(4.8090636827))
        .hasEntrySatisfying("wQL", figure(0.1125640681));
    assertThat(measures.points()).isEqualTo(2 * 3 * 48);
    assertThat(measures.coverage(8)).isEqualTo(248 / 288.0);
  }

  @Test
  void ettH1FiguresAreInTrainingDeviations() {
    AccuracyTask task = task(ETT_H1, false);

    ErrorMeasures measures = measures(ETT_H1, task);

    assertThat(ETT_H1.figures(task, measures))
        .hasEntrySatisfying("MSE 12", figure(0.2134902997))
        .hasEntrySatisfying("MAE 12", figure(0.3827156090));
    assertThat(measures.points()).isEqualTo(85 * 12);
  }

  @Test
  void reportComparesWithPublishedFigures() {
    StringWriter out = new StringWriter();
    AccuracyTask task = task(M4, true);
    List<ModelSwitch> switches = switches(small(M4, task));
    AccuracyReport report =
        new AccuracyReport(
            M4,
            List.of(
                new AccuracyReport.Outcome(
                    task,
                    switches,
                    backtest(M4, task, switches),
                    backtest(M4, task, AccuracyRun.networks(switches)),
                    Path.of("f.csv"))),
            true,
            1,
            61);

    report.print(
        new Console(
            new PrintWriter(out), new PrintWriter(Writer.nullWriter()), CommandSpec.create()));

    assertThat(out.toString())
        .startsWith("M4 Hourly, 48 steps from each series' end, moved back into the training part")
        .containsPattern("(?m)^ +sMAPE +MASE +OWA +wQL +MSIS$")
        .containsPattern("(?m)^this run( +[\\d.]+){5}$")
        .containsPattern("(?m)^networks alone, this run( +[\\d.]+){5}$")
        .containsPattern("(?m)^seasonal naive, this run( +[\\d.]+){4} +-$")
        .containsPattern("(?m)^ES-RNN [(]winner[)], published +9.3280 +0.8930 +0.4400 +- +7.9280$")
        .containsPattern(
            "(?m)^coverage, m4-hourly( +[01][\\d.]+){11}  maximum deviation 0[.]\\d{3}$")
        .contains("took 1 min 01 s")
        .contains("wrote f.csv: 3 origins of 3 series, 1 version(s)");
  }

  @Test
  void pointForecastIsWrittenAsMedian() throws IOException {
    StringWriter csv = new StringWriter();
    try (BufferedWriter out = new BufferedWriter(csv)) {
      ForecastCsv lines = ForecastCsv.withMedian(out, Models.output(HeadKind.POINT));
      lines.write(
          new Forecast(
              new Forecast.Origin(
                  "a",
                  0,
                  Interval.ofMillis(1000),
                  new Forecast.Served(new ModelVersion("0".repeat(64)), 0),
                  true),
              List.of(),
              0,
              new double[] {1.5}));
    }

    assertThat(csv.toString().lines())
        .first()
        .isEqualTo("series,origin,step,timestamp,mean,q0.5,model");
    assertThat(csv.toString()).contains("1970-01-01T00:00:01Z,1.5,1.5,0000");
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void weightsIgnoreValuesAfterFirstOrigin(AccuracyProtocol protocol) {
    AccuracyTask asItCame = task(protocol, false);
    AccuracyTask otherwise = task(protocol, false);
    change(otherwise, otherwise.origins().steps());

    assertThat(versions(protocol, otherwise).get(0)).isEqualTo(versions(protocol, asItCame).get(0));
  }

  @Test
  void updatesIgnoreLaterValues() {
    AccuracyTask otherwise = task(TAXI, false);
    change(otherwise, otherwise.origins().steps() - 2 * TWO_DAYS);

    List<ModelVersion> changed = versions(TAXI, otherwise);

    List<ModelVersion> versions = versions(TAXI, task(TAXI, false));
    assertThat(versions).hasSize(5).doesNotHaveDuplicates();
    assertThat(changed.subList(0, 3)).isEqualTo(versions.subList(0, 3));
    assertThat(changed.get(3)).isNotEqualTo(versions.get(3));
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void heldOutDataEndBeforeTestPart(AccuracyProtocol protocol) {
    AccuracyTask task = task(protocol, false);
    AccuracyTask heldOut = task(protocol, true);

    for (int i = 0; i < task.data().size(); i++) {
      int origin = task.data().get(i).size() - 1 - task.origins().steps();
      assertThat(heldOut.data().get(i).size()).isBetween(origin, origin + 1);
    }
    assertThat(measures(protocol, heldOut).points()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("protocols")
  void combinationIsEstimatedAndCanBeLeftOut(AccuracyProtocol protocol) {
    AccuracyTask task = task(protocol, false);
    AccuracyRecipe recipe = small(protocol, task);

    List<ModelSwitch> combined = train(task, recipe);
    List<ModelSwitch> networks = train(task, recipe.withoutCombination());

    assertThat(combined)
        .allSatisfy(
            each ->
                assertThat(each.model().specification().output().combination().seasons())
                    .extracting(CombinationSpec.Season::steps)
                    .containsExactly(SEASON));
    assertThat(AccuracyRun.networks(combined).get(0).model().version())
        .isEqualTo(networks.get(0).model().version());
  }

  @Test
  void combinationIsEstimatedOnLastStepsBeforeFirstOrigin() {
    List<SteppedSeries> past =
        List.of(
            new SteppedSeries("a", 100, new double[200]),
            new SteppedSeries("b", 150, new double[50]));

    assertThat(AccuracyRecipe.Combined.split(past)).isEqualTo(new TimeSplit(270, 300));
    assertThat(AccuracyRecipe.allForTraining(past)).isEqualTo(new TimeSplit(300, 300));
  }

  @Test
  void membersServeAsOneModelAndAreRetrained() {
    AccuracyTask task = task(TAXI, false);
    AccuracyRecipe one = small(TAXI, task);
    ModelSpecification net = one.members().get(0);
    AccuracyRecipe two =
        new AccuracyRecipe(List.of(net, net), one.settings(), one.combined(), false, one.updates());

    List<ModelSwitch> switches = train(task, two);

    assertThat(switches).hasSize(5);
    assertThat(switches).allSatisfy(each -> assertThat(each.model().members()).hasSize(2));
    assertThat(
            new AccuracyRun(task, two.withMembers(1), 1)
                .train(TrainingListener.NONE, ProgressListener.NONE)
                .get(0)
                .model()
                .version())
        .isEqualTo(versions(TAXI, task).get(0));
  }

  @Test
  void rejectsTruncatedFiles() {
    NycTaxi longer = new NycTaxi(895);
    EttH1 more = new EttH1(List.of(12), new EttH1.Rows(400, 60));

    assertThatThrownBy(() -> longer.tasks(data, false))
        .hasMessage(
            "series nyc-taxi: expected at least 901 values, got 900; is the file complete?");
    assertThatThrownBy(() -> more.tasks(data, false))
        .hasMessage("series HUFL: expected at least 520 values, got 500; is the file complete?");
  }

  @Test
  void rejectsGapsAndMissingSeries() throws IOException {
    Path taxi = folder.resolve("nyc_taxi_full.csv");
    List<String> lines = new ArrayList<>(Files.readAllLines(taxi));
    lines.remove(200);
    Files.write(taxi, lines);
    Path ett = folder.resolve("ETTh1.csv");
    Files.writeString(ett, Files.readString(ett).replaceFirst("OT", "TO"));
    AccuracyTask task = task(TAXI, false);
    AccuracyRecipe recipe = small(TAXI, task);

    assertThatThrownBy(() -> new AccuracyRun(task, recipe, 1))
        .hasMessage("series nyc-taxi: expected a value every PT30M, got 899 values for 900 steps");
    assertThatThrownBy(() -> task(ETT_H1, false)).hasMessage("no series OT");
  }

  private static List<AccuracyProtocol> protocols() {
    return List.of(M4, TAXI, ETT_M1, ETT_H1);
  }

  private AccuracyTask task(AccuracyProtocol protocol, boolean isHeldOut) {
    return protocol.tasks(data, isHeldOut).get(0);
  }

  /** Overwrites the last values of each series. */
  private static void change(AccuracyTask task, int steps) {
    task.data().forEach(one -> Arrays.fill(one.values(), one.size() - steps, one.size(), -1000));
  }

  private static ErrorMeasures measures(AccuracyProtocol protocol, AccuracyTask task) {
    List<ModelSwitch> switches = switches(small(protocol, task));
    return protocol.measured(backtest(protocol, task, switches).accuracy(), 0);
  }

  private static Backtest backtest(
      AccuracyProtocol protocol, AccuracyTask task, List<ModelSwitch> switches) {
    return new AccuracyRun(task, small(protocol, task), 1)
        .forecast(switches, ProgressListener.NONE, forecast -> {});
  }

  private static List<ModelSwitch> switches(AccuracyRecipe recipe) {
    return List.of(new ModelSwitch(Long.MIN_VALUE, ofZeroes(recipe)));
  }

  private static List<ModelSwitch> train(AccuracyTask task, AccuracyRecipe recipe) {
    return new AccuracyRun(task, recipe, 1).train(TrainingListener.NONE, ProgressListener.NONE);
  }

  private static List<ModelVersion> versions(AccuracyProtocol protocol, AccuracyTask task) {
    return train(task, small(protocol, task)).stream()
        .map(rollout -> rollout.model().version())
        .toList();
  }

  private static Consumer<Double> figure(double expected) {
    return actual -> assertThat(actual).isCloseTo(expected, FLOAT);
  }

  private static Model ofZeroes(AccuracyRecipe recipe) {
    byte[] file = Models.file(recipe.members().get(0), 1);
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Arrays.fill(file, Long.BYTES + header, file.length, (byte) 0);
    return ModelFile.read(file);
  }

  /** Returns a recipe of a small network and a few updates. */
  private static AccuracyRecipe small(AccuracyProtocol protocol, AccuracyTask task) {
    ModelSpecification as = protocol.recipe(task).members().get(0);
    ModelSpecification specification =
        new ModelSpecification(
            new ModelSpecification.Network(CellKind.GRU, 4, List.of(1)),
            as.sampling(),
            new ModelSpecification.Inputs(2, false, 24),
            new ModelSpecification.Output(
                as.output().horizon(), as.output().quantileLevels(), new BaselineSpec(SEASON)),
            SEASON,
            as.provenance());
    TrainingSettings settings =
        new TrainingSettings(
            1,
            1,
            TrainingSettings.Optimiser.DEFAULT.withLearningRate(0.01),
            new TrainingSettings.Batches(8, 16, 2, 4),
            1);
    AccuracyRecipe.Updates updates = protocol.recipe(task).updates();
    return new AccuracyRecipe(
        List.of(specification),
        settings,
        new AccuracyRecipe.Combined(List.of(SEASON), 1),
        false,
        updates == null ? null : new AccuracyRecipe.Updates(Duration.ofDays(2), settings));
  }
}
