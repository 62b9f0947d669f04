package io.eddy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.eddy");

  @Test
  void packagesDependOnlyOnThoseBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("series")
        .definedBy("io.eddy.series..")
        .layer("cell")
        .definedBy("io.eddy.cell..")
        .layer("model")
        .definedBy("io.eddy.model..")
        .layer("forecast")
        .definedBy("io.eddy.forecast..")
        .layer("training")
        .definedBy("io.eddy.training..")
        .layer("evaluation")
        .definedBy("io.eddy.evaluation..")
        .layer("codec")
        .definedBy("io.eddy.codec..")
        .layer("stream")
        .definedBy("io.eddy.stream..")
        .layer("embedded")
        .definedBy("io.eddy.embedded..")
        .layer("cli")
        .definedBy("io.eddy.cli..")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("embedded")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("stream")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("codec")
        .mayOnlyBeAccessedByLayers("stream", "cli")
        .whereLayer("evaluation")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("training")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("forecast")
        .mayOnlyBeAccessedByLayers("evaluation", "codec", "stream", "cli")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("forecast", "training", "evaluation", "codec", "stream", "cli")
        .whereLayer("cell")
        .mayOnlyBeAccessedByLayers("model", "forecast", "training", "codec", "cli")
        .check(CLASSES);
  }

  @Test
  void seriesAndCellStandAlone() {
    noClasses()
        .that()
        .resideInAnyPackage("io.eddy.series..", "io.eddy.cell..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.eddy.model..", "io.eddy.forecast..", "io.eddy.codec..", "io.eddy.stream..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.eddy.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void kafkaAndAvroStayAtTheEdge() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.eddy.series..",
            "io.eddy.cell..",
            "io.eddy.model..",
            "io.eddy.forecast..",
            "io.eddy.training..",
            "io.eddy.evaluation..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "kafka..")
        .check(CLASSES);
  }

  @Test
  void matricesStayWithTheNumbers() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.eddy.cell..", "io.eddy.model..", "io.eddy.training..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.ejml..")
        .check(CLASSES);
  }

  @Test
  void nothingIsSerializedByJava() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.eddy.codec.avro..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() throws IOException {
    Path sources = Path.of("src/main/java/io/eddy");
    List<Path> packages;
    try (Stream<Path> paths = Files.list(sources)) {
      packages = paths.filter(Files::isDirectory).toList();
    }

    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(
            folder ->
                assertThat(folder.resolve("package-info.java"))
                    .content()
                    .startsWith("/**")
                    .contains("@NullMarked"));
  }
}
