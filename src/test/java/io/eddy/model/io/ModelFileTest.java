package io.eddy.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.BaselineSpec;
import io.eddy.model.HeadKind;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.model.Transform;
import io.eddy.model.WarmUpIntervals;
import io.eddy.nn.CellKind;
import io.eddy.series.Aggregation;
import io.eddy.series.GapFilling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
  private static final ModelSpecification SPECIFICATION =
      Models.specification(CellKind.LSTM, 8, 24);
  private static final byte[] FILE = Models.file(SPECIFICATION, 1);

  @ParameterizedTest
  @EnumSource(CellKind.class)
  void readsBackWhatItWrote(CellKind kind) {
    byte[] file = Models.file(Models.specification(kind, 8, 24), 1);

    Model model = ModelFile.read(file);

    assertThat(model.specification()).isEqualTo(Models.specification(kind, 8, 24));
    assertThat(model.version()).isEqualTo(ModelVersion.of(file));
    assertThat(ModelFile.of(model.members()).bytes()).isEqualTo(file);
  }

  @ParameterizedTest
  @EnumSource(HeadKind.class)
  void readsBackEveryHead(HeadKind head) {
    ModelSpecification linear = Models.withOutput(SPECIFICATION, Models.output(head));

    assertReadsBack(linear);
    assertReadsBack(Models.withStepsDecoder(linear, 5));
  }

  private static void assertReadsBack(ModelSpecification specification) {
    byte[] file = Models.file(specification, 1);

    Model model = ModelFile.read(file);

    assertThat(model.specification()).isEqualTo(specification);
    assertThat(ModelFile.of(model.members()).bytes()).isEqualTo(file);
    assertThat(model.member(0).head().decoder().sizes().rawSize())
        .isEqualTo(specification.output().rawSize());
    assertThat(model.member(0).head().newWorkspace().forecast())
        .hasSize(4 * specification.output().valuesPerStep());
  }

  @ParameterizedTest
  @EnumSource(Transform.class)
  void readsBackLinearBaseline(Transform transform) {
    ModelSpecification specification = Models.withLinearBaseline(SPECIFICATION, 12, transform);
    assertReadsBackBaseline(specification);
    assertReadsBackBaseline(Models.withYear(specification));
  }

  private static void assertReadsBackBaseline(ModelSpecification specification) {
    byte[] file = Models.file(specification, 1);

    Model model = ModelFile.read(file);

    assertThat(model.specification()).isEqualTo(specification);
    assertThat(ModelFile.of(model.members()).bytes()).isEqualTo(file);
  }

  @Test
  void yearlyIsAbsentAtItsDefault() {
    byte[] file = Models.file(Models.withLinearBaseline(SPECIFICATION, 12, Transform.NONE), 1);

    assertThat(ModelFile.specificationOf(file)).doesNotContain("yearly");
    assertThat(ModelFile.read(file).specification().output().baseline().isYearly()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"yearly\":true | \"yearly\":1 | specification: output.yearly: expected true or false, got"
            + " 1",
        "\"yearly\":true | \"yearly\":false | base.weight: expected (4, 11), got (4, 14)",
        "\"lookBack\":12,\"yearly\":true | \"yearly\":true | specification: yearly: expected a"
            + " linear baseline, with a lookBack of at least 2",
      })
  void rejectsInvalidYearly(String from, String to, String message) {
    byte[] file =
        Models.file(
            Models.withYear(Models.withLinearBaseline(SPECIFICATION, 12, Transform.LOG)), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @EnumSource(GapFilling.class)
  void readsBackGapFilling(GapFilling gaps) {
    assertReadsBack(Models.withGaps(SPECIFICATION, gaps));
  }

  @Test
  void gapFillingIsAbsentAtItsDefault() {
    assertThat(ModelFile.specificationOf(FILE)).doesNotContain("gaps");
    assertThat(ModelFile.read(FILE).specification().sampling().gaps()).isEqualTo(GapFilling.LAST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"gaps\":\"seasonal\" | \"gaps\":\"linear\" | specification: gaps: expected last, median,"
            + " seasonal, got linear",
        "\"seasonSteps\":6 | \"seasonSteps\":0 | specification: gaps: expected a seasonal"
            + " baseline for seasonal; use last or median",
      })
  void rejectsInvalidGapFilling(String from, String to, String message) {
    byte[] file = Models.file(Models.withGaps(SPECIFICATION, GapFilling.SEASONAL), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void readsBackWarmUpIntervals() {
    WarmUpIntervals cold =
        new WarmUpIntervals(
            List.of(0.1, 2 / 3.0), List.of(List.of(1.0, 1.5), List.of(3.25, 1000.0)));

    assertReadsBack(SPECIFICATION.withWarmUpIntervals(cold));
    assertThat(Models.withWarmUpIntervals(FILE, cold))
        .isEqualTo(Models.file(SPECIFICATION.withWarmUpIntervals(cold), 1));
    assertThat(
            Models.withWarmUpIntervals(
                Models.withWarmUpIntervals(FILE, cold), WarmUpIntervals.NONE))
        .isEqualTo(FILE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[2.0]] | [[0.5]] | specification: cold: expected factors from 1 to 1000, got 0.5",
        "[[2.0]] | [[2.0,2.0]] | specification: cold: factors: expected 1 to 1, got 2",
        "[[2.0]] | [2.0] | specification: output.cold.factors.0: expected a list, got 2.0",
        "\"leastErrors\":[1.0] | \"leastErrors\":[-1.0] | specification: cold: expected errors of"
            + " at least 0, got -1.0",
      })
  void rejectsInvalidWarmUpIntervals(String from, String to, String message) {
    WarmUpIntervals cold = new WarmUpIntervals(List.of(1.0), List.of(List.of(2.0)));
    byte[] file = Models.file(SPECIFICATION.withWarmUpIntervals(cold), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void readsBackLags() {
    assertReadsBack(Models.withLags(SPECIFICATION, List.of(24, 6)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"lags\":[24,6] | \"lags\":[25,6] | specification: contextLength: expected at least the 25"
            + " steps of patch and lags, got 24",
        "\"lags\":[24,6] | \"lags\":[24,0] | specification: lag: expected 1 to 10000, got 0",
        "\"lags\":[24,6] | \"lags\":[24] | rnn.weight_ih_l0: expected (32, 22), got (32, 26)",
      })
  void rejectsInvalidLags(String from, String to, String message) {
    byte[] file = Models.file(Models.withLags(SPECIFICATION, List.of(24, 6)), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"lookBack\":12 | \"lookBack\":13 | base.weight: expected (4, 12), got (4, 11)",
        "\"lookBack\":12 | \"lookBack\":1 | specification: lookBack: expected 0, or 2 to 10000, got"
            + " 1",
        "\"lookBack\":12 | \"lookBack\":25 | specification: contextLength: expected at least the"
            + " 25 steps of the baseline, got 24",
        ",\"lookBack\":12 | '' | base.weight: unexpected tensor, not part of this model",
        "\"transform\":\"log\" | \"transform\":\"sqrt\" | specification: transform: expected none,"
            + " log, got sqrt",
      })
  void rejectsInvalidLinearBaseline(String from, String to, String message) {
    byte[] file = Models.file(Models.withLinearBaseline(SPECIFICATION, 12, Transform.LOG), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void readsBackEveryMember() {
    byte[] file = Models.ensembleFile(CellKind.GRU, 24, 1);

    Model model = ModelFile.read(file);

    assertThat(model.members()).hasSize(3);
    assertThat(model.member(1).specification().network().dilations()).containsExactly(1, 3, 7);
    assertThat(model.member(2).specification().inputs().errorHalfLife()).isEqualTo(12);
    assertThat(model.member(2).specification().output().decoding().width()).isEqualTo(5);
    assertThat(model.member(2).specification().provenance())
        .isEqualTo(model.specification().provenance());
    assertThat(ModelFile.of(model.members()).bytes()).isEqualTo(file);
    assertThat(model.version()).isEqualTo(ModelVersion.of(file));
  }

  @Test
  void singleMemberKeepsItsBytes() {
    byte[] file = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);

    assertThat(Models.combined(file)).isEqualTo(file);
  }

  @Test
  void combinesMembersInOrder() {
    byte[] all = Models.combined(Models.ensembleFile(CellKind.GRU, 24, 1), FILE);

    assertThat(ModelFile.read(all).members()).hasSize(4);
    assertThat(ModelFile.of(ModelFile.read(all).members().subList(3, 4)).bytes()).isEqualTo(FILE);
  }

  @Test
  void readsBackMaxMembers() {
    byte[][] files = new byte[Model.MAX_MEMBERS][];
    Arrays.fill(
        files, Models.file(Models.withLayers(SPECIFICATION, Collections.nCopies(16, 1), 1), 1));
    byte[] file = Models.combined(files);

    assertThat(ModelFile.read(file).members()).hasSize(Model.MAX_MEMBERS);
    assertThatThrownBy(() -> Models.combined(file, FILE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("members: expected 1 to 64, got 65");
  }

  static Stream<Arguments> incompatible() {
    ModelSpecification other = Models.specification(CellKind.LSTM, 8, 48);
    ModelSpecification mean = Models.specification(CellKind.LSTM, 8, 24, Aggregation.MEAN);
    return Stream.of(
        Arguments.of(other, "contextLength: expected 24 as of member 0, got 48"),
        Arguments.of(
            Models.withOutput(
                SPECIFICATION, new ModelSpecification.Output(5, List.of(0.5), BaselineSpec.NAIVE)),
            "horizon: expected 4 as of member 0, got 5"),
        Arguments.of(
            Models.withOutput(SPECIFICATION, Models.output(HeadKind.POINT)),
            "head: expected quantiles as of member 0, got point"),
        Arguments.of(
            Models.withOutput(
                SPECIFICATION, new ModelSpecification.Output(4, List.of(0.5), BaselineSpec.NAIVE)),
            "quantileLevels: expected [0.1, 0.5, 0.9] as of member 0, got [0.5]"),
        Arguments.of(
            mean,
            "sampling: expected %s as of member 0, got %s"
                .formatted(SPECIFICATION.sampling(), mean.sampling())));
  }

  @ParameterizedTest
  @MethodSource("incompatible")
  void rejectsIncompatibleMembers(ModelSpecification other, String message) {
    byte[] file = Models.file(other, 2);

    assertThatThrownBy(() -> Models.combined(FILE, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("member 1: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hiddenSize\":5 | \"hiddenSize\":6 | members.1.rnn.weight_ih_l0: expected (24, 20), got"
            + " (20, 20)",
        "\"hiddenSize\":5 | \"hiddenSize\":5000 | specification: members.1: hiddenSize: expected 1"
            + " to 4096, got 5000",
        "\"hiddenSize\":5 | \"units\":5 | specification: members.1: network.hiddenSize is missing",
        "\"dilations\":[1,3,7] | \"dilations\":[9999,9998,9997] | members.1.dilations [9999, 9998,"
            + " 9997]: expected a least common multiple of at most 1073741824, got 999400109994"
            + " after layer 2",
        "members.1.head.bias | members.1.head.bios | members.1.head.bias is missing",
        "members.1.head.bias | members.3.head.bias | members.3.head.bias: unexpected tensor, not"
            + " part of this model",
        "members.1.head.bias | members.head.bias | members.head.bias: unexpected tensor, not part"
            + " of this model",
        "\"members\": | \"member\": | specification: member: unknown field; did you mean members?",
        "\"members\":[ | \"others\":[ | 'specification: others: unknown field; expected one of"
            + " contextLength, format, inputs, members, network, output, provenance, sampling'",
        "\"members\":[ | \"members\":[1, | specification: members.1: expected an object, got 1",
      })
  void rejectsInvalidMembers(String from, String to, String message) {
    byte[] file = Models.ensembleFile(CellKind.GRU, 24, 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void rejectsTooManyMembers() {
    byte[] file = Models.ensembleFile(CellKind.GRU, 24, 1);
    String many = "\"members\":[" + "{},".repeat(70);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, "\"members\":[", many)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("specification: members: expected at most 63 after the first, got 72");
  }

  @Test
  void rejectsMembersWithDifferentHorizons() {
    byte[] file = Models.ensembleFile(CellKind.GRU, 24, 1);
    String json = ModelFile.specificationOf(file);
    String others = json.substring(json.indexOf("\"members\""));

    assertThatThrownBy(
            () ->
                ModelFile.read(
                    withHeader(
                        file, others, others.replaceFirst("\"horizon\":4", "\"horizon\":3"))))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("specification: member 1: horizon: expected 4 as of member 0, got 3");
  }

  @Test
  void decoderIsAbsentAtItsDefault() {
    assertThat(ModelFile.specificationOf(FILE)).doesNotContain("decoder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"width\":5 | \"width\":6 | decoder.hidden.weight: expected (6, 8), got (5, 8)",
        "\"width\":5 | \"width\":1000000000 | specification: decoder width: expected 1 to 4096, got"
            + " 1000000000",
        "\"width\":5 | \"width\":0 | specification: decoder width: expected 1 to 4096, got 0",
        "\"kind\":\"steps\" | \"kind\":\"loops\" | specification: decoder: expected linear, steps,"
            + " got loops",
        "\"horizon\":4 | \"horizon\":5 | decoder.embedding.weight: expected (5, 5), got (4, 5)",
        "\"calendar\":true | \"calendar\":false | rnn.weight_ih_l0: expected (32, 5), got (32, 18)",
        "\"interval\":\"PT1H\" | \"interval\":\"PT24H\" | rnn.weight_ih_l0: expected (32, 12), got"
            + " (32, 18)",
        "decoder.hidden.bias | decoder.hidden.bios | decoder.hidden.bias is missing",
        "decoder.embedding.weight | decoder.embedding | decoder.embedding.weight is missing",
      })
  void rejectsInvalidDecoder(String from, String to, String message) {
    byte[] file = Models.file(Models.withStepsDecoder(SPECIFICATION, 5), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"classes\":3 | \"classes\":1 | specification: classes: expected 2 to 1000, got 1",
        "\"classes\":3 | \"classes\":1000000000 | specification: classes: expected 2 to 1000, got"
            + " 1000000000",
        "\"classes\":3, | '' | specification: classes: expected 2 to 1000, got 0",
        "\"classes\":3 | \"classes\":4 | rnn.weight_ih_l0: expected (24, 26), got (24, 23)",
        "\"aggregation\":\"first\" | \"aggregation\":\"mean\" | specification: aggregation:"
            + " expected first, last, min or max for classes, got mean",
        "\"head\":\"softmax\" | \"head\":\"point\" | specification: classes: expected 0 to 0, got"
            + " 3",
      })
  void rejectsInvalidClasses(String from, String to, String message) {
    byte[] file = Models.file(Models.ofClasses(CellKind.GRU, 8, 3), 1);

    assertThatThrownBy(() -> ModelFile.read(withHeader(file, from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void headDefaultsToQuantiles() {
    byte[] file = withHeader("\"head\":\"quantiles\",\"loss\":\"pinball\",", "");

    assertThat(ModelFile.read(file).specification()).isEqualTo(SPECIFICATION);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 8, 100, 1000, -1})
  void rejectsTruncatedFile(int length) {
    byte[] truncated = Arrays.copyOf(FILE, length < 0 ? FILE.length - 1 : length);

    assertThatThrownBy(() -> ModelFile.read(truncated))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void rejectsBytesAfterLastTensor() {
    assertThatThrownBy(() -> ModelFile.read(Arrays.copyOf(FILE, FILE.length + 4)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageMatching("expected \\d+ bytes of data after the header, got \\d+");
  }

  @Test
  void rejectsNonFiniteNumber() {
    byte[] file = FILE.clone();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, Float.NaN);

    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("head.bias: expected finite numbers, got NaN at index 11");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hiddenSize\":8 | \"hiddenSize\":9 | rnn.weight_ih_l0: expected (36, 18), got (32, 18)",
        "\"cell\":\"lstm\" | \"cell\":\"gruu\" | specification: cell: expected rnn_tanh, rnn_relu,"
            + " gru, lstm, slstm or lru, got gruu",
        "\"hiddenSize\":8 | \"hiddenSize\":1000000000000 | specification: network.hiddenSize:"
            + " expected an integer, got 1000000000000",
        "\"hiddenSize\":8 | \"hiddenSize\":1000000 | specification: hiddenSize: expected 1 to 4096,"
            + " got 1000000",
        "\"head\":\"quantiles\" | \"head\":\"cauchy\" | specification: head: expected quantiles,"
            + " point, gaussian, student_t, negative_binomial, softmax, got cauchy",
        "\"head\":\"quantiles\" | \"head\":\"point\" | 'specification: quantileLevels: expected"
            + " none for the head point, got [0.1, 0.5, 0.9]'",
        "\"loss\":\"pinball\" | \"loss\":\"huber\" | specification: loss: expected pinball for the"
            + " head quantiles, got huber",
        "\"horizon\":4 | \"horizons\":4 | specification: output.horizon is missing; found"
            + " horizons",
        "[32,18] | [32,9000000000] | rnn.weight_ih_l0: the shape [32,9000000000] exceeds"
            + " the 1004 numbers of the file, which may be truncated",
        "[32,18] | [32,17] | 'rnn.weight_ih_l0: expected data_offsets [from, to] that are"
            + " 2176 bytes apart, got [0,2304]'",
        "\"F32\" | \"F16\" | rnn.weight_ih_l0: expected dtype F32, got F16",
      })
  void rejectsInvalidHeader(String from, String to, String message) {
    byte[] file = withHeader(from, to);

    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void rejectsHeaderLongerThanFile() {
    byte[] file = FILE.clone();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);

    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("got 9223372036854775807");
  }

  @Test
  void rejectsFileWithoutSpecification() {
    byte[] file = withHeader("\"eddy\"", "\"other\"");

    assertThatThrownBy(() -> ModelFile.read(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("the metadata entry 'eddy' is missing");
  }

  /** Replaces the first occurrence of a text in the header; the texts may be escaped JSON. */
  private static byte[] withHeader(String from, String to) {
    return withHeader(FILE, from, to);
  }

  private static byte[] withHeader(byte[] file, String from, String to) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    String header = new String(file, 8, length, StandardCharsets.UTF_8);
    String escaped = from.replace("\"", "\\\"");
    String changed =
        header.contains(escaped)
            ? header.replace(escaped, to.replace("\"", "\\\""))
            : header.replaceFirst(Pattern.quote(from), to);
    assertThat(changed).isNotEqualTo(header);
    byte[] text = changed.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + file.length - 8 - length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(file, 8 + length, file.length - 8 - length)
        .array();
  }
}
