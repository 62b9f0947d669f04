package io.eddy.kafka.stream;

import static io.eddy.kafka.stream.TopologyFixture.by;
import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.registry.ModelCatalog;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.model.Covariate;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.SigningKeys;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refused versions: the former version stays in use, and the catalog gives the reason. */
final class ModelRefusalTest {
  private static final byte[] FIRST = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
  private static final byte[] SECOND = Models.file(Models.specification(CellKind.GRU, 8, 24), 2);
  private static final KeyPair TRUSTED = SigningKeys.generate();

  @TempDir Path folder;
  private ModelCatalog catalog = new ModelCatalog(new ModelLoader(ModelLimits.NONE, List.of()));
  private @Nullable TopologyFixture running;

  @BeforeEach
  void start() {
    restart(ModelLimits.NONE);
  }

  private TopologyFixture stream() {
    return Objects.requireNonNull(running);
  }

  @AfterEach
  void stop() {
    stream().close();
  }

  private void restart(ModelLimits limits) {
    catalog = new ModelCatalog(new ModelLoader(limits, List.of("load")));
    running = new TopologyFixture(folder, catalog);
  }

  @Test
  void refusesBytesOfAnotherVersion() {
    byte[] altered = SECOND.clone();
    altered[altered.length - 5] ^= 1;

    assertRefused(
        SECOND,
        altered,
        "the parts on the topic have hash %s, expected %s"
            .formatted(ModelVersion.of(altered).shortSha(), ModelVersion.of(SECOND).shortSha()));
  }

  @Test
  void refusesNonFiniteWeights() {
    byte[] file = SECOND.clone();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putFloat(file.length - 4, Float.NaN);

    assertRefused(file, file, "NaN");
  }

  @Test
  void refusesWrongShapes() {
    byte[] file = replace(SECOND, "hiddenSize\\\":8", "hiddenSize\\\":9");

    assertRefused(file, file, "expected (27, ");
  }

  @Test
  void refusesUnknownCell() {
    byte[] file = replace(SECOND, "\\\"gru\\\"", "\\\"gry\\\"");

    assertRefused(file, file, "gry");
  }

  @Test
  void refusesInvalidFile() {
    byte[] file = "no model at all".getBytes(StandardCharsets.UTF_8);

    assertRefused(file, file, "");
  }

  @Test
  void refusesTooLargeFile() {
    byte[] large = Models.file(Models.specification(CellKind.LSTM, 64, 24), 2);
    stream().close();
    restart(new ModelLimits(FIRST.length, List.of()));

    assertRefused(
        large,
        large,
        "the file has %d bytes, models.max-bytes is %d".formatted(large.length, FIRST.length));
  }

  @Test
  void refusesUnknownInputs() {
    byte[] file =
        Models.file(
            Models.withCovariates(
                Models.specification(CellKind.GRU, 8, 24),
                Covariate.past("load"),
                Covariate.past("wind")),
            2);

    assertRefused(file, file, "covariates wind are not in events.covariates");
  }

  @Test
  void refusesUnsignedVersion() {
    requireSignatures();

    stream().activate(2, SECOND);
    stream().publish(SECOND);

    assertThat(stream().served("a", 0)).isEqualTo(by(FIRST, 1));
    assertThat(reasons()).containsValue("not signed, but models.trusted-keys requires a signature");
  }

  @Test
  void refusesUntrustedSignature() {
    requireSignatures();

    stream().activate(2, SECOND);
    stream()
        .publish(SigningKeys.sign(manifest(SECOND), SigningKeys.generate().getPrivate()), SECOND);

    assertThat(stream().served("a", 0)).isEqualTo(by(FIRST, 1));
    assertThat(reasons())
        .containsValue("the signature is invalid or by a key that is not in models.trusted-keys");
  }

  @Test
  void servesVersionSignedLater() {
    requireSignatures();
    stream().activate(2, SECOND);
    stream().publish(SECOND);
    assertThat(stream().served("a", 0)).isEqualTo(by(FIRST, 1));

    stream().publish(SigningKeys.sign(manifest(SECOND), TRUSTED.getPrivate()), SECOND);

    assertThat(stream().served("a", 1)).isEqualTo(by(SECOND, 2));
    assertThat(reasons()).isEmpty();
    assertThat(catalog.getLoaded()).isEqualTo(2);
  }

  @Test
  void servesRepairedVersion() {
    byte[] altered = SECOND.clone();
    altered[altered.length - 5] ^= 1;
    assertRefused(SECOND, altered, "the parts on the topic have hash");

    stream().publish(manifest(SECOND, Instant.ofEpochMilli(1)), SECOND);

    assertThat(stream().served("a", 3)).isEqualTo(by(SECOND, 2));
  }

  private void requireSignatures() {
    stream().close();
    restart(new ModelLimits(Manifest.MAX_SIZE, List.of(TRUSTED.getPublic())));
    stream().publish(SigningKeys.sign(manifest(FIRST), TRUSTED.getPrivate()), FIRST);
    stream().activate(1, FIRST);
  }

  /** Publishes bytes as a version, activates it and asserts that it is refused. */
  private void assertRefused(byte[] named, byte[] bytes, String reason) {
    stream().publish(FIRST);
    stream().activate(1, FIRST);
    stream().activate(2, named);
    stream().publish(manifest(named), bytes);

    assertThat(stream().served("a", 0)).isEqualTo(by(FIRST, 1));
    assertThat(stream().served("a", 1)).isEqualTo(by(FIRST, 1));
    assertThat(stream().deadLetters()).isZero();
    assertThat(reasons()).hasSize(1).containsKey(ModelVersion.of(named).sha());
    assertThat(reasons().get(ModelVersion.of(named).sha())).contains(reason);
    assertThat(catalog.getRejections()).isEqualTo(1);
    assertThat(catalog.getLoaded()).isEqualTo(1);
  }

  private Map<String, String> reasons() {
    return catalog.getRejected();
  }

  private static Manifest manifest(byte[] file) {
    return manifest(file, Instant.EPOCH);
  }

  private static Manifest manifest(byte[] file, Instant at) {
    int parts = (file.length + Manifest.PART_SIZE - 1) / Manifest.PART_SIZE;
    return new Manifest("m", ModelVersion.of(file), file.length, parts, "{}", at);
  }

  private static byte[] replace(byte[] file, String from, String to) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
