package io.eddy.deploy;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.cli.command.AclsCommand;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.topics.TopicNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Checks deploy/kubernetes against the models of the resources, and its parts against each other.
 */
class KubernetesManifestsTest {
  private static final Path FOLDER = Path.of("deploy/kubernetes");
  private static final Path BASE = FOLDER.resolve("base");
  private static final Path SETTINGS = BASE.resolve("eddy.properties");
  private static final Path ALERTS = Path.of("deploy/monitoring/eddy-alerts.yml");
  private static final Path RULE = FOLDER.resolve("components/monitoring/prometheus-rule.yaml");
  private static final Path USERS = FOLDER.resolve("components/strimzi/users.yaml");
  private static final int CLOSE_SECONDS = 20;

  /** Secrets that the README tells to create, or that Strimzi creates. */
  private static final Set<String> SECRETS =
      Set.of("eddy-http", "eddy-serve", "eddy-train", "my-cluster-cluster-ca-cert");

  private static StatefulSet forecaster() throws IOException {
    return Manifests.read(BASE).one(StatefulSet.class);
  }

  private static Container container() throws IOException {
    return forecaster().getSpec().getTemplate().getSpec().getContainers().get(0);
  }

  private static CronJob trainer() throws IOException {
    return Manifests.read(BASE).one(CronJob.class);
  }

  private static List<PodTemplateSpec> pods() throws IOException {
    return List.of(
        forecaster().getSpec().getTemplate(),
        trainer().getSpec().getJobTemplate().getSpec().getTemplate());
  }

  /** Returns the settings of a pod, as a container reads them. */
  private static EddyConfig settings(Path file, Map<String, String> variables) {
    return new SettingSources().file(file).environment(variables).load();
  }

