package io.eddy.kafka.event;

import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.EpochUnit;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.TimestampReader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Meaning of a field's numbers by its logical type, which takes precedence over the configured
 * format: the logical types of Avro, and the named types of Kafka Connect and Debezium.
 *
 * @param kind kind of the type
 * @param unit unit of the numbers; null if they do not count seconds or parts of it
 * @param name name of the type, for messages
 */
record LogicalTime(Kind kind, @Nullable EpochUnit unit, String name) {
  private static final String CONNECT_NAME = "connect.name";
  private static final String CONNECT = "org.apache.kafka.connect.data.";
  private static final String DEBEZIUM = "io.debezium.time.";

  /** Kinds of types. */
  enum Kind {
    /** A point in time. */
    INSTANT,
    /** A date and time without a zone. */
    LOCAL,
    /** A date without a zone, in days. */
    DATE,
    /** A calendar year. */
    YEAR,
    /** No point in time, such as a time of day. */
    OTHER
  }

  /** Returns the meaning of a schema's type; null if the configured format applies. */
  static @Nullable LogicalTime of(Schema schema) {
    String connect = schema.getProp(CONNECT_NAME);
    LogicalTime named = connect == null ? null : of(connect);
    String logical = schema.getProp("logicalType");
    return named != null || logical == null ? named : of(logical);
  }

  /**
   * Returns the meaning of a type.
   *
   * @param name an Avro logical type, or the name of a Connect schema
   * @return null if the configured format applies
   */
  static @Nullable LogicalTime of(String name) {
    return switch (name) {
      case "timestamp-millis", CONNECT + "Timestamp" -> instant(EpochUnit.MS, name);
      case "timestamp-micros" -> instant(EpochUnit.US, name);
      case "timestamp-nanos" -> instant(EpochUnit.NS, name);
      case "local-timestamp-millis", DEBEZIUM + "Timestamp" -> local(EpochUnit.MS, name);
      case "local-timestamp-micros", DEBEZIUM + "MicroTimestamp" -> local(EpochUnit.US, name);
      case "local-timestamp-nanos", DEBEZIUM + "NanoTimestamp" -> local(EpochUnit.NS, name);
      case "date", CONNECT + "Date", DEBEZIUM + "Date" -> new LogicalTime(Kind.DATE, null, name);
      case DEBEZIUM + "Year" -> new LogicalTime(Kind.YEAR, null, name);
      case "time-millis",
          "time-micros",
          "duration",
          CONNECT + "Time",
          DEBEZIUM + "Time",
          DEBEZIUM + "MicroTime",
          DEBEZIUM + "NanoTime",
          DEBEZIUM + "ZonedTime",
          DEBEZIUM + "Interval",
          DEBEZIUM + "MicroDuration",
          DEBEZIUM + "NanoDuration" ->
          new LogicalTime(Kind.OTHER, null, name);
      default -> null;
    };
  }

  private static LogicalTime instant(EpochUnit unit, String name) {
    return new LogicalTime(Kind.INSTANT, unit, name);
  }

  private static LogicalTime local(EpochUnit unit, String name) {
    return new LogicalTime(Kind.LOCAL, unit, name);
  }

  /**
   * Converts a number of this type to epoch milliseconds.
   *
   * @param field path of the field, for messages
   * @throws InvalidRecordException if the type is no point in time
   */
  long read(String field, long number, TimestampReader reader) {
    EpochUnit scale = unit == null ? EpochUnit.MS : unit;
    return switch (kind) {
      case INSTANT -> reader.epoch(number, scale);
      case LOCAL -> reader.localEpoch(number, scale);
      case DATE -> reader.days(number);
      case YEAR -> reader.year(number);
      case OTHER ->
          throw new InvalidRecordException(
              "field %s: expected a point in time, got a %s", field, name);
    };
  }

  /** Returns a number of this type in ISO-8601; the number itself if it is no point in time. */
  String text(long number) {
    return switch (kind) {
      case INSTANT -> Instant.ofEpochMilli(ms(number)).toString();
      case LOCAL ->
          Instant.ofEpochMilli(ms(number)).atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
      case DATE -> LocalDate.ofEpochDay(number).toString();
      case YEAR -> number + "-01";
      case OTHER -> Long.toString(number);
    };
  }

  private long ms(long number) {
    return unit == null ? number : unit.toMs(number);
  }

  /** Returns the format in which numbers of this type are written; null if none is suitable. */
  @Nullable TimestampFormat format() {
    return switch (kind) {
      case INSTANT -> unit == null ? null : unit.format();
      case DATE -> TimestampFormat.DAYS;
      case YEAR -> TimestampFormat.of("yyyy");
      case LOCAL, OTHER -> null;
    };
  }
}
