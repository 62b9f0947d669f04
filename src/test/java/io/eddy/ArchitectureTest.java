package io.eddy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.eddy");

  /** Which packages a package may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("series", Set.of()),
          Map.entry("cell", Set.of()),
          Map.entry("model", Set.of("cell", "series")),
          Map.entry("forecast", Set.of("model", "cell", "series")),
          Map.entry("training", Set.of("model", "cell", "series")),
          Map.entry("evaluation", Set.of("forecast", "model", "series")),
          Map.entry("codec", Set.of("forecast", "model", "cell", "series")),
          Map.entry("stream", Set.of("codec", "forecast", "model", "series")),
          Map.entry("serving", Set.of("stream", "forecast")),
          Map.entry("embedded", Set.of()),
          Map.entry(
              "cli",
              Set.of(
                  "series",
                  "cell",
                  "model",
                  "forecast",
                  "training",
                  "evaluation",
                  "codec",
                  "stream",
                  "serving",
                  "embedded")));

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    Set<String> packages =
        CLASSES.stream()
            .map(type -> type.getPackageName().split("\\.", -1))
            .map(parts -> parts.length > 2 ? parts[2] : "(root)")
            .collect(Collectors.toSet());

    assertThat(packages).isNotEmpty().isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void packagesUseOnlyWhatTheyMay() {
    MAY_USE.forEach(
        (user, used) ->
            noClasses()
                .that()
                .resideInAPackage(in(user))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    MAY_USE.keySet().stream()
                        .filter(other -> !other.equals(user) && !used.contains(other))
                        .map(ArchitectureTest::in)
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.eddy.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void seriesNeedsTheJdkAlone() {
    needsNothingBut("series");
  }

  @Test
  void cellNeedsMatricesAlone() {
    needsNothingBut("cell", "org.ejml..", "jdk.incubator.vector..");
  }

  @Test
  void embeddedNeedsTheKafkaServerAlone() {
    // slf4j is what the server logs by.
    needsNothingBut("embedded", "kafka..", "org.apache.kafka..", "scala..", "org.slf4j..");
  }

  @Test
  void kafkaAndAvroStayAtTheEdge() {
    stayWithin(
        List.of("kafka..", "org.apache.kafka..", "org.apache.avro.."),
        List.of("codec", "stream", "serving", "embedded", "cli"));
  }

  @Test
  void matricesStayWithTheNumbers() {
    stayWithin(List.of("org.ejml.."), List.of("cell", "model", "training"));
    stayWithin(List.of("jdk.incubator.vector.."), List.of("cell"));
  }

  @Test
  void nothingIsSerializedByJava() {
    // Avro's generated classes are Externalizable, whether that is wanted or not.
    noClasses()
        .that()
        .resideOutsideOfPackage("io.eddy.codec.avro..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectOutputStream")
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() throws IOException {
    Set<Path> folders;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      folders =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .collect(Collectors.toSet());
    }

    assertThat(folders)
        .isNotEmpty()
        .allSatisfy(
            folder ->
                assertThat(folder.resolve("package-info.java"))
                    .content()
                    .startsWith("/**\n")
                    .containsPattern("(?m)^@NullMarked$"));
  }

  private static void needsNothingBut(String user, String... libraries) {
    classes()
        .that()
        .resideInAPackage(in(user))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            Stream.concat(Stream.of(in(user), "java..", "org.jspecify.."), Stream.of(libraries))
                .toArray(String[]::new))
        .check(CLASSES);
  }

  private static void stayWithin(List<String> libraries, List<String> users) {
    noClasses()
        .that()
        .resideOutsideOfPackages(users.stream().map(ArchitectureTest::in).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries.toArray(String[]::new))
        .check(CLASSES);
  }

  private static String in(String name) {
    return "io.eddy." + name + "..";
  }
}
