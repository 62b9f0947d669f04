package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SoftmaxReadoutTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 17, 1000})
  void probabilitiesSumToOneAndKeepOrder(int classes) {
    SplittableRandom random = new SplittableRandom(3);
    float[] raw = new float[classes + 2];
    float[] values = new float[classes + 3];
    for (int round = 0; round < 200; round++) {
      float spread = (float) StrictMath.exp(random.nextDouble(-5, 12));
      for (int i = 0; i < raw.length; i++) {
        raw[i] = spread * (2 * random.nextFloat() - 1);
      }

      new SoftmaxReadout(classes).read(raw, 2, values, 3);

      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += values[3 + k];
        assertThat(values[3 + k]).isGreaterThan(0f).isLessThanOrEqualTo(1f);
        for (int other = 0; other < classes; other += 37) {
          if (raw[2 + k] > raw[2 + other]) {
            assertThat(values[3 + k]).isGreaterThanOrEqualTo(values[3 + other]);
          }
        }
      }
      // Each addition and each quotient has a rounding error of at most 2⁻²⁴.
      assertThat(Math.abs(sum - 1)).isLessThan((classes + 1) * 0x1p-24);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 1f, -5f, 1e30f, -Float.MAX_VALUE, Float.MAX_VALUE})
  void equalRawOutputsGiveEqualProbabilities(float raw) {
    float[] values = new float[4];

    new SoftmaxReadout(4).read(new float[] {raw, raw, raw, raw}, 0, values, 0);

    assertThat(values).containsOnly(0.25f);
  }
}
