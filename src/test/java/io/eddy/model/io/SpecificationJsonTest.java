package io.eddy.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.BaselineSpec;
import io.eddy.model.Bounds;
import io.eddy.model.Covariate;
import io.eddy.model.DecoderKind;
import io.eddy.model.HeadKind;
import io.eddy.model.InvalidModelException;
import io.eddy.model.LossKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Models;
import io.eddy.model.Provenance;
import io.eddy.model.TrainingRun;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import io.eddy.series.Interval;
import io.eddy.series.Sampling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpecificationJsonTest {
  /** One specification per line. A model's version is a hash over these bytes. */
  private static final String GOLDEN = "specifications.jsonl";

  private static final ModelSpecification PLAIN = Models.specification(CellKind.LSTM, 8, 24);

  /** Member lists that together use every field and every enum constant. */
  private static List<List<ModelSpecification>> specifications() {
    List<List<ModelSpecification>> all = new ArrayList<>();
    for (CellKind cell : CellKind.values()) {
      all.add(List.of(Models.specification(cell, 13, 30)));
    }
    all.add(
        List.of(
            Models.withNetwork(
                PLAIN,
                new ModelSpecification.Network(CellKind.GRU, 4096, List.of(1, 2, 10_000), 0.1))));
    for (Aggregation aggregation : Aggregation.values()) {
      int maxGapSteps = 0;
      for (GapFilling gaps : GapFilling.values()) {
        all.add(
            List.of(
                with(
                    new Sampling(
                        Interval.ofMillis(90_061_001), aggregation, ++maxGapSteps, gaps))));
      }
    }
    for (Transform transform : Transform.values()) {
      ModelSpecification linear = Models.withLinearBaseline(PLAIN, 12, transform);
      all.add(List.of(linear));
      all.add(List.of(Models.withYear(linear)));
    }
    all.add(List.of(Models.withErrorUnit(PLAIN)));
    all.add(List.of(Models.withLags(PLAIN, List.of(24, 6, 1))));
    all.add(List.of(withInputs(new ModelSpecification.Inputs(1, false, 1e-7))));
    all.add(List.of(withInputs(new ModelSpecification.Inputs(24, true, 1.0e21))));
    all.add(List.of(withInputs(new ModelSpecification.Inputs(1, true, 24).withInitialScale(0.25))));
    all.add(
        List.of(
            Models.withCovariates(
                Models.withStepsDecoder(PLAIN, 7),
                Covariate.past("load"),
                Covariate.future("Prévision \"Wärme\"\n\u0001/\\\u2028😀"),
                Covariate.staticCovariate("height", -1.5e-3, 20),
                Covariate.staticCovariate("k", 0, 2 / 3.0))));
    for (HeadKind head : HeadKind.values()) {
      for (LossKind loss : head.losses()) {
        List<Double> levels = head.hasLevels() ? List.of(0.025, 0.1, 0.5, 0.975) : List.of();
        int classes = head == HeadKind.SOFTMAX ? 17 : 0;
        for (ModelSpecification.Decoding decoding :
            List.of(
                ModelSpecification.Decoding.LINEAR,
                new ModelSpecification.Decoding(DecoderKind.STEPS, 64))) {
          all.add(
              List.of(
                  Models.withOutput(
                      PLAIN,
                      new ModelSpecification.Output(
                          48, head, loss, levels, classes, decoding, new BaselineSpec(0)))));
        }
      }
    }
    all.add(List.of(Models.calibrated(PLAIN)));
    all.add(
        List.of(
            Models.calibrated(PLAIN)
                .withWarmUpIntervals(
                    new WarmUpIntervals(
                        List.of(0.1, 2 / 3.0, 0.0),
                        List.of(List.of(1.0, 1.5, 1000.0), List.of(3.25, 1000.0, 1.0))))));
    all.add(
        List.of(
            PLAIN.withWarmUpIntervals(
                new WarmUpIntervals(List.of(), List.of(List.of(), List.of())))));
    all.add(List.of(PLAIN.withCombination(Models.combination())));
    for (Bounds bounds :
        List.of(
            new Bounds(0, Double.POSITIVE_INFINITY, true, false),
            new Bounds(-2.5, 100, false, true))) {
      all.add(List.of(Models.withOutput(PLAIN, PLAIN.output().withBounds(bounds))));
    }
    all.add(List.of(PLAIN.withProvenance(new Provenance("", 0, "", Map.of()))));
    TrainingRun.Ranges ranges =
        new TrainingRun.Ranges(
            Instant.parse("2026-01-05T00:00:00Z"),
            Instant.parse("2026-02-05T00:00:00.001Z"),
            Instant.parse("2026-03-05T00:00:00Z"),
            Instant.parse("2026-03-05T00:00:00Z"));
    all.add(
        List.of(
            PLAIN.withProvenance(
                new Provenance(
                    "a.csv", 1, "", Map.of(), new TrainingRun(ranges, List.of(0, 12), true)))));
    all.add(
        List.of(
            PLAIN.withProvenance(
                new Provenance(
                    "events \"a\\b\"\t\u007f\u0000 é 😀 2020-01-01T00:00:00Z … 2021",
                    Long.MIN_VALUE,
                    "0.1.0-SNAPSHOT",
                    Map.of(
                        "wql", 1e-5, "mae", 0.1 + 0.2, "naiveMae", 123456789.125, "z", 1e300)))));
    all.add(
        List.of(
            PLAIN,
            Models.withLayers(Models.specification(CellKind.GRU, 5, 24), List.of(1, 3, 7), 4),
            Models.withStepsDecoder(Models.withErrorUnit(PLAIN), 5)));
    return all;
  }

  private static ModelSpecification with(Sampling sampling) {
    return new ModelSpecification(
        PLAIN.network(),
        sampling,
        PLAIN.inputs(),
        PLAIN.output(),
        PLAIN.contextLength(),
        PLAIN.provenance());
  }

  private static ModelSpecification withInputs(ModelSpecification.Inputs inputs) {
    return new ModelSpecification(
        PLAIN.network(),
        PLAIN.sampling(),
        inputs,
        PLAIN.output(),
        PLAIN.contextLength(),
        PLAIN.provenance());
  }

  private static List<String> golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(SpecificationJsonTest.class.getResourceAsStream(GOLDEN))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void writesGoldenBytes() throws IOException {
    assertThat(specifications().stream().map(SpecificationJson::write).toList())
        .containsExactlyElementsOf(golden());
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    assertThat(golden().stream().map(SpecificationJson::read).toList())
        .containsExactlyElementsOf(specifications());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"format\":1 | `` | not valid JSON",
        "\"format\":1 | \"format\":2 | format",
        "\"format\":1, | `` | format",
        "\"network\":{ | \"network\":1,\"n\":{ | network",
        "\"network\" | \"networks\" | network",
        "\"cell\":\"lstm\" | \"cell\":1 | network.cell",
        "\"cell\":\"lstm\" | \"cell\":\"LSTM\" | cell",
        "\"hiddenSize\":8 | \"hiddenSize\":\"8\" | network.hiddenSize",
        "\"hiddenSize\":8 | \"hiddenSize\":null | network.hiddenSize",
        "\"hiddenSize\":8 | \"hiddenSize\":1e99 | network.hiddenSize",
        "\"dilations\":[1] | \"dilations\":1 | network.dilations",
        "\"dilations\":[1] | \"dilations\":[\"1\"] | network.dilations",
        "\"dilations\":[1] | \"dilations\":[] | layers",
        "\"dropout\":0.0 | \"dropout\":true | network.dropout",
        "\"dropout\":0.0 | \"dropout\":0.5 | dropout",
        "\"interval\":\"PT1H\" | \"interval\":3600 | sampling.interval",
        "\"interval\":\"PT1H\" | \"interval\":\"1h\" | sampling.interval: expected the form PT1H",
        "\"maxGapSteps\":3 | \"maxGapSteps\":-1 | maxGapSteps",
        "\"calendar\":true | \"calendar\":\"true\" | inputs.calendar",
        "\"calendar\":true | \"calendars\":true | inputs.calendar",
        "\"scalerHalfLife\":24.0 | \"scalerHalfLife\":\"24\" | inputs.scalerHalfLife",
        "\"scalerHalfLife\":24.0 | \"scalerHalfLife\":0 | scalerHalfLife",
        "\"patch\":2 | \"patch\":2,\"errorHalfLife\":[] | inputs.errorHalfLife",
        "\"patch\":2 | \"patch\":2,\"transform\":1 | inputs.transform",
        "\"patch\":2 | \"patch\":2,\"lags\":[true] | inputs.lags",
        "\"patch\":2 | \"patch\":2,\"covariates\":{} | inputs.covariates",
        "\"patch\":2 | \"patch\":2,\"covariates\":[1] | inputs.covariates.0",
        "\"quantileLevels\":[0.1, | \"quantileLevels\":[\"a\", | output.quantileLevels",
        "\"quantileLevels\":[0.1, | \"quantileLevels\":[0.9, | quantileLevels",
        "\"horizon\":4 | \"horizon\":4,\"decoder\":\"steps\" | output.decoder",
        "\"horizon\":4 | \"horizon\":4,\"decoder\":{\"kind\":\"steps\"} | output.decoder.width",
        "\"horizon\":4 | \"horizon\":4,\"cold\":{\"factors\":[]} | output.cold.leastErrors",
        "\"horizon\":4 | \"horizon\":4,\"cold\":{\"leastErrors\":[]} | output.cold.factors",
        "\"horizon\":4 | \"horizon\":4,\"calibrationRate\":2 | calibrationRate",
        "\"seasonSteps\":6 | \"seasonSteps\":-6 | seasonSteps",
        "\"seasonSteps\":6 | \"seasonSteps\":6,\"lookBack\":1.5e10 | output.lookBack",
        "\"contextLength\":24 | \"contextLength\":[24] | contextLength",
        "\"contextLength\":24 | \"contextLength\":0 | contextLength",
        "\"provenance\":{ | \"provenance\":[],\"p\":{ | provenance",
        "\"data\":\"test\" | \"data\":1 | provenance.data",
        "\"seed\":1, | `` | provenance.seed",
        "\"horizon\":4 | \"horizon\":4,\"bounds\":{\"lower\":\"0\"} | output.bounds.lower",
        "\"horizon\":4 | \"horizon\":4,\"bounds\":{\"lower\":2,\"upper\":1} | bounds",
        "\"horizon\":4 | \"horizon\":4,\"combination\":{} | output.combination.levelSmoothing",
        "\"seed\":1 | \"seed\":1,\"training\":{} | provenance.training.begin is missing",
        "\"scores\":{\"mae\":1.5} | \"scores\":1 | provenance.scores",
        "\"maxGapSteps\":3 | \"maxGapSteps\":3,\"gaps\":null | sampling.gaps: expected",
        "\"hiddenSize\":8 | \"hiddenSize\":8.5 | network.hiddenSize: expected an integer, got 8.5",
        "\"hiddenSize\":8 | \"hiddenSizes\":8 | network.hiddenSize is missing",
      })
  void rejectsMalformedSpecification(String from, String to, String named) {
    String json = SpecificationJson.write(PLAIN);
    assertThat(json).contains(from);

    assertThatThrownBy(() -> SpecificationJson.read(json.replace(from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("specification: ")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"load\" | \"height\" | covariates: expected unique names, got [height, height]",
        "\"load\" | 5 | inputs.covariates.0.name: expected a text, got 5",
        "\"load\" | \"value\" | covariate: expected a name of 1 to 256 characters other than"
            + " series",
        "\"past\" | \"planned\" | covariate kind: expected past, future or static, got planned",
        "\"past\" | \"future\" | covariates: expected the decoder steps",
        "\"spread\":20.0 | \"spread\":0 | covariate height: expected a mean and a spread above 0",
        "\"spread\":20.0 | \"mean2\":20.0 | inputs.covariates.1.mean2: unknown field; did you mean"
            + " mean?",
        ",\"spread\":20.0 | `` | inputs.covariates.1.spread is missing",
      })
  void rejectsInvalidCovariate(String from, String to, String message) {
    String json =
        SpecificationJson.write(
            Models.withCovariates(
                PLAIN, Covariate.past("load"), Covariate.staticCovariate("height", 100, 20)));

    assertThatThrownBy(() -> SpecificationJson.read(json.replace(from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\":1 | \"format\":1,\"contextlength\":9 | contextlength: unknown field; did you"
            + " mean contextLength?",
        "\"format\":1 | \"format\":1,\"output \":{} | output : unknown field; did you mean output?",
        "\"format\":1 | \"format\":1,\"members2\":[] | members2: unknown field; did you mean"
            + " members?",
        "\"cell\": | \"dropoutt\":0.5,\"cell\": | network.dropoutt: unknown field; did you mean"
            + " dropout?",
        "\"patch\": | \"tranform\":\"log\",\"patch\": | inputs.tranform: unknown field; did you mean"
            + " transform?",
        "\"patch\": | \"error_half_life\":9,\"patch\": | inputs.error_half_life: unknown field; did"
            + " you mean errorHalfLife?",
        "\"patch\": | \"xyz\":9,\"patch\": | inputs.xyz: unknown field; expected one of calendar,"
            + " covariates, errorHalfLife, initialScale, lags, patch, scalerHalfLife, transform",
        "\"horizon\": | \"lookback\":48,\"horizon\": | output.lookback: unknown field; did you mean"
            + " lookBack?",
        "\"horizon\": | \"callibrationRate\":0.1,\"horizon\": | output.callibrationRate: unknown"
            + " field; did you mean calibrationRate?",
        "\"horizon\": | \"decoder\":{\"kind\":\"steps\",\"with\":8},\"horizon\": |"
            + " output.decoder.with: unknown field; did you mean width?",
        "\"horizon\": | \"cold\":{\"leastErrors\":[],\"factor\":[]},\"horizon\": |"
            + " output.cold.factors is missing; found factor",
        "\"interval\": | \"gap\":\"median\",\"interval\": | sampling.gap: unknown field; did you mean"
            + " gaps?",
        "\"seed\": | \"sede\":1,\"seed\": | provenance.sede: unknown field",
        "\"horizon\": | \"horizon\":9,\"horizon\": | not valid JSON: Duplicate field 'horizon'",
      })
  void rejectsUnknownFields(String from, String to, String message) {
    String json = SpecificationJson.write(PLAIN);
    assertThat(json).contains(from);

    assertThatThrownBy(() -> SpecificationJson.read(json.replaceFirst(from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("specification: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "2026-01-05T00:00:00Z | 2026-01-05 | begin: expected a time such as 2026-01-05T00:00:00Z,"
            + " got '2026-01-05'",
        "2026-02-05T00:00:00.001Z | `` | trainingEnd: expected a time such as"
            + " 2026-01-05T00:00:00Z, got ''",
      })
  void rejectsInvalidTimeOfTheTraining(String from, String to, String message) throws IOException {
    String json = golden().stream().filter(line -> line.contains(from)).findFirst().orElseThrow();

    assertThatThrownBy(() -> SpecificationJson.read(json.replace(from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("specification: provenance.training." + message);
  }

  @Test
  void rejectsTextAfterTheDocument() {
    assertThatThrownBy(() -> SpecificationJson.read(SpecificationJson.write(PLAIN) + " {}"))
        .hasMessageContaining("not valid JSON");
  }
}
