package io.eddy.kafka.record;

import io.eddy.forecast.Forecast;
import io.eddy.forecast.alert.Alert;
import io.eddy.forecast.alert.Alert.Change;
import io.eddy.forecast.alert.Alert.Outlook;

/** Writes the fields of {@code schemas/Alert.avsc} in their order. Used by one thread. */
final class AlertEncoder implements RecordEncoder<PublishedAlert> {
  private static final long FINGERPRINT = 0x135abdb21a8f6416L;

  /** Branches of the unions. */
  private static final int NULL = 0;

  private static final int VALUE = 1;

  private final IntervalText intervals = new IntervalText();

  @Override
  public long fingerprint() {
    return FINGERPRINT;
  }

  @Override
  public void write(PublishedAlert published, AvroBuffer to) {
    Alert alert = published.alert();
    to.writeLong(alert.change() == Change.FIRED ? 0 : 1);
    to.writeString(alert.rule().name());
    to.writeString(alert.rule().text());
    to.writeDoubles(alert.rule().thresholds());
    write(alert.outlook(), to);
    to.writeLong(alert.firedMs());
    to.writeString(alert.reason());
    Forecast.Origin origin = alert.origin();
    to.writeLong(origin.timestampMs());
    to.writeString(intervals.of(origin.interval()));
    to.writeBoolean(origin.warm());
    to.writeString(published.model());
    to.writeFixed(origin.served().version().digest());
    to.writeLong(origin.served().epoch());
    to.writeString(published.source().topic());
    to.writeLong(published.source().partition());
    to.writeLong(published.source().offset());
  }

  private static void write(Outlook outlook, AvroBuffer to) {
    to.writeDouble(outlook.probability());
    Long crossingMs = outlook.crossingMs();
    to.writeLong(crossingMs == null ? NULL : VALUE);
    if (crossingMs != null) {
      to.writeLong(crossingMs);
    }
    boolean isKnown = !Double.isNaN(outlook.median());
    to.writeLong(isKnown ? VALUE : NULL);
    if (isKnown) {
      to.writeDouble(outlook.median());
    }
  }
}
