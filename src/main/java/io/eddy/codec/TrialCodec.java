package io.eddy.codec;

import io.eddy.forecast.Trial;
import java.nio.ByteBuffer;

/**
 * A waiting trial ↔ the bytes of the window store: a version byte, the base forecast, and the
 * forecast as it stands on its topic.
 */
public final class TrialCodec {
  private static final byte VERSION = 1;
  private static final SourcePosition NOWHERE = new SourcePosition("", 0, 0);

  private final ForecastCodec forecasts = new ForecastCodec();

  public byte[] encode(Trial trial) {
    byte[] forecast = forecasts.encode(new PublishedForecast(trial.forecast(), "", NOWHERE));
    ByteBuffer bytes = ByteBuffer.allocate(1 + 4 + 4 * trial.base().length + forecast.length);
    bytes.put(VERSION).putInt(trial.base().length);
    for (float base : trial.base()) {
      bytes.putFloat(base);
    }
    return bytes.put(forecast).array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public Trial decode(String series, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalStateException("trial of layout " + version + " is not known");
    }
    float[] base = new float[bytes.getInt()];
    for (int i = 0; i < base.length; i++) {
      base[i] = bytes.getFloat();
    }
    byte[] forecast = new byte[bytes.remaining()];
    bytes.get(forecast);
    return new Trial(forecasts.decode(series, forecast).forecast(), base);
  }
}
