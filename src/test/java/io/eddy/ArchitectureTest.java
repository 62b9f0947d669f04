package io.eddy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  /** Packages of generated classes: Avro's records, and the messages of the ONNX format. */
  private static final List<String> GENERATED = List.of("io.eddy.codec.avro", "io.eddy.model.onnx");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.eddy");

  /** The packages that each package may use, in the order of the layers. */
  private static final Map<String, Set<String>> MAY_USE =
      layers(
          rule("series.store"),
          rule("series.time"),
          rule("series", "series.store", "series.time"),
          rule("admission", "series.store", "series"),
          rule("nn.kernel"),
          rule("nn", "nn.kernel"),
          rule("model", "series", "nn"),
          rule("model.io", "series", "series.time", "nn", "model"),
          rule("forecast", "series", "model"),
          rule("forecast.score", "series.store", "forecast"),
          rule("forecast.combination", "series", "model", "forecast"),
          rule("forecast.calibration", "series.store", "model", "forecast"),
          rule("forecast.anomaly", "model"),
          rule(
              "forecast.step",
              "series.store",
              "series",
              "admission",
              "nn",
              "model",
              "forecast",
              "forecast.anomaly",
              "forecast.score",
              "forecast.calibration",
              "forecast.combination"),
          rule("forecast.alert", "series.store", "series", "model", "forecast"),
          rule("rollout", "series", "model", "forecast"),
          rule(
              "engine",
              "series.store",
              "series",
              "admission",
              "model",
              "forecast",
              "forecast.alert",
              "forecast.anomaly",
              "forecast.score",
              "forecast.step",
              "rollout"),
          rule("dataset", "series.time", "series"),
          rule("dataset.synthetic", "series", "dataset"),
          rule("dataset.csv", "series", "series.time", "dataset"),
          rule("training.season", "series"),
          rule("training", "series.store", "series", "nn", "model", "model.io", "training.season"),
          rule("training.choice", "series", "model", "training", "training.season"),
          rule(
              "evaluation.combination",
              "series.store",
              "series",
              "model",
              "model.io",
              "forecast",
              "forecast.combination",
              "forecast.step"),
          rule(
              "evaluation",
              "series.store",
              "series",
              "admission",
              "model",
              "model.io",
              "forecast",
              "forecast.step",
              "engine",
              "dataset",
              "training",
              "training.choice",
              "evaluation.combination"),
          rule("kafka.schema", "series"),
          rule("kafka.topics", "rollout"),
          rule(
              "kafka.event",
              "series.time",
              "series",
              "admission",
              "dataset",
              "kafka.schema",
              "kafka.topics"),
          rule(
              "kafka.record",
              "series",
              "model",
              "forecast",
              "forecast.anomaly",
              "forecast.alert",
              "rollout",
              "kafka.schema"),
          rule("kafka.rocksdb"),
          rule(
              "kafka.config",
              "series.time",
              "series",
              "admission",
              "model",
              "forecast.alert",
              "forecast.anomaly",
              "rollout",
              "kafka.schema",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.rocksdb"),
          rule(
              "kafka.check",
              "series.time",
              "series",
              "admission",
              "kafka.schema",
              "kafka.event",
              "kafka.record",
              "kafka.config"),
          rule(
              "kafka.history",
              "series",
              "admission",
              "dataset",
              "kafka.topics",
              "kafka.event",
              "kafka.config"),
          rule(
              "kafka.simulation",
              "series",
              "admission",
              "dataset",
              "dataset.synthetic",
              "kafka.topics",
              "kafka.event"),
          rule(
              "kafka.state",
              "series.store",
              "series",
              "admission",
              "model",
              "forecast",
              "forecast.alert",
              "forecast.score",
              "forecast.calibration",
              "forecast.combination",
              "forecast.step",
              "engine",
              "kafka.record"),
          rule(
              "kafka.registry",
              "series",
              "model",
              "model.io",
              "rollout",
              "kafka.topics",
              "kafka.record",
              "kafka.config"),
          rule(
              "kafka.stream",
              "series",
              "admission",
              "model",
              "forecast",
              "forecast.alert",
              "forecast.anomaly",
              "forecast.step",
              "rollout",
              "engine",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.config",
              "kafka.state",
              "kafka.registry"),
          rule(
              "kafka.promotion",
              "series",
              "model",
              "forecast",
              "rollout",
              "kafka.topics",
              "kafka.record",
              "kafka.config",
              "kafka.registry"),
          rule(
              "kafka.status",
              "admission",
              "series",
              "model",
              "forecast",
              "rollout",
              "kafka.topics",
              "kafka.record",
              "kafka.state",
              "kafka.registry",
              "kafka.stream"),
          rule(
              "kafka.query",
              "series",
              "forecast",
              "forecast.step",
              "rollout",
              "kafka.schema",
              "kafka.topics",
              "kafka.record",
              "kafka.config",
              "kafka.state",
              "kafka.stream"),
          rule(
              "kafka.activity",
              "admission",
              "model",
              "forecast",
              "forecast.step",
              "rollout",
              "kafka.record",
              "kafka.registry",
              "kafka.stream"),
          rule("kafka.supervision", "kafka.schema", "kafka.topics", "kafka.state"),
          rule(
              "kafka.reset",
              "kafka.topics",
              "kafka.event",
              "kafka.config",
              "kafka.state",
              "kafka.stream",
              "kafka.promotion"),
          rule(
              "kafka.preview",
              "series.store",
              "series",
              "admission",
              "model",
              "model.io",
              "forecast",
              "forecast.step",
              "rollout",
              "engine",
              "kafka.topics",
              "kafka.event",
              "kafka.config",
              "kafka.history",
              "kafka.registry"),
          rule(
              "kafka.verify",
              "series.store",
              "series",
              "admission",
              "model",
              "forecast",
              "forecast.alert",
              "forecast.anomaly",
              "forecast.step",
              "rollout",
              "engine",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.config",
              "kafka.registry"),
          rule(
              "kafka.rebuild",
              "series.store",
              "admission",
              "kafka.topics",
              "kafka.config",
              "kafka.state",
              "kafka.stream",
              "kafka.verify"),
          rule(
              "kafka.access",
              "kafka.topics",
              "kafka.config",
              "kafka.registry",
              "kafka.stream",
              "kafka.promotion"),
          rule(
              "kafka",
              "model",
              "rollout",
              "kafka.schema",
              "kafka.topics",
              "kafka.record",
              "kafka.rocksdb",
              "kafka.config",
              "kafka.state",
              "kafka.registry",
              "kafka.stream",
              "kafka.promotion",
              "kafka.status",
              "kafka.activity",
              "kafka.supervision",
              "kafka.reset",
              "kafka.access"),
          rule("serving.http", "kafka.config"),
          rule("serving.page", "serving.http"),
          rule(
              "serving.api",
              "series",
              "admission",
              "model",
              "forecast",
              "forecast.step",
              "rollout",
              "kafka.topics",
              "kafka.record",
              "kafka.config",
              "kafka.state",
              "kafka.registry",
              "kafka.stream",
              "kafka.status",
              "kafka.query",
              "kafka",
              "serving.http"),
          rule(
              "serving.metrics",
              "admission",
              "model",
              "forecast",
              "forecast.anomaly",
              "forecast.step",
              "rollout",
              "kafka.topics",
              "kafka.record",
              "kafka.config",
              "kafka.registry",
              "kafka.stream",
              "kafka.promotion",
              "kafka",
              "serving.http"),
          rule(
              "serving",
              "kafka.config",
              "kafka",
              "serving.http",
              "serving.page",
              "serving.metrics",
              "serving.api"),
          rule("embedded"),
          rule("cli.terminal", "training", "kafka.config"),
          rule(
              "cli.option",
              "series.time",
              "series",
              "nn",
              "model",
              "model.io",
              "forecast.alert",
              "rollout",
              "dataset",
              "dataset.csv",
              "training",
              "kafka.event",
              "kafka.config",
              "cli.terminal"),
          rule(
              "cli.report",
              "series.time",
              "series",
              "admission",
              "nn",
              "model",
              "forecast",
              "forecast.alert",
              "forecast.anomaly",
              "rollout",
              "dataset",
              "dataset.csv",
              "training",
              "training.choice",
              "evaluation",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.config",
              "kafka.check",
              "kafka.history",
              "kafka.reset",
              "kafka.registry",
              "kafka.promotion",
              "kafka.status",
              "kafka.preview",
              "kafka.verify",
              "kafka.access",
              "cli.terminal",
              "cli.option"),
          rule(
              "cli.plot",
              "series",
              "model",
              "forecast",
              "forecast.anomaly",
              "dataset",
              "training",
              "cli.terminal"),
          rule(
              "cli.command",
              "series.store",
              "series.time",
              "series",
              "admission",
              "model",
              "model.io",
              "forecast",
              "forecast.alert",
              "forecast.anomaly",
              "forecast.step",
              "rollout",
              "engine",
              "dataset",
              "dataset.csv",
              "dataset.synthetic",
              "training",
              "evaluation",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.config",
              "kafka.check",
              "kafka.history",
              "kafka.simulation",
              "kafka.reset",
              "kafka.registry",
              "kafka.promotion",
              "kafka.status",
              "kafka.preview",
              "kafka.rebuild",
              "kafka.verify",
              "kafka.access",
              "kafka",
              "serving",
              "cli.terminal",
              "cli.option",
              "cli.report",
              "cli.plot"),
          rule(
              "cli",
              "series",
              "model",
              "kafka.config",
              "cli.terminal",
              "cli.option",
              "cli.command"),
          rule(
              "demo",
              "series",
              "nn",
              "model",
              "forecast",
              "rollout",
              "dataset",
              "dataset.csv",
              "dataset.synthetic",
              "training",
              "evaluation",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.rocksdb",
              "kafka.config",
              "kafka.registry",
              "kafka",
              "serving",
              "serving.http",
              "embedded",
              "cli",
              "cli.terminal",
              "cli.option",
              "cli.report"),
          rule("bench.anomalies", "series", "forecast.anomaly"),
          rule(
              "bench.accuracy",
              "series.time",
              "series",
              "nn",
              "model",
              "model.io",
              "forecast",
              "dataset",
              "dataset.csv",
              "training",
              "evaluation",
              "evaluation.combination",
              "cli.terminal"),
          rule(
              "bench.stream",
              "series",
              "model",
              "rollout",
              "kafka.topics",
              "kafka.event",
              "kafka.rocksdb",
              "kafka.config",
              "kafka.registry",
              "kafka.stream",
              "kafka",
              "cli",
              "cli.terminal"),
          rule(
              "bench",
              "series",
              "nn",
              "model",
              "model.io",
              "forecast",
              "rollout",
              "training",
              "evaluation",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.rocksdb",
              "kafka.config",
              "kafka.registry",
              "kafka.stream",
              "kafka",
              "serving",
              "embedded",
              "cli",
              "cli.terminal",
              "cli.option",
              "cli.report",
              "bench.anomalies",
              "bench.accuracy",
              "bench.stream"),
          rule(
              "bench.campaign",
              "series",
              "nn",
              "model",
              "forecast",
              "rollout",
              "kafka.topics",
              "kafka.event",
              "kafka.record",
              "kafka.config",
              "kafka.registry",
              "embedded",
              "cli",
              "cli.terminal",
              "cli.option",
              "bench"));

  private record Rule(String user, Set<String> used) {}

  private static Rule rule(String user, String... used) {
    return new Rule(user, Set.of(used));
  }

  private static Map<String, Set<String>> layers(Rule... rules) {
    Map<String, Set<String>> layers = new LinkedHashMap<>();
    for (Rule rule : rules) {
      layers.put(rule.user(), rule.used());
    }
    return layers;
  }

  @Test
  void everyPackageIsListed() {
    Set<String> packages =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> GENERATED.stream().noneMatch(name::startsWith))
            .filter(name -> !name.endsWith(".jmh_generated"))
            .map(name -> name.substring("io.eddy.".length()))
            .collect(Collectors.toSet());

    assertThat(MAY_USE.keySet()).containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void packagesUseOnlyWhatTheyMay() {
    MAY_USE.forEach(
        (user, used) ->
            noClasses()
                .that()
                .resideInAPackage("io.eddy." + user)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    MAY_USE.keySet().stream()
                        .filter(other -> !other.equals(user) && !used.contains(other))
                        .map(other -> "io.eddy." + other)
                        .toArray(String[]::new))
                .check(CLASSES));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.eddy.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void seriesNeedsOnlyTheJdk() {
    needsNothingBut("series");
  }

  @Test
  void networksNeedOnlyMatrices() {
    needsNothingBut("nn", "org.ejml..", "jdk.incubator.vector..");
  }

  @Test
  void embeddedNeedsOnlyTheKafkaServer() {
    // slf4j is what the server logs by.
    needsNothingBut("embedded", "kafka..", "org.apache.kafka..", "scala..", "org.slf4j..");
  }

  @Test
  void kafkaAndAvroStayAtTheEdge() {
    stayWithin(
        List.of("kafka..", "org.apache.kafka..", "org.apache.avro.."),
        List.of("codec.avro", "kafka", "serving", "embedded", "demo", "bench", "cli"));
  }

  @Test
  void matricesStayWithTheNumbers() {
    stayWithin(List.of("org.ejml.."), List.of("nn", "model", "training"));
    stayWithin(List.of("jdk.incubator.vector.."), List.of("nn.kernel"));
  }

  @Test
  void databasesStayWithTheirOptions() {
    stayWithin(List.of("org.rocksdb.."), List.of("kafka.rocksdb"));
  }

  @Test
  void nothingIsSerializedByJava() {
    // Generated classes implement Externalizable or Serializable.
    noClasses()
        .that()
        .resideOutsideOfPackages(GENERATED.stream().map(name -> name + "..").toArray(String[]::new))
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
                    .startsWith("/**")
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
