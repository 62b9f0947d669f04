package io.eddy.kafka.check;

import static java.nio.charset.StandardCharsets.UTF_8;

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

  /** Writes the only event of a step. */
  private interface Event {
    String write(EventShapes to, int step);
  }

  /** Writes the event of a step for each name. */
  private interface Named {
    String write(EventShapes to, int step, String name);
  }

  /** Returns events without a key, one for each minute. */
  private static List<ConsumerRecord<byte[], byte[]>> perMinute(Event event) {
    return EventShapes.of(60, (to, step) -> to.send(null, event.write(to, step)));
  }

  /** Returns events without a key, one for each name and step. */
  private static List<ConsumerRecord<byte[], byte[]>> perName(
      int seconds, List<String> names, Named event) {
    return EventShapes.of(
        60,
        seconds,
        (to, step) -> names.forEach(name -> to.send(null, event.write(to, step, name))));
  }

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
    return perName(
        10,
        List.of("web-1", "web-2"),
        (to, step, host) ->
            """
            cpu,host=%1$s usage_idle=%2$s,usage_user=%3$s %6$d
            mem,host=%1$s used_percent=%4$s,free=%5$di,state="ok" %6$d
            """
                .formatted(
                    host,
                    to.measured(90),
                    to.measured(4),
                    to.measured(50),
                    4_000_000_000L + to.integer(1_000_000),
                    ns(to)));
  }

  /** Lines with timestamps in seconds. */
  static List<ConsumerRecord<byte[], byte[]>> linesInSeconds() {
    return perMinute(
        (to, step) ->
            "air,room=hall temp=%s,hum=%s %d"
                .formatted(to.measured(20), to.measured(40), to.second()));
  }

  private static long ns(EventShapes shape) {
    return shape.second() * 1_000_000_000L;
  }

  /** Connect's converter with the schema: a decimal in base64, a time, a name. */
  static List<ConsumerRecord<byte[], byte[]>> connect() {
    return perName(
        60,
        List.of("north", "south"),
        (to, step, site) -> {
          byte[] power = {(byte) (8 + to.integer(8)), (byte) to.integer(256)};
          return ("{'schema':{'type':'struct','fields':[{'type':'string','field':'site'},"
                  + "{'type':'int64','name':'org.apache.kafka.connect.data.Timestamp','field':'at'},"
                  + "{'type':'bytes','name':'org.apache.kafka.connect.data.Decimal',"
                  + "'parameters':{'scale':'2'},'field':'power'}]},"
                  + "'payload':{'site':'%s','at':%d,'power':'%s'}}")
              .formatted(site, to.second() * 1000, Base64.getEncoder().encodeToString(power));
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

  /** Several plugins of Telegraf whose lines have different tags. */
  static List<ConsumerRecord<byte[], byte[]>> linesWithOtherTags() {
    return EventShapes.of(
        60,
        10,
        (to, step) -> {
          StringBuilder lines = new StringBuilder();
          for (String core : List.of("cpu0", "cpu1")) {
            lines.append(
                "cpu,cpu=%s,host=h usage_idle=%s,usage_user=%s %d\n"
                    .formatted(core, to.measured(90), to.measured(4), ns(to)));
          }
          for (String path : List.of("/", "/data")) {
            lines.append(
                "disk,path=%s,host=h used_percent=%s %d\n"
                    .formatted(path, to.measured(50), ns(to)));
          }
          to.send(null, lines.toString());
        });
  }

  /** Lines without tags. */
  static List<ConsumerRecord<byte[], byte[]>> linesWithoutTags() {
    return perMinute((to, step) -> "air value=%s %d".formatted(to.measured(9), ns(to)));
  }

  /** Hosts whose values are the same at each time. */
  static List<ConsumerRecord<byte[], byte[]>> equalHosts() {
    return perName(
        60,
        List.of("a", "b", "c"),
        (to, step, host) -> "m,host=%s v=%s %d".formatted(host, 5 + step % 7 / 2.0, ns(to)));
  }

  /** OwnTracks: no usual word is in the name of the field with the time. */
  static List<ConsumerRecord<byte[], byte[]>> ownTracks() {
    return perMinute(
        (to, step) ->
            "{'_type':'location','tid':'ab','lat':%s,'lon':%s,'tst':%d,'batt':%d}"
                .formatted(to.measured(52), to.measured(13), to.second(), 90 - to.integer(10)));
  }

  /** MongoDB's extended JSON. */
  static List<ConsumerRecord<byte[], byte[]>> mongo() {
    return perMinute(
        (to, step) ->
            "{'station':'s1','t':{'$date':{'$numberLong':'%d'}},'v':{'$numberDouble':'%s'}}"
                .formatted(to.second() * 1000, to.measured(3)));
  }

  /** Identifiers that grow with the time they were assigned, as Snowflake's do. */
  static List<ConsumerRecord<byte[], byte[]>> growingIds() {
    return EventShapes.of(
        60,
        (to, step) ->
            to.send(
                "a",
                "{'message_id':%d,'level':%s}"
                    .formatted(1_700_000_000_000_000_000L + 7_919L * step, to.measured(3))));
  }

  /** Words alone, as bridges of MQTT write them. */
  static List<ConsumerRecord<byte[], byte[]>> words() {
    return EventShapes.of(
        60, (to, step) -> to.send("switch", (to.integer(2) == 0 ? "ON" : "OFF").getBytes(UTF_8)));
  }

  /** Contacts as true and false. */
  static List<ConsumerRecord<byte[], byte[]>> booleans() {
    return perName(
        60,
        List.of("front", "back"),
        (to, step, door) ->
            "{'device':'%s','ts':%d,'contact':%s,'tamper':false}"
                .formatted(door, to.second() * 1000, to.integer(3) == 0));
  }

  /** Switches that are on, off or not known. */
  static List<ConsumerRecord<byte[], byte[]>> onOff() {
    return perMinute(
        (to, step) ->
            "{'entity_id':'switch.pump','state':'%s','last_changed':'%s'}"
                .formatted(List.of("on", "off", "unavailable").get(to.integer(3)), to.iso()));
  }

  /** A sensor that is not available at a tenth of the times. */
  static List<ConsumerRecord<byte[], byte[]>> unavailable() {
    return perMinute(
        (to, step) ->
            "{'entity_id':'sensor.attic','state':'%s','last_changed':'%s'}"
                .formatted(step % 10 == 3 ? "unavailable" : to.measured(18), to.iso()));
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
