package io.eddy.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Kubernetes resources, parsed strictly: a field that the resource's model does not have is an
 * error, as it is for an API server with strict validation.
 */
record Manifests(List<HasMetadata> resources) {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory().enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          // The models collect unknown fields, by a method with an annotation.
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              });

  private static final Map<String, Class<? extends HasMetadata>> MODELS =
      Map.ofEntries(
          Map.entry("v1/ConfigMap", ConfigMap.class),
          Map.entry("v1/Service", Service.class),
          Map.entry("v1/ServiceAccount", ServiceAccount.class),
          Map.entry("apps/v1/StatefulSet", StatefulSet.class),
          Map.entry("batch/v1/CronJob", CronJob.class),
          Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
          Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
          Map.entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
          Map.entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

  /** Parses one file or, recursively, the files of a folder except those of Kustomize itself. */
  static Manifests read(Path path) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".yaml") && !name.equals("kustomization.yaml")) {
          all.append("---\n").append(Files.readString(file)).append('\n');
        }
      }
    }
    return parse(all.toString());
  }

  /**
   * Parses resources.
   *
   * @throws IllegalArgumentException naming a kind or a field that does not exist
   */
  static Manifests parse(String yaml) throws IOException {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      return new Manifests(
          documents.readAll().stream()
              .filter(document -> document.isObject())
              .<HasMetadata>map(Manifests::resource)
              .toList());
    }
  }

  private static HasMetadata resource(JsonNode document) {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    Class<? extends HasMetadata> model = MODELS.get(kind);
    if (model == null) {
      throw new IllegalArgumentException("no such kind: " + kind);
    }
    return YAML.convertValue(withoutDeletions(document), model);
  }

  /** Removes the elements that a patch deletes. */
  private static JsonNode withoutDeletions(JsonNode node) {
    if (node instanceof ArrayNode elements) {
      elements.removeIf(element -> element.has("$patch"));
    }
    node.forEach(Manifests::withoutDeletions);
    return node;
  }

  <T> List<T> all(Class<T> model) {
    return resources.stream().filter(model::isInstance).map(model::cast).toList();
  }

  <T> T one(Class<T> model) {
    List<T> found = all(model);
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "expected one %s, got %d".formatted(model.getSimpleName(), found.size()));
    }
    return found.get(0);
  }
}
