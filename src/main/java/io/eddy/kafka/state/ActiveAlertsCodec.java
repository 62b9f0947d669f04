package io.eddy.kafka.state;

import io.eddy.forecast.alert.ActiveAlerts;
import io.eddy.forecast.alert.ActiveAlerts.ActiveAlert;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes a series' active alerts: a layout byte, 1, their number, then for each the name of the
 * rule, UTF-8 after its length, and its two times. Numbers are big-endian.
 */
final class ActiveAlertsCodec {
  private static final byte LAYOUT = 1;

  private ActiveAlertsCodec() {}

  static byte[] encode(ActiveAlerts alerts) {
    List<byte[]> names = new ArrayList<>();
    int size = 1 + Integer.BYTES;
    for (ActiveAlert alert : alerts.all()) {
      byte[] name = alert.rule().getBytes(StandardCharsets.UTF_8);
      names.add(name);
      size += Integer.BYTES + name.length + 2 * Long.BYTES;
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).put(LAYOUT).putInt(names.size());
    for (int i = 0; i < names.size(); i++) {
      ActiveAlert alert = alerts.all().get(i);
      bytes.putInt(names.get(i).length).put(names.get(i));
      bytes.putLong(alert.firedMs()).putLong(alert.likelyMs());
    }
    return bytes.array();
  }

  /** Throws {@link UnknownLayoutException} on an unknown layout. */
  static ActiveAlerts decode(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    byte layout = bytes.get();
    if (layout != LAYOUT) {
      throw new UnknownLayoutException("active alerts", layout);
    }
    int count = bytes.getInt();
    List<ActiveAlert> alerts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] name = new byte[bytes.getInt()];
      bytes.get(name);
      alerts.add(
          new ActiveAlert(
              new String(name, StandardCharsets.UTF_8), bytes.getLong(), bytes.getLong()));
    }
    return new ActiveAlerts(alerts);
  }
}
