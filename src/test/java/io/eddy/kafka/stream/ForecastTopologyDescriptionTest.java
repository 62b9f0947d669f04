package io.eddy.kafka.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.admission.EventLimits;
import io.eddy.admission.LatenessPolicy;
import io.eddy.admission.SeriesLimits;
import io.eddy.forecast.alert.AlertRules;
import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.kafka.config.ModelPolicies;
import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.config.StreamSettings;
import io.eddy.kafka.config.StreamSettingsBuilder;
import io.eddy.kafka.event.EventEncoding;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.EventTime;
import io.eddy.kafka.event.NullValues;
import io.eddy.kafka.event.SeriesKey;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.series.Duplicates;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The names of operators, stores and topics: changing one orphans the state of running instances.
 */
class ForecastTopologyDescriptionTest {
  private static final String GLOBAL_STORES =
      """
      Topologies:
         Sub-topology: 0 for global store (will not generate tasks)
          Source: models-source (topics: [models])
            --> models-keeper
          Processor: models-keeper (stores: [models])
            --> none
            <-- models-source
        Sub-topology: 1 for global store (will not generate tasks)
          Source: activations-source (topics: [activations])
            --> activations-keeper
          Processor: activations-keeper (stores: [activations])
            --> none
            <-- activations-source
      """;

  @Test
  void eventsUnderTheirSeriesName() {
    assertThat(describe(StreamSettingsBuilder.settings("m").build()))
        .isEqualTo(
            GLOBAL_STORES
                + """
                  Sub-topology: 2
                    Source: events (topics: [sensor-events])
                      --> forecaster
                    Processor: forecaster (stores: [series-window, series-shadow, series-state])
                      --> dead-letters, forecasts, scores
                      <-- events
                    Sink: dead-letters (topic: dead-letters)
                      <-- forecaster
                    Sink: forecasts (topic: forecasts)
                      <-- forecaster
                    Sink: scores (topic: forecast-scores)
                      <-- forecaster

                """);
  }

  @Test
  void keyedEventsWithRevisions() {
    StreamSettings settings =
        StreamSettingsBuilder.settings("m")
            .events(
                new EventMapping(
                    EventEncoding.of(EventFormat.JSON),
                    new SeriesKey(List.of("device"), "/"),
                    EventTime.DEFAULT,
                    List.of(EventMapping.VALUE),
                    List.of()))
            .topics(TopicNames.DEFAULT.withKeyedEvents("keyed-events"))
            .policies(
                new StreamPolicies(
                    new LatenessPolicy(Duration.ZERO, 64, false, 24, Duplicates.FIRST),
                    EventLimits.NONE,
                    SeriesLimits.DEFAULT,
                    NullValues.DEAD_LETTER,
                    ModelPolicies.DEFAULT,
                    AnomalyPolicy.OFF,
                    AlertRules.NONE))
            .build();

    assertThat(describe(settings))
        .isEqualTo(
            GLOBAL_STORES
                + """
                  Sub-topology: 2
                    Source: events (topics: [sensor-events])
                      --> keyer
                    Processor: keyer (stores: [])
                      --> keyed-events-sink, keyer-dead-letters
                      <-- events
                    Sink: keyed-events-sink (topic: keyed-events)
                      <-- keyer
                    Sink: keyer-dead-letters (topic: dead-letters)
                      <-- keyer

                  Sub-topology: 3
                    Source: keyed-events (topics: [keyed-events])
                      --> forecaster
                    Processor: forecaster (stores: [series-window, series-undo, series-shadow, series-state])
                      --> dead-letters, forecasts, scores
                      <-- keyed-events
                    Sink: dead-letters (topic: dead-letters)
                      <-- forecaster
                    Sink: forecasts (topic: forecasts)
                      <-- forecaster
                    Sink: scores (topic: forecast-scores)
                      <-- forecaster

                """);
  }

  private static String describe(StreamSettings settings) {
    return ForecastTopology.build(settings).describe().toString();
  }
}
