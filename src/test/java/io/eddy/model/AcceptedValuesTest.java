package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.FutureCovariates;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AcceptedValuesTest {
  private static final ModelSpecification PLAIN = Models.specification(CellKind.GRU, 4, 24);

  @Test
  void logTransformOfAnyMemberRefusesNegativeValues() {
    byte[] plain = Models.file(PLAIN, 1);
    byte[] log = Models.file(logarithmic(PLAIN), 1);
    Model model = ModelFile.read(Models.combined(plain, log));

    assertThat(model.accepts(-1e-9)).isFalse();
    assertThat(model.accepts(0)).isTrue();
    assertThat(model.acceptedValues()).isEqualTo("at least 0 for the log transform");
    assertThat(ModelFile.read(plain).accepts(-5)).isTrue();
  }

  @Test
  void classesAreWholeNumbersFromZero() {
    Model model = ModelFile.read(Models.file(Models.ofClasses(CellKind.GRU, 4, 3), 1));

    assertThat(model.accepts(2)).isTrue();
    assertThat(model.accepts(3)).isFalse();
    assertThat(model.accepts(0.5)).isFalse();
    assertThat(model.acceptedValues()).isEqualTo("a class, a whole number from 0 to 2");
  }

  @Test
  void futureIsKnownIfEveryStepAheadHasItsNumber() {
    ModelSpecification model =
        Models.withCovariates(
            Models.withStepsDecoder(PLAIN, 4), Covariate.past("a"), Covariate.future("b"));
    double[] known = new double[model.output().horizon()];
    double[] gap = known.clone();
    gap[1] = Double.NaN;

    assertThat(model.isFutureKnown(FutureCovariates.of(Map.of("b", known)))).isTrue();
    assertThat(model.isFutureKnown(FutureCovariates.of(Map.of("b", gap)))).isFalse();
    assertThat(model.isFutureKnown(FutureCovariates.of(Map.of("a", known)))).isFalse();
    assertThat(PLAIN.isFutureKnown(FutureCovariates.NONE)).isTrue();
  }

  private static ModelSpecification logarithmic(ModelSpecification specification) {
    ModelSpecification.Inputs inputs = specification.inputs();
    return new ModelSpecification(
        specification.network(),
        specification.sampling(),
        new ModelSpecification.Inputs(
            inputs.patch(), inputs.calendar(), inputs.scalerHalfLife(), 0, Transform.LOG),
        specification.output(),
        specification.contextLength(),
        specification.provenance());
  }
}
