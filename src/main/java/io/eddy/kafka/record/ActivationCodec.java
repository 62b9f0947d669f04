package io.eddy.kafka.record;

import io.eddy.codec.avro.ActivationRecord;
import io.eddy.codec.avro.ActivationRole;
import io.eddy.codec.avro.ChallengeRecord;
import io.eddy.kafka.schema.SingleObjectEncoding;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Role;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Activation.Timing;
import io.eddy.rollout.ActivationCause;
import io.eddy.rollout.Author;
import io.eddy.rollout.PromotionRule;
import io.eddy.rollout.Scope;
import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes records of the activations topic; the key is {@code model/epoch}. */
public final class ActivationCodec {
  private final SingleObjectEncoding<ActivationRecord> records =
      new SingleObjectEncoding<>(ActivationRecord.getClassSchema());

  public byte[] key(Activation activation) {
    return keyOf(activation).getBytes(StandardCharsets.UTF_8);
  }

  private static String keyOf(Activation activation) {
    return activation.model() + "/" + activation.epoch();
  }

  public byte[] encode(Activation activation) {
    Terms terms = activation.terms();
    ActivationRecord message = new ActivationRecord();
    message.setModel(activation.model());
    message.setEpoch(activation.epoch());
    message.setVersion(activation.version().sha());
    Long from = terms.timing().fromMs();
    message.setEffectiveFrom(from == null ? null : Instant.ofEpochMilli(from));
    message.setReason(activation.reason());
    message.setPrefix(terms.scope() instanceof Scope.Prefix prefix ? prefix.prefix() : null);
    message.setSharePerMillion(
        terms.scope() instanceof Scope.Share share ? share.perMillion() : null);
    message.setRole(role(terms.role()));
    message.setEnds(terms.isEnd());
    message.setRevokes(activation.cause().revokedEpoch());
    PromotionRule challenge = activation.cause().promotionRule();
    message.setChallenge(challenge == null ? null : record(challenge));
    message.setOverMs(terms.timing().spreadMs());
    message.setUrgent(terms.timing().isUrgent());
    Author author = activation.cause().author();
    message.setAuthor(author.name());
    message.setApplication(author.application());
    message.setDecidedAt(author.at());
    return records.encode(message);
  }

  /**
   * Decodes a record and checks its key. A record under another key would be a second activation of
   * the same epoch.
   *
   * @throws InvalidRecordException if the value is not an activation or the key does not match
   */
  public Activation decode(String key, byte[] value) {
    Activation activation = decode(value);
    if (!key.equals(keyOf(activation))) {
      throw new InvalidRecordException(
          "activation: expected the key %s, got %s", keyOf(activation), key);
    }
    return activation;
  }

  /**
   * Decodes a record's value.
   *
   * @throws InvalidRecordException if the value is not an activation
   */
  public Activation decode(byte[] value) {
    ActivationRecord message = records.decode(value);
    Instant from = message.getEffectiveFrom();
    try {
      return new Activation(
          message.getModel(),
          message.getEpoch(),
          new ModelVersion(message.getVersion()),
          new Terms(
              scope(message.getPrefix(), message.getSharePerMillion()),
              role(message.getRole()),
              new Timing(
                  from == null ? null : from.toEpochMilli(),
                  message.getOverMs(),
                  message.getUrgent()),
              message.getEnds()),
          message.getReason(),
          new ActivationCause(
              challenge(message.getChallenge()),
              message.getRevokes(),
              new Author(message.getAuthor(), message.getApplication(), message.getDecidedAt())));
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("activation: %s", e.getMessage());
    }
  }

  private static ChallengeRecord record(PromotionRule challenge) {
    return new ChallengeRecord(
        challenge.condition().toString(), challenge.since(), challenge.scoresFrom());
  }

  private static @Nullable PromotionRule challenge(@Nullable ChallengeRecord message) {
    return message == null
        ? null
        : new PromotionRule(
            PromotionRule.Condition.parse(message.getCondition()),
            message.getSince(),
            message.getScoresFrom());
  }

  static ActivationRole role(Role role) {
    return role == Role.SHADOW ? ActivationRole.SHADOW : ActivationRole.SERVE;
  }

  static Role role(ActivationRole role) {
    return role == ActivationRole.SHADOW ? Role.SHADOW : Role.SERVE;
  }

  private static Scope scope(@Nullable String prefix, @Nullable Integer sharePerMillion) {
    if (prefix != null && sharePerMillion != null) {
      throw new IllegalArgumentException("scope: expected a prefix or a share, got both");
    }
    if (prefix != null) {
      return new Scope.Prefix(prefix);
    }
    return sharePerMillion == null ? Scope.all() : new Scope.Share(sharePerMillion);
  }
}
