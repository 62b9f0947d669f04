package io.eddy.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The unrolled kernels against one plain loop in the order the documentation states. */
final class RowsTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 5", "7, 17", "8, 9", "9, 1", "17, 33", "31, 7", "64, 129"})
  void addsProductInTheOrderOfRows(int rows, int n) {
    Random random = new Random(rows * 1000L + n);
    float[] matrix = values(rows * n, random);
    float[] a = values(rows + 5, random);
    float[] y = values(n + 4, random);
    float[] expected = y.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        expected[4 + j] = Math.fma(a[5 + i], matrix[i * n + j], expected[4 + j]);
      }
    }

    Rows.addProduct(matrix, rows, n, a, 5, y, 4);

    assertThat(y).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 2", "9, 17, 7", "8, 9, 8", "17, 33, 9", "31, 7, 17", "23, 65, 3"})
  void addsProductsOfLanesInTheOrderOfRows(int rows, int n, int lanes) {
    Random random = new Random(rows * 1000L + n * 10L + lanes);
    int stride = rows + 3;
    float[] matrix = values(rows * n, random);
    float[] a = values(lanes * stride, random);
    float[] y = values(lanes * n, random);
    float[] expected = y.clone();
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          int at = lane * n + j;
          expected[at] = Math.fma(a[lane * stride + i], matrix[i * n + j], expected[at]);
        }
      }
    }

    Rows.addProducts(matrix, rows, n, a, stride, y, lanes);

    assertThat(y).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 2", "9, 17, 7", "8, 9, 8", "17, 33, 9", "31, 7, 17", "23, 65, 3"})
  void addsOuterProductsInTheOrderOfLanes(int rows, int n, int lanes) {
    Random random = new Random(rows * 1000L + n * 10L + lanes);
    int stride = rows + 3;
    float[] matrix = values(rows * n, random);
    float[] a = values(lanes * stride, random);
    float[] y = values(lanes * n, random);
    float[] expected = matrix.clone();
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          int at = i * n + j;
          expected[at] = Math.fma(a[lane * stride + i], y[lane * n + j], expected[at]);
        }
      }
    }

    Rows.addOuterProducts(matrix, rows, n, a, stride, y, lanes);

    assertThat(matrix).isEqualTo(expected);
  }

  private static float[] values(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 4 * random.nextFloat() - 2;
    }
    return values;
  }
}
