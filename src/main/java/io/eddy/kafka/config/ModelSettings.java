package io.eddy.kafka.config;

import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.SigningKeys;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Settings of model versions, state migration and automatic rollback. */
final class ModelSettings {
  private static final String MODEL = "model";
  private static final String MAX_BYTES = "models.max-bytes";
  private static final String TRUSTED_KEYS = "models.trusted-keys";
  private static final String STEPS_PER_EVENT = "migration.steps-per-event";
  private static final String NON_FINITE = "rollback.non-finite";
  private static final String MAX_ERROR = "rollback.max-error-above-naive";
  private static final String WINDOW = "rollback.window";

  private static final String UNLIMITED = "unlimited";
  private static final int MAX_WINDOW = 1_000_000;

  private ModelSettings() {}

  static void define(ConfigDef definition) {
    defineModels(definition, "Models");
    defineRollback(definition, "Automatic rollback");
  }

  private static void defineModels(ConfigDef definition, String group) {
    definition
        .define(
            MODEL,
            ConfigDef.Type.STRING,
            "sensors",
            null,
            Importance.HIGH,
            "Name of the model that serves. Its versions are published and activated under this"
                + " name.",
            group,
            1,
            Width.MEDIUM,
            "Model")
        .define(
            MAX_BYTES,
            ConfigDef.Type.LONG,
            Manifest.MAX_SIZE,
            Validators.range(1, Manifest.MAX_SIZE),
            Importance.LOW,
            "Maximum size of a model file, in bytes. Larger versions are rejected.",
            group,
            2,
            Width.SHORT,
            "Maximum size")
        .define(
            TRUSTED_KEYS,
            ConfigDef.Type.LIST,
            "",
            Validators.list(
                "Ed25519 public keys in Base64, separated by commas", ModelSettings::areKeys),
            Importance.MEDIUM,
            "Public keys of the publishers. If set, only versions that were published with --sign"
                + " by one of the private keys are loaded. `eddy models keygen` generates a key"
                + " pair.",
            group,
            3,
            Width.LONG,
            "Trusted keys")
        .define(
            STEPS_PER_EVENT,
            ConfigDef.Type.STRING,
            UNLIMITED,
            Validators.rangeOr(1, MigrationThrottle.MAX_STEPS_PER_EVENT, UNLIMITED),
            Importance.MEDIUM,
            "Migration throttle: the number of model steps that each event adds to the budget of"
                + " state migrations. A migration to an activated version costs the W steps of the"
                + " model's context. With 2, a series migrates after W / 2 of its own events on"
                + " average, and fewer than one event in a hundred pays for a migration. Up to"
                + " 16,384 events' worth is saved, so that few series migrate at once. Rollbacks"
                + " and activations from an event time on are not throttled. `unlimited`: every"
                + " series migrates at its next event.",
            group,
            4,
            Width.SHORT,
            "Migration steps per event");
  }

  private static void defineRollback(ConfigDef definition, String group) {
    definition
        .define(
            NON_FINITE,
            ConfigDef.Type.BOOLEAN,
            true,
            null,
            Importance.MEDIUM,
            "Whether a forecast that is not finite triggers a rollback to the last good version."
                + " Such a forecast is never published, whatever the value.",
            group,
            1,
            Width.SHORT,
            "Non-finite forecasts")
        .define(
            MAX_ERROR,
            ConfigDef.Type.STRING,
            "100%",
            Validators.percentageOrOff(),
            Importance.MEDIUM,
            "Triggers a rollback if the serving version's error over rollback.window forecasts"
                + " exceeds the error of seasonal naive by more than this percentage.",
            group,
            2,
            Width.SHORT,
            "Error above naive")
        .define(
            WINDOW,
            ConfigDef.Type.INT,
            RollbackRules.DEFAULT.forecasts(),
            Validators.range(1, MAX_WINDOW),
            Importance.LOW,
            "Number of scored forecasts over which that error is measured.",
            group,
            3,
            Width.SHORT,
            "Window");
  }

  private static boolean areKeys(List<String> keys) {
    try {
      keys.forEach(SigningKeys::publicKey);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static String model(SettingValues values) {
    return values.text(MODEL);
  }

  static ModelPolicies policies(SettingValues values) {
    String steps = values.text(STEPS_PER_EVENT);
    return new ModelPolicies(
        new ModelLimits(
            values.longInteger(MAX_BYTES),
            values.list(TRUSTED_KEYS).stream().map(SigningKeys::publicKey).toList()),
        steps.equals(UNLIMITED)
            ? MigrationThrottle.UNLIMITED
            : new MigrationThrottle(Integer.parseInt(steps)));
  }

  static RollbackRules rollback(SettingValues values) {
    String error = values.text(MAX_ERROR);
    return new RollbackRules(
        values.isTrue(NON_FINITE),
        error.equals(Validators.OFF) ? null : SettingValues.ratio(error),
        values.integer(WINDOW));
  }
}
