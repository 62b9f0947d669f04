package io.eddy.kafka.check;

import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Samples of line protocol, of Kafka Connect's and Debezium's JSON, and of states. */
final class WrittenShapes {
  private static final String CHANGE =
      "{'before':null,'after':{'id':%1$d,'meter':'M%2$d','reading':%3$s,'taken_at':%4$d},"
          + "'source':{'connector':'postgresql','ts_ms':%5$d,'lsn':%6$d,'table':'readings'},"
          + "'op':'%7$s','ts_ms':%5$d}";

  private WrittenShapes() {}

  /** Telegraf's output of one input plugin, a line per record. */
  static List<ConsumerRecord<byte[], byte[]>> lines() {
    return EventShapes.of(
        60,
        10,
        (to, step) -> {
          for (String host : List.of("web-1", "web-2")) {
            to.send(
                host,
                "cpu,cpu=cpu-total,host=%s usage_idle=%s,usage_user=%s %d\n"
                    .formatted(host, to.measured(90), to.measured(4), ns(to)));
          }
        });
  }

  /** Telegraf's output of several plugins, a batch of lines per record. */
  static List<ConsumerRecord<byte[], byte[]>> lineBatches() {
    return EventShapes.of(
        60,
        10,
        (to, step) -> {
          for (String host : List.of("web-1", "web-2")) {
            to.send(
                null,
                ("cpu,host=%1$s usage_idle=%2$s,usage_user=%3$s %6$d\n"
                        + "mem,host=%1$s used_percent=%4$s,free=%5$di,state=\"ok\" %6$d\n")
                    .formatted(
                        host,
                        to.measured(90),
                        to.measured(4),
                        to.measured(50),
                        4_000_000_000L + to.integer(1_000_000),
                        ns(to)));
          }
        });
  }

  /** Lines with timestamps in seconds. */
  static List<ConsumerRecord<byte[], byte[]>> linesInSeconds() {
    return EventShapes.of(
        60,
        (to, step) ->
            to.send(
                null,
                "air,room=hall temp=%s,hum=%s %d"
                    .formatted(to.measured(20), to.measured(40), to.second())));
  }

  private static long ns(EventShapes shape) {
    return shape.second() * 1_000_000_000L;
  }

  /** Connect's converter with the schema: a decimal in base64, a time, a name. */
  static List<ConsumerRecord<byte[], byte[]>> connect() {
    return EventShapes.of(
        60,
        (to, step) -> {
          for (String site : List.of("north", "south")) {
            String decimal =
                Base64.getEncoder()
                    .encodeToString(
                        new byte[] {(byte) (8 + to.integer(8)), (byte) to.integer(256)});
            to.send(
                null,
                ("{'schema':{'type':'struct','fields':[{'type':'string','field':'site'},"
                        + "{'type':'int64','name':'org.apache.kafka.connect.data.Timestamp','field':'at'},"
                        + "{'type':'bytes','name':'org.apache.kafka.connect.data.Decimal',"
                        + "'parameters':{'scale':'2'},'field':'power'}]},"
                        + "'payload':{'site':'%s','at':%d,'power':'%s'}}")
                    .formatted(site, to.second() * 1000, decimal));
          }
        });
  }

  /** Debezium's change events with their schema; the time is microseconds of a local clock. */
  static List<ConsumerRecord<byte[], byte[]>> debeziumWithSchema() {
    return changes(
        "{'schema':{'type':'struct','fields':[{'type':'struct','fields':["
            + "{'type':'int64','name':'io.debezium.time.MicroTimestamp','field':'taken_at'}],"
            + "'field':'after'}]},'payload':%s}",
        1_000_000);
  }

  /** Debezium's change events, of which every tenth reports a deleted row, and tombstones. */
  static List<ConsumerRecord<byte[], byte[]>> debeziumWithDeletes() {
    return changes("%s", 1000);
  }

  private static List<ConsumerRecord<byte[], byte[]>> changes(String envelope, long unit) {
    return EventShapes.of(
        60,
        (to, step) -> {
          for (int meter = 1; meter <= 2; meter++) {
            long id = 2L * step + meter;
            long ms = to.second() * 1000 + 400;
            String change =
                CHANGE.formatted(
                    id, meter, to.measured(50), to.second() * unit, ms, 56L * step, "c");
            to.send("{'id':%d}".formatted(id), envelope.formatted(change));
            if (step % 5 == 4 && meter == 1) {
              to.send(
                  "{'id':%d}".formatted(id),
                  envelope.formatted(
                      "{'before':{'id':%1$d},'after':null,'op':'d','ts_ms':%2$d}"
                          .formatted(id, ms)));
              to.send("{\"id\":%d}".formatted(id), (byte[]) null);
            }
          }
        });
  }

  /** Contacts as true and false. */
  static List<ConsumerRecord<byte[], byte[]>> booleans() {
    return EventShapes.of(
        60,
        (to, step) -> {
          for (String door : List.of("front", "back")) {
            to.send(
                null,
                "{'device':'%s','ts':%d,'contact':%s,'tamper':false}"
                    .formatted(door, to.second() * 1000, to.integer(3) == 0));
          }
        });
  }

  /** Switches that are on, off or not known. */
  static List<ConsumerRecord<byte[], byte[]>> onOff() {
    return EventShapes.of(
        60,
        (to, step) ->
            to.send(
                null,
                "{'entity_id':'switch.pump','state':'%s','last_changed':'%s'}"
                    .formatted(List.of("on", "off", "unavailable").get(to.integer(3)), to.iso())));
  }

  /** A sensor that is not available at a tenth of the times. */
  static List<ConsumerRecord<byte[], byte[]>> unavailable() {
    return EventShapes.of(
        60,
        (to, step) ->
            to.send(
                null,
                "{'entity_id':'sensor.attic','state':'%s','last_changed':'%s'}"
                    .formatted(step % 10 == 3 ? "unavailable" : to.measured(18), to.iso())));
  }

  /** More than two states, whose order is not known. */
  static List<ConsumerRecord<byte[], byte[]>> modes() {
    return EventShapes.of(
        60,
        (to, step) ->
            to.send(
                "heater",
                "{'ts':%d,'mode':'%s'}"
                    .formatted(
                        to.second() * 1000, List.of("off", "heat", "cool").get(to.integer(3)))));
  }
}
