package io.eddy.kafka.state;

import io.eddy.forecast.score.PendingForecast;
import io.eddy.kafka.record.ForecastCodec;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.record.SourcePosition;
import java.nio.ByteBuffer;

/**
 * Encodes pending forecasts, big-endian:
 *
 * <pre>
 *    1  layout, 1
 *    1  whether the forecast was published
 *    4  steps ahead J
 *  8·J  baseline               8·J  seasonal naive
 *    8  sum of the absolute errors of seasonal naive so far         8  measured steps
 *       the forecast, encoded as on its topic
 * </pre>
 */
final class PendingForecastCodec {
  private static final byte LAYOUT = 1;
  private static final int HEADER_BYTES = 1 + 1 + 4;
  private static final SourcePosition NO_SOURCE = new SourcePosition("", 0, 0);

  private final ForecastCodec forecasts = new ForecastCodec();

  byte[] encode(PendingForecast pending) {
    byte[] forecast = forecasts.encode(new PublishedForecast(pending.forecast(), "", NO_SOURCE));
    int horizon = pending.base().length;
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + 2 * 8 * horizon + 8 + 8 + forecast.length);
    bytes.put(LAYOUT).put((byte) (pending.isPublished() ? 1 : 0)).putInt(horizon);
    put(bytes, pending.base());
    put(bytes, pending.naive());
    bytes.putDouble(pending.known().sum()).putLong(pending.known().steps());
    return bytes.put(forecast).array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  PendingForecast decode(String series, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new UnknownLayoutException("pending forecast", layout);
    }
    boolean isPublished = bytes.get() != 0;
    int horizon = bytes.getInt();
    PendingForecast.Baselines baselines =
        new PendingForecast.Baselines(
            StoredNumbers.get(bytes, horizon), StoredNumbers.get(bytes, horizon));
    PendingForecast.NaiveError known =
        new PendingForecast.NaiveError(bytes.getDouble(), bytes.getLong());
    byte[] forecast = new byte[bytes.remaining()];
    bytes.get(forecast);
    PendingForecast pending =
        new PendingForecast(forecasts.decode(series, forecast).forecast(), baselines, known);
    return isPublished ? pending : pending.unpublished();
  }

  private static void put(ByteBuffer bytes, double[] values) {
    for (double value : values) {
      bytes.putDouble(value);
    }
  }
}
