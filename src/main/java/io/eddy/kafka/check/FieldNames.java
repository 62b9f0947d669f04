package io.eddy.kafka.check;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges fields by their names, for fields whose content allows several uses. */
final class FieldNames {
  private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

  private static final Set<String> TIME_WORDS =
      Set.of(
          "timestamp",
          "time",
          "ts",
          "datetime",
          "date",
          "dt",
          "at",
          "epoch",
          "when",
          "t",
          "ds",
          "bt");

  private static final Set<String> LATER_TIME_WORDS =
      Set.of(
          "received",
          "ingest",
          "ingested",
          "ingestion",
          "processed",
          "enqueued",
          "updated",
          "stored",
          "inserted",
          "created",
          "published",
          "sent",
          "arrival",
          "modified",
          "loaded");

  private static final Set<String> OTHER_TIME_WORDS =
      Set.of(
          "sunrise",
          "sunset",
          "expires",
          "expiry",
          "expiration",
          "start",
          "end",
          "begin",
          "boot",
          "due",
          "until",
          "valid",
          "birth",
          "installed",
          "calibrated",
          "commissioned");

  private static final Set<String> ID_WORDS =
      Set.of(
          "id",
          "uuid",
          "guid",
          "key",
          "pk",
          "nr",
          "no",
          "num",
          "number",
          "serial",
          "index",
          "idx",
          "rowid",
          "imei",
          "mac",
          "eui",
          "code",
          "cod",
          "version",
          "ver",
          "port",
          "qos",
          "seq",
          "sequence",
          "seqno",
          "seqnum",
          "counter",
          "cnt",
          "offset",
          "partition",
          "fcnt",
          "frame",
          "packet",
          "msgid",
          "channel",
          "lsn",
          "txid",
          "pid",
          "tz",
          "timezone",
          "zone",
          "schema",
          "crc",
          "checksum",
          "hash",
          "year",
          "month",
          "day",
          "hour",
          "minute",
          "token",
          "msg");

  private static final Set<String> RADIO_WORDS =
      Set.of(
          "rssi",
          "snr",
          "lqi",
          "linkquality",
          "lsnr",
          "bandwidth",
          "frequency",
          "dr",
          "sf",
          "airtime",
          "adr",
          "consumed",
          "confirmed",
          "wifi",
          "uptime",
          "heap",
          "ram",
          "mem");

  private static final Set<String> MEASURED_WORDS =
      Set.of(
          "value",
          "temperature",
          "temp",
          "humidity",
          "pressure",
          "power",
          "energy",
          "voltage",
          "current",
          "flow",
          "level",
          "load",
          "usage",
          "co2",
          "speed",
          "consumption",
          "total",
          "volume",
          "reading",
          "measurement",
          "delivered",
          "returned",
          "demand",
          "rate",
          "weight",
          "depth",
          "height",
          "distance",
          "noise",
          "light",
          "lux",
          "illuminance",
          "price",
          "sales",
          "bytes",
          "requests",
          "v",
          "y",
          "watt",
          "watts",
          "kwh",
          "wh",
          "apower");

  private static final List<String> KEY_WORDS =
      List.of(
          "series",
          "sensor",
          "device",
          "meter",
          "host",
          "hostname",
          "instance",
          "machine",
          "asset",
          "station",
          "node",
          "entity",
          "src",
          "client",
          "thing",
          "site",
          "tag",
          "name",
          "id",
          "imei",
          "serial",
          "topic",
          "location",
          "room",
          "place",
          "item",
          "sku",
          "metric",
          "line",
          "plant",
          "store");

  private FieldNames() {}

  /** Returns the last name of a path, without the marks of lists. */
  static String last(String path) {
    String name = path.replace("[]", "");
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Returns the words of the last name of a path, in lower case. */
  static List<String> words(String path) {
    return Pattern.compile(WORDS.pattern())
        .splitAsStream(last(path))
        .filter(word -> !word.isEmpty())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .toList();
  }

  private static boolean has(String path, Set<String> names) {
    return words(path).stream().anyMatch(names::contains) || names.contains(lower(path));
  }

  private static boolean endsWith(String path, Set<String> names) {
    List<String> words = words(path);
    return names.contains(lower(path))
        || (!words.isEmpty() && names.contains(words.get(words.size() - 1)));
  }

  private static String lower(String path) {
    return last(path).toLowerCase(Locale.ROOT);
  }

  /** Returns how much a name suggests the time of the measurement: 0 not at all, up to 4. */
  static int timeRank(String path) {
    String lower = lower(path);
    boolean isTime =
        has(path, TIME_WORDS)
            || lower.endsWith("time")
            || lower.endsWith("timestamp")
            || lower.endsWith("date")
            || lower.endsWith("_ms");
    if (!isTime || has(path, OTHER_TIME_WORDS)) {
      return has(path, OTHER_TIME_WORDS) ? -1 : 0;
    }
    return has(path, LATER_TIME_WORDS) ? 2 : TIME_WORDS.contains(lower) ? 4 : 3;
  }

  /** Returns whether a name suggests an identifier, a counter, or another number to count with. */
  static boolean isIdentifier(String path) {
    return endsWith(path, ID_WORDS);
  }

  /** Returns whether a name suggests the state of a device or of its radio link. */
  static boolean isDiagnostic(String path) {
    return has(path, RADIO_WORDS);
  }

  /** Returns whether a name suggests a measured number. */
  static boolean isMeasured(String path) {
    return has(path, MEASURED_WORDS) && !isIdentifier(path);
  }

  /** Returns how much a name suggests a part of a series' name: 0 not at all. */
  static int keyRank(String path) {
    int rank = 0;
    for (String word : words(path)) {
      int at = KEY_WORDS.indexOf(word);
      rank = at < 0 ? rank : Math.max(rank, KEY_WORDS.size() - at);
    }
    String lower = lower(path);
    return rank > 0 || !(lower.endsWith("id") || lower.endsWith("name")) ? rank : 1;
  }
}
