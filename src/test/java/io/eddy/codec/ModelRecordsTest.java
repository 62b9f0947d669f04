package io.eddy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.ModelVersion;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class ModelRecordsTest {
  /** As it was written before manifests were signed. */
  private static final String FORMER = "c301fe78a3c240838f9f026d809f4904047b7d80a0abfef962";

  /** As it was written, signed, before anything was said of contexts. */
  private static final String SIGNED =
      "c3015b859b32d7d312da026d809f4904047b7d80a0abfef962021863326c6e626d463064584a6c";

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

  @Test
  void manifestWrittenBeforeContextsWereLookedAtIsReadAsOneWithout() {
    assertThat(records.decodeManifest(VERSION.sha(), HexFormat.of().parseHex(SIGNED)))
        .isEqualTo(MANIFEST.signed("c2lnbmF0dXJl"));
  }

  @Test
  void whatIsSaidOfTheContextIsKept() {
    Manifest told = MANIFEST.withContextFit("{\"context\":24}");

    assertThat(records.decodeManifest(VERSION.sha(), records.encodeManifest(told))).isEqualTo(told);
    assertThat(told.isSameFile(MANIFEST)).isTrue();
  }
}
