package io.eddy.kafka.state;

import io.eddy.forecast.score.PendingForecast;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import java.nio.ByteBuffer;

/**
 * A waiting trial ↔ the bytes of the window store: a version byte, the number of steps ahead, the
 * base forecast, that of seasonal naive, its error so far (sum and steps), and the forecast as it
 * stands on its topic. Version 1 had neither seasonal naive nor its error; 3 is a forecast that was
 * not published.
 */
public final class PendingForecastCodec {
  private static final byte UNPUBLISHED = 3;
  private static final byte VERSION = 2;
  private static final byte VERSION_WITHOUT_NAIVE = 1;
  private static final SourcePosition NOWHERE = new SourcePosition("", 0, 0);

  private final ForecastCodec forecasts = new ForecastCodec();

  public byte[] encode(PendingForecast trial) {
    byte[] forecast = forecasts.encode(new PublishedForecast(trial.forecast(), "", NOWHERE));
    ByteBuffer bytes =
        ByteBuffer.allocate(1 + 4 + 2 * 4 * trial.base().length + 8 + 8 + forecast.length);
    bytes.put(trial.isPublished() ? VERSION : UNPUBLISHED).putInt(trial.base().length);
    put(bytes, trial.base());
    put(bytes, trial.naive());
    bytes.putDouble(trial.known().sum()).putLong(trial.known().steps());
    return bytes.put(forecast).array();
  }

  /** Throws {@link IllegalStateException} on bytes of a layout that is not known. */
  public PendingForecast decode(String series, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte version = bytes.get();
    if (version < VERSION_WITHOUT_NAIVE || version > UNPUBLISHED) {
      throw new IllegalStateException("trial of layout " + version + " is not known");
    }
    int horizon = bytes.getInt();
    float[] base = get(bytes, horizon);
    boolean isWhole = version != VERSION_WITHOUT_NAIVE;
    float[] naive = isWhole ? get(bytes, horizon) : base;
    PendingForecast.NaiveError known =
        isWhole
            ? new PendingForecast.NaiveError(bytes.getDouble(), bytes.getLong())
            : PendingForecast.NaiveError.NONE;
    byte[] forecast = new byte[bytes.remaining()];
    bytes.get(forecast);
    PendingForecast trial =
        new PendingForecast(
            forecasts.decode(series, forecast).forecast(),
            new PendingForecast.Simple(base, naive),
            known);
    return version == UNPUBLISHED ? trial.unpublished() : trial;
  }

  private static void put(ByteBuffer bytes, float[] values) {
    for (float value : values) {
      bytes.putFloat(value);
    }
  }

  private static float[] get(ByteBuffer bytes, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = bytes.getFloat();
    }
    return values;
  }
}
