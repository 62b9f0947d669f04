package io.eddy.kafka.config;

import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.schema.SchemaRegistrySettings;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.rollout.Manifest;
import io.eddy.rollout.MigrationThrottle;
import io.eddy.rollout.ModelLimits;
import io.eddy.rollout.RollbackRules;
import io.eddy.rollout.SigningKeys;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration, from a properties file and the options that override it.
 *
 * @param applicationId of the consumer group, and of state and progress
 * @param stateDir folder of the local state
 * @param threads stream threads
 * @param stream what the topology needs
 * @param rollback when what serves is taken back without being asked
 * @param client settings of Kafka's clients: {@code bootstrap.servers} and every {@code kafka.*}
 */
public record EddySettings(
    String applicationId,
    String stateDir,
    int threads,
    StreamSettings stream,
    RollbackRules rollback,
    Map<String, Object> client) {

  private static final String KAFKA = "kafka.";
  private static final String GUARANTEE = "processing.guarantee";
  private static final String EXACTLY_ONCE = "exactly_once_v2";
  private static final String AT_LEAST_ONCE = "at_least_once";

  /** Every key there is, beside {@code kafka.*}. */
  public static final List<String> KEYS =
      keys(
          "bootstrap.servers",
          "application.id",
          "state.dir",
          "threads",
          "model",
          "models.max-bytes",
          "models.trusted-keys",
          "rollback.non-finite",
          "rollback.worse-than-naive",
          "rollback.over",
          "moves.steps-per-event",
          "topic.events",
          "topic.forecasts",
          "topic.scores",
          "topic.models",
          "topic.activations",
          "topic.dead-letters",
          "topic.status",
          "topic.keyed-events");

  private static List<String> keys(String... own) {
    return Stream.of(List.of(own), EventSettings.KEYS, PolicySettings.KEYS, SchemaRegistryKeys.KEYS)
        .flatMap(List::stream)
        .toList();
  }

  /** Reads a file, or takes the defaults where there is none. */
  public static EddySettings read(@Nullable Path file, @Nullable String bootstrapServers) {
    Properties properties = new Properties();
    if (file != null) {
      try (Reader reader = Files.newBufferedReader(file)) {
        properties.load(reader);
      } catch (NoSuchFileException e) {
        throw new UsageException(file + ": no such file");
      } catch (IOException | IllegalArgumentException e) {
        throw new UsageException(file + " cannot be read: " + e.getMessage());
      }
    }
    if (bootstrapServers != null) {
      properties.setProperty("bootstrap.servers", bootstrapServers);
    }
    return of(properties, file);
  }

  private static EddySettings of(Properties properties, @Nullable Path file) {
    String where = file == null ? "" : file + ": ";
    Map<String, Object> client = new HashMap<>();
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (key.startsWith(KAFKA)) {
        client.put(key.substring(KAFKA.length()), properties.getProperty(key));
      } else if (!KEYS.contains(key)) {
        throw new UsageException(
            "%s%s is no setting; there are %s and kafka.*"
                .formatted(where, key, String.join(", ", KEYS)));
      }
    }
    checkGuarantee(client, where);
    client.put("bootstrap.servers", properties.getProperty("bootstrap.servers", "localhost:9092"));
    String applicationId = properties.getProperty("application.id", "eddy");
    SchemaRegistryKeys schemas = new SchemaRegistryKeys(properties, where);
    SchemaRegistrySettings registry = schemas.registry();
    EventMapping events = new EventSettings(properties, file).mapping(registry);
    return new EddySettings(
        applicationId,
        properties.getProperty(
            "state.dir", Path.of(System.getProperty("java.io.tmpdir"), "eddy-state").toString()),
        threads(properties, where),
        new StreamSettings(
            properties.getProperty("model", "sensors"),
            events,
            topics(properties, where, events),
            new PolicySettings(properties, where)
                .read(
                    events, new ModelPolicies(limits(properties, where), moves(properties, where))),
            schemas.output(registry)),
        rollback(properties, where),
        client);
  }

  private static TopicNames topics(Properties properties, String where, EventMapping events) {
    TopicNames names = TopicNames.DEFAULT;
    try {
      TopicNames named =
          new TopicNames(
              properties.getProperty("topic.events", names.events()),
              properties.getProperty("topic.forecasts", names.forecasts()),
              properties.getProperty("topic.scores", names.scores()),
              properties.getProperty("topic.models", names.models()),
              properties.getProperty("topic.activations", names.activations()),
              properties.getProperty("topic.dead-letters", names.deadLetters()),
              properties.getProperty("topic.status", names.status()));
      return events.key().isRecordKey()
          ? named
          : named.withKeyedEvents(properties.getProperty("topic.keyed-events", "keyed-events"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + e.getMessage());
    }
  }

  private static RollbackRules rollback(Properties properties, String where) {
    String finite = properties.getProperty("rollback.non-finite", "on").strip();
    String worse = properties.getProperty("rollback.worse-than-naive", "100%").strip();
    String over = properties.getProperty("rollback.over", "500").strip();
    if (!finite.equals("on") && !finite.equals("off")) {
      throw new UsageException(
          "%srollback.non-finite: expected on or off, got '%s'".formatted(where, finite));
    }
    if (!worse.equals("off") && !worse.matches("\\d{1,6}(\\.\\d{1,6})?\\s?%")) {
      throw new UsageException(
          "%srollback.worse-than-naive: expected a percentage as in 100%%, or off, got '%s'"
              .formatted(where, worse));
    }
    if (!over.matches("\\d{1,7}")) {
      throw new UsageException(
          "%srollback.over: expected a number of forecasts, got '%s'".formatted(where, over));
    }
    try {
      return new RollbackRules(
          finite.equals("on"),
          worse.equals("off")
              ? null
              : Double.valueOf(worse.substring(0, worse.length() - 1).strip()) / 100,
          Integer.parseInt(over));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + e.getMessage());
    }
  }

  private static int threads(Properties properties, String where) {
    String text = properties.getProperty("threads", "2");
    if (!text.matches("[1-9]\\d{0,2}")) {
      throw new UsageException(
          "%sthreads: expected a number from 1 to 999, got '%s'".formatted(where, text));
    }
    return Integer.parseInt(text);
  }

  private static void checkGuarantee(Map<String, Object> client, String where) {
    Object guarantee = client.getOrDefault(GUARANTEE, EXACTLY_ONCE);
    if (!guarantee.equals(EXACTLY_ONCE) && !guarantee.equals(AT_LEAST_ONCE)) {
      throw new UsageException(
          "%s%s%s: expected %s or %s, got '%s'"
              .formatted(where, KAFKA, GUARANTEE, EXACTLY_ONCE, AT_LEAST_ONCE, guarantee));
    }
  }

  private static ModelLimits limits(Properties properties, String where) {
    String text = properties.getProperty("models.max-bytes", Long.toString(Manifest.MAX_SIZE));
    try {
      return new ModelLimits(Long.parseLong(text.strip()), trustedKeys(properties, where));
    } catch (NumberFormatException e) {
      throw new UsageException(
          "%smodels.max-bytes: expected a number, got '%s'".formatted(where, text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "models.max-bytes: " + e.getMessage());
    }
  }

  private static MigrationThrottle moves(Properties properties, String where) {
    String text = properties.getProperty("moves.steps-per-event", "").strip();
    if (text.isEmpty()) {
      return MigrationThrottle.DEFAULT;
    }
    try {
      return text.equals("unlimited")
          ? MigrationThrottle.UNLIMITED
          : new MigrationThrottle(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new UsageException(
          "%smoves.steps-per-event: expected a number of steps or unlimited, got '%s'"
              .formatted(where, text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "moves.steps-per-event: " + e.getMessage());
    }
  }

  private static List<PublicKey> trustedKeys(Properties properties, String where) {
    String keys = properties.getProperty("models.trusted-keys", "").strip();
    if (keys.isEmpty()) {
      return List.of();
    }
    try {
      return Arrays.stream(keys.split(",", -1))
          .map(key -> SigningKeys.publicKey(key.strip()))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException(where + "models.trusted-keys: " + e.getMessage());
    }
  }

  /** Whether state, forecasts and scores commit together, or not at all. */
  public boolean isExactlyOnce() {
    return !AT_LEAST_ONCE.equals(client.get(GUARANTEE));
  }

  public String bootstrapServers() {
    return String.valueOf(client.get("bootstrap.servers"));
  }
}
