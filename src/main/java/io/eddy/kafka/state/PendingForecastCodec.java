package io.eddy.kafka.state;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.ForecastQuality;
import io.eddy.forecast.score.PendingForecast;
import io.eddy.model.ModelVersion;
import io.eddy.series.Interval;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes of pending forecasts what scoring and calibration need, big-endian:
 *
 * <pre>
 *    1  layout, 2
 *    1  flags: 1 published, 2 warm, 4 whether all values are float32
 *    8  origin, ms               8  interval, ms; 0 if it is not fixed
 *   32  model version            8  epoch
 *    4  context steps            4  known steps of the context
 *    4  steps ahead J            2  classes K
 *    1  quantile levels Q      8·Q  these levels
 *       values [J·max(1, Q, K)], 4 or 8 bytes each
 *  8·J  baseline               8·J  seasonal naive
 *    8  sum of the absolute errors of seasonal naive so far         8  measured steps
 *       text form of an interval that is not fixed, ASCII
 * </pre>
 */
final class PendingForecastCodec {
  private static final byte LAYOUT = 2;
  private static final int PUBLISHED = 1;
  private static final int WARM = 2;
  private static final int FLOAT32 = 4;
  private static final int SHA_BYTES = 32;
  private static final int FIXED_BYTES = 1 + 1 + 8 + 8 + SHA_BYTES + 8 + 4 + 4 + 4 + 2 + 1 + 8 + 8;

  private PendingForecastCodec() {}

  static byte[] encode(PendingForecast pending) {
    Forecast forecast = pending.forecast();
    Forecast.Origin origin = forecast.origin();
    boolean isFloat32 = isFloat32(forecast.values());
    byte[] text = intervalText(origin.interval());
    ByteBuffer bytes = ByteBuffer.allocate(size(pending, isFloat32) + text.length);
    bytes.put(LAYOUT).put((byte) flags(pending, isFloat32));
    bytes.putLong(origin.timestampMs()).putLong(origin.interval().fixedMs());
    bytes.put(origin.served().version().digest()).putLong(origin.served().epoch());
    bytes.putInt(origin.quality().contextSteps()).putInt(origin.quality().warmSteps());
    bytes.putInt(pending.base().length).putShort((short) forecast.classes());
    List<Double> levels = forecast.quantileLevels();
    bytes.put((byte) levels.size());
    for (int k = 0; k < levels.size(); k++) {
      bytes.putDouble(levels.get(k));
    }
    putValues(bytes, forecast.values(), isFloat32);
    putValues(bytes, pending.base(), false);
    putValues(bytes, pending.naive(), false);
    bytes.putDouble(pending.known().sum()).putLong(pending.known().steps());
    return bytes.put(text).array();
  }

  private static int flags(PendingForecast pending, boolean isFloat32) {
    return (pending.isPublished() ? PUBLISHED : 0)
        | (pending.forecast().origin().warm() ? WARM : 0)
        | (isFloat32 ? FLOAT32 : 0);
  }

  private static int size(PendingForecast pending, boolean isFloat32) {
    Forecast forecast = pending.forecast();
    return FIXED_BYTES
        + Double.BYTES * (forecast.quantileLevels().size() + 2 * pending.base().length)
        + (isFloat32 ? Float.BYTES : Double.BYTES) * forecast.values().length;
  }

  private static boolean isFloat32(double[] values) {
    for (double value : values) {
      if (Double.doubleToRawLongBits((float) value) != Double.doubleToRawLongBits(value)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] intervalText(Interval interval) {
    return interval.isFixed()
        ? new byte[0]
        : interval.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static PendingForecast decode(String series, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new UnknownLayoutException("pending forecast", layout);
    }
    int flags = bytes.get();
    long originMs = bytes.getLong();
    long fixedMs = bytes.getLong();
    byte[] digest = new byte[SHA_BYTES];
    bytes.get(digest);
    Forecast.Served served = new Forecast.Served(ModelVersion.ofDigest(digest), bytes.getLong());
    ForecastQuality quality = new ForecastQuality(bytes.getInt(), bytes.getInt(), 0, false);
    int horizon = bytes.getInt();
    int classes = bytes.getShort() & 0xFFFF;
    List<Double> levels = getLevels(bytes);
    int perStep = Math.max(1, Math.max(levels.size(), classes));
    double[] values = getValues(bytes, (long) horizon * perStep, (flags & FLOAT32) != 0);
    PendingForecast.Baselines baselines =
        new PendingForecast.Baselines(
            getValues(bytes, horizon, false), getValues(bytes, horizon, false));
    PendingForecast.NaiveError known =
        new PendingForecast.NaiveError(bytes.getDouble(), bytes.getLong());
    Forecast.Origin origin =
        new Forecast.Origin(
            series, originMs, interval(fixedMs, bytes), served, (flags & WARM) != 0, quality);
    PendingForecast pending =
        new PendingForecast(new Forecast(origin, levels, classes, values), baselines, known);
    return (flags & PUBLISHED) != 0 ? pending : pending.unpublished();
  }

  private static Interval interval(long fixedMs, ByteBuffer rest) {
    return fixedMs > 0
        ? Interval.ofMillis(fixedMs)
        : Interval.parse(StandardCharsets.US_ASCII.decode(rest).toString());
  }

  private static List<Double> getLevels(ByteBuffer bytes) {
    List<Double> levels = new ArrayList<>();
    for (int left = bytes.get() & 0xFF; left > 0; left--) {
      levels.add(bytes.getDouble());
    }
    return List.copyOf(levels);
  }

  private static void putValues(ByteBuffer bytes, double[] values, boolean isFloat32) {
    for (double value : values) {
      if (isFloat32) {
        bytes.putFloat((float) value);
      } else {
        bytes.putDouble(value);
      }
    }
  }

  /** Reads values; damaged bytes may give any size, so it is checked before the allocation. */
  private static double[] getValues(ByteBuffer bytes, long size, boolean isFloat32) {
    if (!isFloat32) {
      return StoredNumbers.get(bytes, (int) Math.min(size, Integer.MAX_VALUE));
    }
    if (size < 0 || size > bytes.remaining() / Float.BYTES) {
      throw new BufferUnderflowException();
    }
    double[] values = new double[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.getFloat();
    }
    return values;
  }
}
