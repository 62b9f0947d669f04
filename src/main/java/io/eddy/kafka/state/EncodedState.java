package io.eddy.kafka.state;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.step.SeriesState;
import io.eddy.forecast.step.Silence;
import io.eddy.forecast.step.StoredState;
import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.series.Sampling;
import io.eddy.series.store.SeriesStore;
import java.nio.ByteBuffer;

/** A state as {@link StateCodec} encoded it; its header is read without decoding the rest. */
public final class EncodedState implements StoredState {
  private final byte[] value;
  private final ByteBuffer bytes;

  /**
   * Wraps an encoded state.
   *
   * @param value not copied; must not be modified afterwards
   * @throws UnknownLayoutException on an unknown layout
   */
  public EncodedState(byte[] value) {
    StateCodec.requireLayout(value);
    this.value = value;
    bytes = ByteBuffer.wrap(value);
  }

  /** Returns the encoded state; not a copy. */
  byte[] value() {
    return value;
  }

  @Override
  public Forecast.Served served() {
    byte[] digest = new byte[StateCodec.GRID_AT - StateCodec.VERSION_AT - Long.BYTES];
    bytes.get(StateCodec.VERSION_AT, digest);
    long epoch = bytes.getLong(StateCodec.GRID_AT - Long.BYTES);
    return new Forecast.Served(ModelVersion.ofDigest(digest), epoch);
  }

  @Override
  public boolean belongsTo(ModelVersion version) {
    byte[] digest = version.digest();
    for (int i = 0; i < digest.length; i++) {
      if (digest[i] != value[StateCodec.VERSION_AT + i]) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the state belongs to a version under an epoch. */
  public boolean isServedBy(Forecast.Served served) {
    return bytes.getLong(StateCodec.GRID_AT - Long.BYTES) == served.epoch()
        && belongsTo(served.version());
  }

  @Override
  public Sampling sampling() {
    return StateCodec.sampling(bytes);
  }

  @Override
  public long lastStepMs() {
    long step = bytes.getLong(StateCodec.LAST_STEP_AT);
    return step == Long.MIN_VALUE ? SeriesState.NO_TIME : sampling().startMs(step);
  }

  @Override
  public long newestMs() {
    return bytes.getLong(StateCodec.NEWEST_AT);
  }

  @Override
  public long lastEventMs() {
    return bytes.getLong(StateCodec.LAST_EVENT_AT);
  }

  @Override
  public EncodedState withLastEventMs(long lastEventMs) {
    byte[] copy = value.clone();
    ByteBuffer.wrap(copy).putLong(StateCodec.LAST_EVENT_AT, lastEventMs);
    return new EncodedState(copy);
  }

  @Override
  public Silence silence() {
    return new Silence(
        bytes.getLong(StateCodec.SILENCE_DUE_AT), value[StateCodec.SILENCE_REPORTED_AT] != 0);
  }

  @Override
  public EncodedState withReportedSilence() {
    byte[] copy = value.clone();
    copy[StateCodec.SILENCE_REPORTED_AT] = 1;
    return new EncodedState(copy);
  }

  @Override
  public SeriesState restore(Model model, SeriesStore store) {
    return StateCodec.decode(value, model, store);
  }
}
