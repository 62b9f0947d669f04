package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.Scaler;
import io.eddy.series.Window;
import io.eddy.series.store.InMemorySeriesStore;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Inputs of the covariates of the data. */
final class CovariateInputsTest {
  private static final ModelSpecification PLAIN = Models.specification(CellKind.GRU, 8, 24);
  private static final ModelSpecification SPECIFICATION =
      Models.withCovariates(
          PLAIN, Covariate.past("load"), Covariate.staticCovariate("height", 100, 20));

  private final InputEncoder encoder = new InputEncoder(SPECIFICATION);
  private final SeriesPast past =
      SeriesPast.of(new Window(24, new InMemorySeriesStore()), SPECIFICATION);

  private float[] observe(double value, Map<String, Double> covariates) {
    past.observe(value, new Covariates(covariates), encoder.scaling());
    return encoded();
  }

  private float[] encoded() {
    float[] out = new float[encoder.size()];
    encoder.encode(past, 100, out, 0);
    return Arrays.copyOfRange(out, new InputEncoder(PLAIN).size(), out.length);
  }

  @Test
  void scalesPastAndStaticCovariates() {
    Scaler load = new Scaler();
    for (double value : new double[] {7, 9, 4}) {
      load.update(value, encoder.scaling().smoothing());

      float[] inputs = observe(1000 * value, Map.of("load", value, "height", 130.0));

      assertThat(inputs)
          .containsExactly((float) ((value - load.level()) / load.scale()), 0, 1.5f, 0);
    }
  }

  @Test
  void missingCovariateRepeatsLastKnown() {
    observe(1, Map.of("load", 7.0, "height", 130.0));
    float[] known = observe(2, Map.of("load", 9.0, "height", 130.0));

    float[] missing = observe(3, Map.of());
    past.impute(past.window().value(0));

    assertThat(missing).containsExactly(known[0], 1, 1.5f, 1);
    assertThat(encoded()).containsExactly(known[0], 1, 1.5f, 1);
  }

  @Test
  void unknownCovariateIsZeroAndMarked() {
    assertThat(observe(1, Map.of("height", 130.0))).containsExactly(0, 1, 1.5f, 0);
  }

  @Test
  void clipsOutliers() {
    for (int i = 0; i < 20; i++) {
      observe(1, Map.of("load", i % 2.0, "height", 100.0));
    }

    float[] inputs = observe(1, Map.of("load", 1e35, "height", -1e35));

    assertThat(inputs[0]).isBetween(0f, 20f);
    assertThat(inputs[2]).isEqualTo(-20);
  }

  @Test
  void encodesCovariatesOfClassification() {
    ModelSpecification plain = Models.ofClasses(CellKind.GRU, 8, 3);
    ModelSpecification specification =
        Models.withCovariates(plain, Covariate.staticCovariate("k", 0, 2));
    InputEncoder classes = new InputEncoder(specification);
    SeriesPast ofClasses = SeriesPast.of(new Window(24, new InMemorySeriesStore()), specification);
    ofClasses.observe(2, new Covariates(Map.of("k", 3.0)), classes.scaling());
    float[] out = new float[classes.size()];

    classes.encode(ofClasses, 100, out, 0);

    assertThat(Arrays.copyOfRange(out, new InputEncoder(plain).size(), out.length))
        .containsExactly(1.5f, 0);
  }
}
