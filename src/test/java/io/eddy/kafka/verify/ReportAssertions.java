package io.eddy.kafka.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** What tests expect of reports. */
public final class ReportAssertions {
  private ReportAssertions() {}

  public static void assertAgreed(VerifyReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isAgreed()).isTrue();
  }

  /** That is the one thing there is. */
  public static void assertFault(VerifyReport report, VerifyCount kind) {
    assertThat(report.differences()).extracting(VerifyDifference::kind).containsExactly(kind);
    assertThat(report.figures()).contains(Map.entry(kind, 1L));
    assertThat(report.isAgreed()).isFalse();
  }

  public static void assertFault(VerifyReport report, VerifyCount kind, String field) {
    assertFault(report, kind);
    assertThat(report.differences())
        .extracting(difference -> difference.mismatch().field())
        .isEqualTo(List.of(field));
  }
}
