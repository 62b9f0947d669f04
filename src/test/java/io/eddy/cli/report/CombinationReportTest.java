package io.eddy.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.eddy.model.CombinationSpec;
import io.eddy.model.CombinationSpec.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinationReportTest {
  @Test
  void describesWeightsAndWidthOfEachGroup() {
    List<Double> errors = List.of(1.0, 1.0, 1.0);
    CombinationSpec combination =
        CombinationSpec.NONE.withGroups(
            List.of(
                new Group(1, List.of(0.2, 0.74, 0.04, 0.02), errors, 1.126),
                new Group(4, List.of(1.0, 0.0, 0.0, 0.0), errors, 0.9),
                new Group(12, List.of(0.5, 0.5, 0.0, 0.0), errors, 1.004)));

    assertThat(CombinationReport.groups(combination))
        .containsExactly(
            entry("step 1", "last 74 %, net 20 %; intervals widened by 13 %"),
            entry("steps 2 to 4", "net 100 %; intervals narrowed by 10 %"),
            entry("steps 5 to 12", "net 50 %, last 50 %"));
  }
}
