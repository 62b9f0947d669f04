package io.eddy.codec;

import io.eddy.codec.avro.ActivationRecord;
import io.eddy.forecast.Activation;
import io.eddy.model.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Activations ↔ the {@code ActivationRecord} of the activations topic; key {@code model/epoch}. */
public final class ActivationCodec {
  private final SingleObject<ActivationRecord> records =
      new SingleObject<>(ActivationRecord.getClassSchema());

  public byte[] key(Activation activation) {
    return (activation.model() + "/" + activation.epoch()).getBytes(StandardCharsets.UTF_8);
  }

  public byte[] encode(Activation activation) {
    ActivationRecord message = new ActivationRecord();
    message.setModel(activation.model());
    message.setEpoch(activation.epoch());
    message.setVersion(activation.version().sha());
    Long from = activation.effectiveFromMs();
    message.setEffectiveFrom(from == null ? null : Instant.ofEpochMilli(from));
    message.setReason(activation.reason());
    return records.encode(message);
  }

  /** Throws {@link InvalidRecordException} where the value is no activation. */
  public Activation decode(byte[] value) {
    ActivationRecord message = records.decode(value);
    Instant from = message.getEffectiveFrom();
    try {
      return new Activation(
          message.getModel(),
          message.getEpoch(),
          new ModelVersion(message.getVersion()),
          from == null ? null : from.toEpochMilli(),
          message.getReason());
    } catch (IllegalArgumentException e) {
      throw new InvalidRecordException("activation: %s", e.getMessage());
    }
  }
}
