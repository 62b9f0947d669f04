package io.eddy.forecast.combination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupInterpolationTest {
  @Test
  void stepsBetweenMiddlesAreInterpolated() {
    List<GroupSchedule> schedules =
        List.of(new GroupSchedule(1, 3, 1), new GroupSchedule(4, 8, 1)); // middles 2 and 6
    GroupInterpolation interpolation = new GroupInterpolation(schedules, 8);
    double[][] numbers = {{0, 10}, {0, 50}};

    assertThat(IntStream.range(0, 8).mapToDouble(j -> interpolation.at(j, numbers, 1)))
        .containsExactly(10.0, 10.0, 20.0, 30.0, 40.0, 50.0, 50.0, 50.0);
  }
}
