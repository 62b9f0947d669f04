package io.eddy.kafka.config;

import io.eddy.forecast.anomaly.AnomalyPolicy;
import io.eddy.forecast.anomaly.AnomalyPolicy.Output;
import io.eddy.forecast.anomaly.AnomalySettings;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of the anomalies. */
final class AnomalyPolicySettings {
  private static final String ANOMALIES = "anomalies";
  private static final String EXPECTED_FALSE_ALARMS = "anomalies.expected-false-alarms";
  private static final String GROUP = "Anomalies";

  private AnomalyPolicySettings() {}

  static void define(ConfigDef definition) {
    definition
        .define(
            ANOMALIES,
            ConfigDef.Type.STRING,
            Output.OFF.id(),
            Validators.oneOf(Stream.of(Output.values()).map(Output::id)),
            Importance.HIGH,
            "Which anomalies are published to topic.anomalies. `off`: none, and none are detected."
                + " `episodes`: the begin and the end of each episode of anomalous steps. `all`: also"
                + " the score of each step. Each series then keeps 1 to 3 KB more state.",
            GROUP,
            1,
            Width.SHORT,
            "Anomalies")
        .define(
            EXPECTED_FALSE_ALARMS,
            ConfigDef.Type.DOUBLE,
            AnomalySettings.DEFAULT_EXPECTED_FALSE_ALARMS,
            Validators.positiveNumber(),
            Importance.MEDIUM,
            "Number of episodes per series and 30 days that undisturbed data may cause. Each series"
                + " learns its threshold from it.",
            GROUP,
            2,
            Width.SHORT,
            "Expected false alarms");
  }

  static AnomalyPolicy policy(SettingValues values) {
    return new AnomalyPolicy(
        Output.of(values.text(ANOMALIES)),
        values.number(EXPECTED_FALSE_ALARMS, AnomalySettings.DEFAULT_EXPECTED_FALSE_ALARMS));
  }
}
