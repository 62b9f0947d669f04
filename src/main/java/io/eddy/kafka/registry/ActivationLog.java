package io.eddy.kafka.registry;

import io.eddy.kafka.record.ActivationCodec;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activations;
import io.eddy.rollout.Author;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The activations topic. Activations are decided and appended by one writer at a time, so that no
 * two of them have the same epoch.
 */
public final class ActivationLog {
  private final String topic;
  private final TopicReader reader;
  private final ExclusiveWriter writer;
  private final Author author;
  private final ActivationCodec codec = new ActivationCodec();

  /**
   * Creates a log.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   * @param author of the appended activations
   */
  ActivationLog(Map<String, Object> client, TopicNames topics, Author author) {
    this.author = author;
    topic = topics.activations();
    reader = new TopicReader(client);
    writer = new ExclusiveWriter(client, topics);
  }

  /** Reads the activations of a model. */
  public Activations read(String model) {
    return readAll().getOrDefault(model, new Activations(List.of()));
  }

  /** Reads the activations of all models, by model. Ignores records that are not activations. */
  Map<String, Activations> readAll() {
    Map<String, Activation> current = new HashMap<>();
    reader.read(
        topic,
        record -> {
          if (record.key() == null) {
            return;
          }
          String key = new String(record.key(), StandardCharsets.UTF_8);
          current.remove(key);
          if (record.value() != null) {
            try {
              current.put(key, codec.decode(key, record.value()));
            } catch (InvalidRecordException e) {
              // The forecaster logs it.
            }
          }
        });
    Map<String, List<Activation>> byModel = new HashMap<>();
    for (Activation activation : current.values()) {
      byModel.computeIfAbsent(activation.model(), name -> new ArrayList<>()).add(activation);
    }
    Map<String, Activations> result = new HashMap<>();
    byModel.forEach((model, activations) -> result.put(model, new Activations(activations)));
    return result;
  }

  /**
   * Appends activations that depend on the existing ones.
   *
   * @param decide returns the activations to append; may be called several times
   */
  List<Activation> append(String model, Function<Activations, List<Activation>> decide) {
    List<Activation> appended = new ArrayList<>();
    writer.write(
        () -> {
          appended.clear();
          Author decided = author.at(Instant.now().truncatedTo(ChronoUnit.MILLIS));
          decide.apply(read(model)).forEach(added -> appended.add(added.by(decided)));
          return appended.stream().map(this::record).toList();
        });
    return appended;
  }

  private ProducerRecord<byte[], byte[]> record(Activation activation) {
    return new ProducerRecord<>(topic, codec.key(activation), codec.encode(activation));
  }
}