  private static Map<String, String> variables(Container container) {
    Map<String, String> variables = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      variables.put(
          variable.getName(),
          variable.getValue() == null
              ? "a-secret-of-16-characters"
              : variable.getValue().replace("$(POD_NAME)", "eddy-0"));
    }
    return variables;
  }

  @Test
  void everyFieldExists() throws IOException {
    for (String folder : List.of("base", "components", "overlays")) {
      assertThat(Manifests.read(FOLDER.resolve(folder)).resources()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "overlays/production", "overlays/development"})
  void kustomizeBuildsConsistentResources(String folder) throws Exception {
    Manifests built =
        Manifests.parse(
            ExternalProgram.run("kubectl", "kustomize", FOLDER.resolve(folder).toString()));

    StatefulSet forecaster = built.one(StatefulSet.class);
    String settings =
        built.all(ConfigMap.class).stream()
            .filter(map -> map.getData().containsKey("eddy.properties"))
            .map(map -> map.getMetadata().getName())
            .findFirst()
            .orElseThrow();
    assertThat(settings).matches("eddy-[a-z0-9]{10}");
    for (PodTemplateSpec pod :
        List.of(
            forecaster.getSpec().getTemplate(),
            built.one(CronJob.class).getSpec().getJobTemplate().getSpec().getTemplate())) {
      assertThat(pod.getSpec().getVolumes())
          .map(Volume::getConfigMap)
          .filteredOn(Objects::nonNull)
          .map(ConfigMapVolumeSource::getName)
          .containsExactly(settings);
      assertThat(pod.getSpec().getContainers().get(0).getImage()).matches(".*eddy:.+");
    }
    assertThat(built.all(Service.class))
        .allSatisfy(
            service ->
                assertThat(forecaster.getSpec().getTemplate().getMetadata().getLabels().entrySet())
                    .containsAll(service.getSpec().getSelector().entrySet()));
    boolean isSecured = !folder.endsWith("development");
    assertThat(forecaster.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv())
        .extracting(EnvVar::getName)
        .contains("EDDY_KAFKA_GROUP_INSTANCE_ID", "EDDY_HTTP_ADVERTISED")
        .satisfies(
            names ->
                assertThat(names.contains("EDDY_KAFKA_SASL_JAAS_CONFIG")).isEqualTo(isSecured));
    assertThat(built.all(KafkaTopic.class)).hasSize(folder.endsWith("production") ? 7 : 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "base/statefulset.yaml | terminationGracePeriodSeconds | terminationGracePeriodSecond",
        "base/statefulset.yaml | readOnlyRootFilesystem | readonlyRootFilesystem",
        "base/trainer.yaml | concurrencyPolicy | concurrency",
        "base/network-policies.yaml | policyTypes | policyType",
        "base/pod-disruption-budget.yaml | maxUnavailable | maxUnavailble",
        "components/monitoring/service-monitor.yaml | endpoints | endpoint",
        "components/strimzi/topics.yaml | partitions: 12 | partition: 12",
        "components/strimzi/users.yaml | patternType | pattern",
        "base/services.yaml | kind: Service | kind: Servise",
      })
  void rejectsMisspeltField(String file, String field, String misspelt) throws IOException {
    String yaml = Files.readString(FOLDER.resolve(file));
    assertThat(Manifests.parse(yaml).resources()).isNotEmpty();
    assertThat(yaml).contains(field);

    assertThatThrownBy(() -> Manifests.parse(yaml.replace(field, misspelt)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(misspelt.replaceAll(":.*", "").replace("kind", "Servise"));
  }

  @Test
  void settingsAreValid() throws IOException {
    EddyConfig config = settings(SETTINGS, variables(container()));

    assertThat(config.client())
        .containsEntry("group.instance.id", "eddy-0")
        .containsEntry("application.server", "eddy-0.eddy-instances:8080")
        .containsKey("sasl.jaas.config");
    assertThat(settings(SETTINGS, variables(trainerContainer())).applicationId())
        .isEqualTo(config.applicationId());
    assertThat(settings(FOLDER.resolve("overlays/development/eddy.properties"), Map.of()))
        .isNotNull();
  }

  private static Container trainerContainer() throws IOException {
    return pods().get(1).getSpec().getContainers().get(0);
  }

  @Test
  void portsAgree() throws IOException {
    Manifests base = Manifests.read(BASE);
    int port = container().getPorts().get(0).getContainerPort();
    String name = container().getPorts().get(0).getName();

    assertThat(settings(SETTINGS, Map.of()).http().listen()).hasToString("0.0.0.0:" + port);
    assertThat(base.all(Service.class))
        .hasSize(2)
        .allSatisfy(
            service -> {
              assertThat(service.getSpec().getPorts()).hasSize(1);
              assertThat(service.getSpec().getPorts().get(0).getPort()).isEqualTo(port);
              assertThat(service.getSpec().getPorts().get(0).getTargetPort().getStrVal())
                  .isEqualTo(name);
            });
    assertThat(Files.readString(Path.of("deploy/Dockerfile")))
        .contains("EXPOSE " + port, "EDDY_HTTP_LISTEN=0.0.0.0:" + port);
  }

  @Test
  void probesAskTheHealthEndpoints() throws IOException {
    Container container = container();

    assertThat(path(container.getStartupProbe())).isEqualTo("/health/started");
    assertThat(path(container.getLivenessProbe())).isEqualTo("/health/live");
    assertThat(path(container.getReadinessProbe())).isEqualTo("/health/ready");
    assertThat(
            container.getStartupProbe().getPeriodSeconds()
                * container.getStartupProbe().getFailureThreshold())
        .as("seconds for the restoration of state")
        .isGreaterThanOrEqualTo(1800);
  }

  private static String path(Probe probe) {
    HTTPGetAction get = probe.getHttpGet();
    assertThat(get.getPort().getStrVal()).isEqualTo("http");
    return get.getPath();
  }

  @Test
  void gracePeriodCoversClose() throws IOException {
    PodSpec pod = forecaster().getSpec().getTemplate().getSpec();
    int preStop =
        Integer.parseInt(container().getLifecycle().getPreStop().getExec().getCommand().get(1));

    assertThat(pod.getTerminationGracePeriodSeconds())
        .isGreaterThanOrEqualTo(preStop + CLOSE_SECONDS + 10);
  }

  @Test
  void selectorsMatchLabels() throws IOException {
    Manifests base = Manifests.read(BASE);
    Map<String, String> labels = forecaster().getSpec().getTemplate().getMetadata().getLabels();
    Map<String, String> trainerLabels = pods().get(1).getMetadata().getLabels();

    assertSelects(forecaster().getSpec().getSelector().getMatchLabels(), labels, trainerLabels);
    assertThat(base.one(PodDisruptionBudget.class).getSpec().getSelector().getMatchLabels())
        .isEqualTo(forecaster().getSpec().getSelector().getMatchLabels());
    assertThat(base.all(Service.class))
        .allSatisfy(
            service -> assertSelects(service.getSpec().getSelector(), labels, trainerLabels));
    assertThat(base.all(NetworkPolicy.class))
        .extracting(policy -> policy.getSpec().getPodSelector().getMatchLabels())
        .containsExactlyInAnyOrder(labelsOf("forecaster"), labelsOf("trainer"));
    assertThat(forecaster().getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
        .isNotEmpty()
        .allSatisfy(
            spread ->
                assertThat(spread.getLabelSelector().getMatchLabels())
                    .isEqualTo(labelsOf("forecaster")));
    assertThat(base.all(Service.class))
        .extracting(service -> service.getMetadata().getName())
        .contains(forecaster().getSpec().getServiceName());
  }

  private static void assertSelects(
      Map<String, String> selector, Map<String, String> labels, Map<String, String> otherLabels) {
    assertThat(labels.entrySet()).containsAll(selector.entrySet());
    assertThat(otherLabels.entrySet().containsAll(selector.entrySet())).isFalse();
  }

  private static Map<String, String> labelsOf(String component) {
    return Map.of("app.kubernetes.io/name", "eddy", "app.kubernetes.io/component", component);
  }

  @Test
  void serviceMonitorSelectsOneService() throws IOException {
    ServiceMonitor monitor =
        Manifests.read(FOLDER.resolve("components/monitoring/service-monitor.yaml"))
            .one(ServiceMonitor.class);
    Map<String, String> wanted = new HashMap<>(monitor.getSpec().getSelector().getMatchLabels());
    // Kustomize adds this label to every resource.
    assertThat(wanted.remove("app.kubernetes.io/name")).isEqualTo("eddy");

    List<Service> selected =
        Manifests.read(BASE).all(Service.class).stream()
            .filter(
                service ->
                    service.getMetadata().getLabels().entrySet().containsAll(wanted.entrySet()))
            .toList();

    assertThat(selected).hasSize(1);
    assertThat(monitor.getSpec().getEndpoints())
        .singleElement()
        .satisfies(endpoint -> assertThat(endpoint.getPath()).isEqualTo("/metrics"))
        .satisfies(
            endpoint ->
                assertThat(endpoint.getPort())
                    .isEqualTo(selected.get(0).getSpec().getPorts().get(0).getName()));
  }

  @Test
  void podsHaveNoPrivileges() throws IOException {
    assertThat(pods())
        .allSatisfy(
            pod -> {
              PodSpec spec = pod.getSpec();
              assertThat(spec.getAutomountServiceAccountToken()).isFalse();
              assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
              assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(10001);
              assertThat(spec.getSecurityContext().getSeccompProfile().getType())
                  .isEqualTo("RuntimeDefault");
              assertThat(spec.getContainers())
                  .allSatisfy(
                      container -> {
                        var context = container.getSecurityContext();
                        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
                        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
                        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
                      });
            });
    assertThat(Files.readString(Path.of("deploy/Dockerfile"))).contains("USER 10001:10001");
  }

  @Test
  void mountsHaveVolumes() throws IOException {
    Set<String> claims =
        forecaster().getSpec().getVolumeClaimTemplates().stream()
            .map(claim -> claim.getMetadata().getName())
            .collect(Collectors.toSet());
    for (PodTemplateSpec pod : pods()) {
      Set<String> volumes =
          pod.getSpec().getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
      if (pod.getSpec().getContainers().get(0).getName().equals("eddy")) {
        volumes.addAll(claims);
      }
      assertThat(pod.getSpec().getContainers().get(0).getVolumeMounts())
          .extracting(VolumeMount::getName)
          .containsExactlyInAnyOrderElementsOf(volumes);
    }
    assertThat(container().getVolumeMounts())
        .filteredOn(mount -> mount.getName().equals("state"))
        .extracting(VolumeMount::getMountPath)
        .containsExactly(settings(SETTINGS, Map.of()).deployment().stateDir());
  }

  @Test
  void secretsAreDocumented() throws IOException {
    Set<String> referenced = new TreeSet<>();
    for (PodTemplateSpec pod : pods()) {
      pod.getSpec().getVolumes().stream()
          .map(Volume::getSecret)
          .filter(Objects::nonNull)
          .forEach(secret -> referenced.add(secret.getSecretName()));
      pod.getSpec().getContainers().get(0).getEnv().stream()
          .map(EnvVar::getValueFrom)
          .filter(source -> source != null && source.getSecretKeyRef() != null)
          .forEach(source -> referenced.add(source.getSecretKeyRef().getName()));
    }

    assertThat(referenced).isEqualTo(new TreeSet<>(SECRETS));
    assertThat(Files.readString(FOLDER.resolve("README.md"))).contains(referenced);
    assertThat(Manifests.read(USERS).all(KafkaUser.class))
        .extracting(user -> user.getMetadata().getName())
        .isSubsetOf(referenced);
  }

  /** The heap, RocksDB and 150 MiB for everything else fit into the container. */
  @Test
  void memoryFitsIntoLimit() throws IOException {
    long limit = Quantity.getAmountInBytes(limit(container())).longValueExact();
    long rocksDb =
        Objects.requireNonNull(settings(SETTINGS, Map.of()).deployment().rocksDb())
            .memory()
            .bytes();

    assertThat(Files.readString(Path.of("deploy/image/jvm-flags"))).contains("MaxRAMPercentage=50");
    assertThat(limit / 2 + rocksDb + (150L << 20)).isLessThanOrEqualTo(limit);
    assertThat(container().getResources().getRequests().get("memory"))
        .isEqualTo(limit(container()));
  }

  private static Quantity limit(Container container) {
    return container.getResources().getLimits().get("memory");
  }

  @Test
  void topicsAreThoseOfTopicsCreate() throws IOException {
    TopicNames names = settings(SETTINGS, Map.of()).stream().topics();
    List<KafkaTopic> topics =
        Manifests.read(FOLDER.resolve("components/strimzi/topics.yaml")).all(KafkaTopic.class);

    assertThat(topics)
        .extracting(topic -> topic.getMetadata().getName())
        .containsExactlyInAnyOrderElementsOf(names.all());
    int partitions = partitions(topics, names.events());
    assertThat(partitions(topics, names.forecasts())).isEqualTo(partitions);
    assertThat(Stream.of(names.models(), names.activations(), names.status()))
        .allSatisfy(
            name -> {
              assertThat(partitions(topics, name)).isOne();
              assertThat(config(topics, name)).containsEntry("cleanup.policy", "compact");
            });
    assertThat(Stream.of(names.forecasts(), names.scores(), names.deadLetters()))
        .allSatisfy(
            name ->
                assertThat(config(topics, name))
                    .containsEntry("message.timestamp.after.max.ms", "9223372036854775807")
                    .containsEntry("message.timestamp.before.max.ms", "9223372036854775807")
                    .containsEntry("retention.ms", -1));
  }

  private static KafkaTopic topic(List<KafkaTopic> topics, String name) {
    return topics.stream()
        .filter(topic -> topic.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static int partitions(List<KafkaTopic> topics, String name) {
    return topic(topics, name).getSpec().getPartitions();
  }

  private static Map<String, Object> config(List<KafkaTopic> topics, String name) {
    return topic(topics, name).getSpec().getConfig();
  }

  @Test
  void prometheusRuleHasTheAlerts() throws IOException {
    String alerts = Files.readString(ALERTS);
    String groups = alerts.substring(alerts.indexOf("groups:"));
    assertCurrent(
        RULE,
        """
        # The rules of deploy/monitoring/eddy-alerts.yml, for the Prometheus operator.
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata:
          name: eddy
        spec:
        """
            + groups.lines().map(line -> line.isEmpty() ? "" : "  " + line).collect(joining("\n"))
            + "\n");

    assertThat(Manifests.read(RULE).one(PrometheusRule.class).getSpec().getGroups())
        .isNotEmpty()
        .allSatisfy(group -> assertThat(group.getRules()).isNotEmpty());
  }

  private static void assertCurrent(Path file, String content) throws IOException {
    if (Boolean.getBoolean("eddy.update")) {
      Files.writeString(file, content);
    }
    assertThat(file)
        .as("run this test with -Deddy.update=true to rewrite %s", file)
        .content()
        .isEqualTo(content);
  }

  @Test
  void usersAreThoseOfEddyAcls() throws IOException {
    StringWriter expected = new StringWriter();
    int exitCode =
        new CommandLine(new AclsCommand())
            .setOut(new PrintWriter(expected))
            .execute(
                "--format=kafkauser",
                "--for=serve,train",
                "--cluster=my-cluster",
                "--config=" + SETTINGS);
    assertThat(exitCode).isZero();
    assertCurrent(USERS, expected.toString());
  }
}
