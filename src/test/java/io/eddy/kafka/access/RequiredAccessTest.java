package io.eddy.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.stream.ForecastTopology;
import java.util.List;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

/** Permissions as functions of the settings. */
class RequiredAccessTest {
  @Test
  void namesFollowFromSettings() {
    assertThat(
            serve("application.id=plant", "topic.events=plant-readings", "topic.forecasts=f.out"))
        .containsExactly(
            "Read, DescribeConfigs on topic plant-readings",
            "Write, DescribeConfigs on topic dead-letters",
            "Write, DescribeConfigs on topic model-status",
            "Read, Write, DescribeConfigs on topic f.out",
            "Read, Write, DescribeConfigs on topic forecast-scores",
            "Read, DescribeConfigs on topic models",
            "Read, Write, DescribeConfigs on topic activations",
            "Write on transactional-id eddy-registry-activations",
            "Read, Write, Create on topic plant-series-*",
            "Read on group plant",
            "Read on group plant-promotion",
            "Write on transactional-id plant-*");
  }

  @Test
  void keyedEventsAreReadAndWritten() {
    assertThat(serve("events.key=meter", "topic.keyed-events=by-meter"))
        .contains("Read, Write, DescribeConfigs on topic by-meter");
    assertThat(of(AccessRole.VERIFY, "events.key=meter", "topic.keyed-events=by-meter"))
        .contains("Read on topic by-meter")
        .doesNotContain("Read on topic sensor-events");
  }

  @Test
  void atLeastOnceNeedsNoTransactionsOfItsOwn() {
    assertThat(serve("application.id=plant", "kafka.processing.guarantee=at_least_once"))
        .contains("Write on transactional-id eddy-registry-activations")
        .doesNotContain("Write on transactional-id plant-*");
  }

  @Test
  void omitsWhatPrefixCovers() {
    assertThat(serve("topic.forecasts=eddy-series-out"))
        .contains("DescribeConfigs on topic eddy-series-out", "Write on transactional-id eddy-*")
        .doesNotContain("Write on transactional-id eddy-registry-activations");
  }

  @Test
  void prefixCoversEveryChangelog() {
    StreamSettings stream = config("events.late-policy=revise", "events.key=meter").stream();
    List<String> topics =
        ForecastTopology.build(stream).describe().subtopologies().stream()
            .flatMap(subtopology -> subtopology.nodes().stream())
            .filter(TopologyDescription.Processor.class::isInstance)
            .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream())
            .map(store -> "eddy-" + store + "-changelog")
            .toList();

    assertThat(topics)
        .hasSize(4)
        .hasSameElementsAs(ForecastTopology.changelogTopics("eddy"))
        .allSatisfy(
            topic -> assertThat(topic).startsWith("eddy-" + ForecastTopology.SERIES_STORES));
  }

  @Test
  void rolesOfOnePrincipalAreMerged() {
    assertThat(permissions(config(), AccessRole.VERIFY, AccessRole.FEED))
        .contains("Read, Write on topic sensor-events", "Describe on group eddy")
        .doesNotHaveDuplicates();
    assertThat(of(AccessRole.SERVE)).doesNotContain("Describe on group eddy");
  }

  private static List<String> serve(String... settings) {
    return of(AccessRole.SERVE, settings);
  }

  private static List<String> of(AccessRole role, String... settings) {
    return permissions(config(settings), role);
  }

  private static List<String> permissions(EddyConfig config, AccessRole... roles) {
    return RequiredAccess.of(config.stream().topics(), config.deployment(), List.of(roles)).stream()
        .map(Permission::toString)
        .toList();
  }

  private static EddyConfig config(String... settings) {
    return new SettingSources().assignments(List.of(settings)).load();
  }
}
