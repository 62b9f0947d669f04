package io.eddy.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.eddy.model.io.ModelFile;
import io.eddy.nn.CellKind;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties of every head with every decoder. All comparisons are bit for bit. */
final class HeadTest {
  private static final String GOLDEN = "head-bits.txt";
  private static final int HIDDEN = 9;

  static Stream<ModelSpecification> heads() {
    return Arrays.stream(HeadKind.values())
        .map(
            head ->
                Models.withOutput(
                    Models.specification(CellKind.GRU, HIDDEN, 24), Models.output(head)))
        .flatMap(
            linear ->
                Stream.of(
                    linear,
                    Models.withStepsDecoder(linear, 7),
                    Models.withCovariates(
                        Models.withStepsDecoder(linear, 7),
                        Covariate.future("price"),
                        Covariate.past("load"),
                        Covariate.future("plan"))));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void batchEqualsSingleSequences(ModelSpecification specification) {
    Model model = ModelFile.read(Models.file(specification, 3));
    Decoder decoder = model.member(0).head().decoder();
    int rawSize = decoder.sizes().rawSize();
    long[] origins = {1000, 1003, 5, 70_000, 1001};
    int steps = 6;
    float[] hidden = random(steps * origins.length * HIDDEN);
    float[] raw = new float[steps * origins.length * rawSize];
    int aheadSize = decoder.sizes().futureSize();
    float[] ahead = random(steps * origins.length * aheadSize);
    for (int i = 3; i < ahead.length; i += 7) {
      ahead[i] = Float.NaN;
    }

    decoder.apply(hidden, new Minibatch(origins, ahead), raw);

    for (int row = 0; row < steps * origins.length; row++) {
      HeadWorkspace workspace = model.member(0).head().newWorkspace();
      long origin = origins[row % origins.length] + row / origins.length;
      System.arraycopy(ahead, row * aheadSize, workspace.future, 0, aheadSize);
      decoder.apply(hidden, row * HIDDEN, origin, workspace);
      assertThat(Arrays.copyOfRange(raw, row * rawSize, (row + 1) * rawSize))
          .isEqualTo(workspace.raw);
    }
  }

  /**
   * Takes the minimum of several rounds, because the JVM itself allocates a little when code is
   * first run or replaced.
   */
  @ParameterizedTest
  @MethodSource("heads")
  void forecastAllocatesNothing(ModelSpecification specification) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Head head = ModelFile.read(Models.file(specification, 3)).member(0).head();
    HeadWorkspace workspace = head.newWorkspace();
    float[] hidden = random(HIDDEN);
    CovariateState covariates = CovariateState.of(specification.inputs().covariates());
    covariates.observe(new Covariates(Map.of("price", 3.0)), 0.5);
    FutureCovariates ahead = FutureCovariates.of(Map.of("price", new double[] {4, Double.NaN, 5}));
    long minBytes = Long.MAX_VALUE;

    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int t = 0; t < 1_000; t++) {
        head.setFutureCovariates(covariates, ahead, workspace);
        head.apply(hidden, 0, 490_000 + t, workspace);
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      minBytes = Math.min(minBytes, after - before);
    }

    assertThat(minBytes).isZero();
  }

  @Test
  void forecastDependsOnCalendarAhead() {
    ModelSpecification linear = Models.specification(CellKind.GRU, HIDDEN, 24);
    float[] hidden = random(HIDDEN);

    assertThat(forecast(Models.withStepsDecoder(linear, 7), hidden, 100))
        .isNotEqualTo(forecast(Models.withStepsDecoder(linear, 7), hidden, 106))
        .isEqualTo(forecast(Models.withStepsDecoder(linear, 7), hidden, 100 + 7 * 24));
    assertThat(forecast(linear, hidden, 100)).isEqualTo(forecast(linear, hidden, 106));
  }

  @Test
  void rejectsDecoderOfOtherSizes() {
    ModelSpecification specification = Models.specification(CellKind.GRU, HIDDEN, 24);
    Decoder wider =
        Decoder.random(Models.specification(CellKind.GRU, 10, 24), 1, new SplittableRandom(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Head(specification, wider))
        .withMessageContaining("hiddenSize=9")
        .withMessageContaining("hiddenSize=10");
  }

  @Test
  void bitsAreGolden() throws IOException {
    assertThat(HeadBits.lines()).containsExactlyElementsOf(golden());
  }

  /** Interpreter, and both compilers from the first call on. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-Xcomp -XX:TieredStopAtLevel=1 -XX:CompileCommand=quiet"
            + " -XX:CompileCommand=compileonly,io.eddy.*::*",
        "-Xcomp -XX:-TieredCompilation -XX:CompileCommand=quiet"
            + " -XX:CompileCommand=compileonly,io.eddy.*::*"
      })
  void bitsAreGoldenInEveryCompilationMode(String options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HeadBits.class.getName(), "3"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();

    List<String> lines;
    try (InputStream out = process.getInputStream()) {
      lines = lines(out);
    }

    assertThat(process.waitFor()).as("exit code of %s", command).isZero();
    assertThat(lines).containsExactlyElementsOf(golden());
  }

  private static float[] forecast(ModelSpecification specification, float[] hidden, long origin) {
    Head head = ModelFile.read(Models.file(specification, 3)).member(0).head();
    HeadWorkspace workspace = head.newWorkspace();
    head.apply(hidden, 0, origin, workspace);
    return workspace.forecast();
  }

  private static float[] random(int size) {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = HeadTest.class.getResourceAsStream(GOLDEN)) {
      return lines(Objects.requireNonNull(in, GOLDEN));
    }
  }

  private static List<String> lines(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
  }
}
