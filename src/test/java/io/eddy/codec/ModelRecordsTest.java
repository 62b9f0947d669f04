package io.eddy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.ModelVersion;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class ModelRecordsTest {
  /** As it was written before manifests were signed. */
  private static final String FORMER = "c301fe78a3c240838f9f026d809f4904047b7d80a0abfef962";

  private static final ModelVersion VERSION = ModelVersion.of(new byte[] {1});
  private static final Manifest MANIFEST =
      new Manifest("m", VERSION, 600_000, 2, "{}", Instant.ofEpochMilli(1_700_000_000_000L));

  private final ModelRecords records = new ModelRecords();

  @Test
  void manifestWrittenBeforeSignaturesIsReadAsOneWithout() {
    assertThat(records.decodeManifest(VERSION.sha(), HexFormat.of().parseHex(FORMER)))
        .isEqualTo(MANIFEST);
  }

  @Test
  void signatureIsKept() {
    Manifest signed = MANIFEST.signed("c2lnbmF0dXJl");

    assertThat(records.decodeManifest(VERSION.sha(), records.encodeManifest(signed)))
        .isEqualTo(signed);
  }
}
