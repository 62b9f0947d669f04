package io.eddy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/** What tests expect of reports. */
final class ReportAssertions {
  private ReportAssertions() {}

  static void assertAgreed(AuditReport report) {
    assertThat(report.differences()).isEmpty();
    assertThat(report.isAgreed()).isTrue();
  }

  /** That is the one thing there is. */
  static void assertFault(AuditReport report, AuditFigure kind) {
    assertThat(report.differences()).extracting(AuditDifference::kind).containsExactly(kind);
    assertThat(report.figures()).contains(Map.entry(kind, 1L));
    assertThat(report.isAgreed()).isFalse();
  }

  static void assertFault(AuditReport report, AuditFigure kind, String field) {
    assertFault(report, kind);
    assertThat(report.differences())
        .extracting(difference -> difference.mismatch().field())
        .isEqualTo(List.of(field));
  }
}
