package io.eddy.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.ejml.data.FMatrixRMaj;
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
    float[] y = values(n, random);
    float[] expected = y.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        expected[j] = Math.fma(a[5 + i], matrix[i * n + j], expected[j]);
      }
    }

    rows(matrix, rows, n).addProduct(a, 5, y);

    assertThat(y).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 2", "9, 17, 7", "8, 9, 8", "17, 33, 9", "31, 7, 17", "23, 65, 3"})
  void addsProductsOfLanesInTheOrderOfRows(int rows, int n, int lanes) {
    Random random = new Random(rows * 1000L + n * 10L + lanes);
    int stride = rows + 3;
    float[] matrix = values(rows * n, random);
    float[] a = values(2 + lanes * stride, random);
    float[][] y = lanes(lanes, n, random);
    float[][] expected = Arrays.stream(y).map(float[]::clone).toArray(float[][]::new);
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          float factor = a[2 + lane * stride + i];
          expected[lane][j] = Math.fma(factor, matrix[i * n + j], expected[lane][j]);
        }
      }
    }

    rows(matrix, rows, n).addProducts(a, 2, stride, y);

    assertThat(y).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 2", "9, 17, 7", "8, 9, 8", "17, 33, 9", "31, 7, 17", "23, 65, 3"})
  void addsOuterProductsInTheOrderOfLanes(int rows, int n, int lanes) {
    Random random = new Random(rows * 1000L + n * 10L + lanes);
    int stride = rows + 3;
    float[] matrix = values(rows * n, random);
    float[] a = values(2 + lanes * stride, random);
    float[][] y = lanes(lanes, n, random);
    float[] expected = matrix.clone();
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          int at = i * n + j;
          expected[at] = Math.fma(a[2 + lane * stride + i], y[lane][j], expected[at]);
        }
      }
    }

    Rows gradient = rows(matrix, rows, n);
    gradient.addOuterProducts(a, 2, stride, y);

    for (int i = 0; i < rows; i++) {
      assertThat(gradient.arrays().get(i))
          .isEqualTo(Arrays.copyOfRange(expected, i * n, (i + 1) * n));
    }
  }

  private static Rows rows(float[] matrix, int rows, int n) {
    return Rows.of(new FMatrixRMaj(rows, n, true, matrix));
  }

  private static float[][] lanes(int lanes, int n, Random random) {
    float[][] values = new float[lanes][];
    Arrays.setAll(values, lane -> values(n, random));
    return values;
  }

  private static float[] values(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 4 * random.nextFloat() - 2;
    }
    return values;
  }
}
