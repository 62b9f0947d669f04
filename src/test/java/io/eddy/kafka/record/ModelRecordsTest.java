package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.ModelVersion;
import io.eddy.rollout.Manifest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ModelRecordsTest {
  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});
  private static final Manifest MANIFEST =
      new Manifest("m", VERSION, 600_000, 2, "{}", Instant.ofEpochMilli(1_700_000_000_000L));

  private final ModelRecords records = new ModelRecords();

  @Test
  void manifestKeepsSignature() {
    Manifest signed = MANIFEST.withSignature("c2lnbmF0dXJl");

    assertThat(records.decodeManifest(VERSION.sha(), records.encodeManifest(signed)))
        .isEqualTo(signed);
  }

  @Test
  void manifestKeepsContextFit() {
    Manifest manifest = MANIFEST.withContextFit("{\"context\":24}");

    assertThat(records.decodeManifest(VERSION.sha(), records.encodeManifest(manifest)))
        .isEqualTo(manifest);
    assertThat(manifest.isSameFile(MANIFEST)).isTrue();
  }
}
