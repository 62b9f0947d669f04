package io.eddy.kafka.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** Assertions on verification reports. */
public final class ReportAssertions {
  private ReportAssertions() {}

  public static void assertConsistent(VerifyReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isConsistent()).isTrue();
  }

  /** Asserts that the report has exactly one difference, of that kind. */
  public static void assertFault(VerifyReport report, VerifyCount kind) {
    assertThat(report.differences()).extracting(VerifyDifference::kind).containsExactly(kind);
    assertThat(report.counts()).contains(Map.entry(kind, 1L));
    assertThat(report.isConsistent()).isFalse();
  }

  public static void assertFault(VerifyReport report, VerifyCount kind, String field) {
    assertFault(report, kind);
    assertThat(report.differences())
        .extracting(difference -> difference.mismatch().field())
        .isEqualTo(List.of(field));
  }
}
