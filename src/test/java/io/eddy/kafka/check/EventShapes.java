package io.eddy.kafka.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Samples of events in the shapes in which devices, gateways and connectors publish them. */
final class EventShapes {
  static final String TOPIC = "readings";
  private static final long BEGIN_S = Instant.parse("2026-01-05T00:00:00Z").getEpochSecond();

  /** Time of all records: the sample was loaded at once, unless a shape has no time of its own. */
  private static final long LOADED_MS = Instant.parse("2026-02-01T12:00:00Z").toEpochMilli();

  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(7);
  private boolean hasRecordTimes;
  private int step;
  private int seconds = 60;

  private EventShapes() {}

  /** Writes the events of one step. */
  interface Writer {
    void write(EventShapes shape, int step);
  }

  static List<ConsumerRecord<byte[], byte[]>> of(int steps, Writer writer) {
    return of(steps, 60, writer);
  }

  static List<ConsumerRecord<byte[], byte[]>> of(int steps, int seconds, Writer writer) {
    EventShapes shape = new EventShapes();
    shape.seconds = seconds;
    for (shape.step = 0; shape.step < steps; shape.step++) {
      writer.write(shape, shape.step);
    }
    return shape.records;
  }

  void send(@Nullable String key, String json) {
    send(key, json.replace('\'', '"').getBytes(UTF_8));
  }

  void send(@Nullable String key, byte @Nullable [] value) {
    records.add(
        new ConsumerRecord<>(
            TOPIC,
            0,
            records.size(),
            hasRecordTimes ? second() * 1000 : LOADED_MS + records.size(),
            TimestampType.CREATE_TIME,
            1,
            1,
            key == null ? null : key.getBytes(UTF_8),
            value,
            new RecordHeaders(),
            Optional.empty()));
  }

  long second() {
    return BEGIN_S + (long) step * seconds;
  }

  String iso() {
    return Instant.ofEpochSecond(second()).toString();
  }

  String local(String pattern) {
    return DateTimeFormatter.ofPattern(pattern)
        .format(LocalDateTime.ofEpochSecond(second(), 0, ZoneOffset.UTC));
  }

  /** Returns a measured number with two decimals. */
  String measured(double level) {
    return String.valueOf(Math.round(100 * (level + 3 * random.nextDouble())) / 100.0);
  }

  int integer(int bound) {
    return random.nextInt(bound);
  }

  /** Telegraf's JSON serializer; one record in 241 is of another kind. */
  static List<ConsumerRecord<byte[], byte[]>> telegraf() {
    return of(
        120,
        10,
        (to, step) -> {
          for (String host : List.of("web-1", "web-2")) {
            to.send(
                null,
                "{'fields':{'usage_idle':%s,'usage_user':%s},'name':'cpu','tags':{'cpu':'cpu-total','host':'%s'},'timestamp':%d}"
                    .formatted(to.measured(90), to.measured(4), host, to.second()));
          }
          if (step == 60) {
            to.send(null, "{'status':'restarted'}");
          }
        });
  }

  /** Telegraf's batch format. */
  static List<ConsumerRecord<byte[], byte[]>> telegrafBatch() {
    return of(
        60,
        10,
        (to, step) ->
            to.send(
                null,
                "{'metrics':[{'fields':{'usage_idle':%s},'name':'cpu','tags':{'host':'web-1'},'timestamp':%d},{'fields':{'usage_idle':%s},'name':'cpu','tags':{'host':'web-2'},'timestamp':%d}]}"
                    .formatted(to.measured(90), to.second(), to.measured(90), to.second())));
  }

  /** Several measurements of Telegraf in one topic. */
  static List<ConsumerRecord<byte[], byte[]>> telegrafMixed() {
    return of(
        60,
        10,
        (to, step) -> {
          for (String host : List.of("web-1", "web-2")) {
            for (String core : List.of("cpu0", "cpu1")) {
              to.send(
                  null,
                  "{'fields':{'usage_idle':%s},'name':'cpu','tags':{'cpu':'%s','host':'%s'},'timestamp':%d}"
                      .formatted(to.measured(90), core, host, to.second()));
            }
            to.send(
                null,
                "{'fields':{'used_percent':%s},'name':'mem','tags':{'host':'%s'},'timestamp':%d}"
                    .formatted(to.measured(40), host, to.second()));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> homeAssistant() {
    return of(
        60,
        300,
        (to, step) ->
            to.send(
                null,
                "{'entity_id':'sensor.attic','state':'%s','attributes':{'unit_of_measurement':'°C','friendly_name':'Attic'},'last_changed':'%s','last_updated':'%s'}"
                    .formatted(to.measured(18), to.iso(), to.iso())));
  }

  static List<ConsumerRecord<byte[], byte[]>> zigbee2Mqtt() {
    return of(
        80,
        (to, step) -> {
          to.hasRecordTimes = true;
          for (String name : List.of("zigbee2mqtt/bath", "zigbee2mqtt/hall")) {
            to.send(
                name,
                "{'battery':%d,'humidity':%s,'linkquality':%d,'temperature':%s,'voltage':3000}"
                    .formatted(97, to.measured(55), 80 + to.integer(40), to.measured(21)));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> shelly() {
    return of(
        60,
        (to, step) ->
            to.send(
                null,
                "{'src':'shellyplus1pm-a0b1','dst':'house/events','method':'NotifyStatus','params':{'ts':%d.25,'switch:0':{'id':0,'apower':%s,'aenergy':{'total':%s,'minute_ts':%d}}}}"
                    .formatted(
                        to.second(), to.measured(120), 1000 + step * 2.25, to.second() - 1)));
  }

  static List<ConsumerRecord<byte[], byte[]>> tasmota() {
    return of(
        60,
        300,
        (to, step) ->
            to.send(
                "tele/plug-1/SENSOR",
                "{'Time':'%s','ENERGY':{'TotalStartTime':'2024-01-01T10:00:00','Total':%s,'Power':%d,'Voltage':%d,'Current':%s}}"
                    .formatted(
                        to.local("yyyy-MM-dd'T'HH:mm:ss"),
                        100 + step * 0.125,
                        40 + to.integer(60),
                        228 + to.integer(6),
                        to.measured(0))));
  }

  static List<ConsumerRecord<byte[], byte[]>> ttnUplink() {
    return of(
        60,
        600,
        (to, step) -> {
          for (String device : List.of("soil-1", "soil-2")) {
            to.send(
                null,
                "{'end_device_ids':{'device_id':'%s','application_ids':{'application_id':'farm'},'dev_eui':'70B3D57ED00000%02d'},'received_at':'%s','uplink_message':{'f_port':2,'f_cnt':%d,'frm_payload':'AWcA5gJoYQ==','decoded_payload':{'moisture':%s,'temperature':%s},'rx_metadata':[{'gateway_ids':{'gateway_id':'gw-1'},'rssi':-%d,'snr':%s}],'settings':{'data_rate':{'lora':{'bandwidth':125000,'spreading_factor':7}},'timestamp':%d}}}"
                    .formatted(
                        device,
                        device.endsWith("1") ? 1 : 2,
                        to.iso(),
                        1200 + step,
                        to.measured(30),
                        to.measured(12),
                        80 + to.integer(20),
                        to.measured(7),
                        2463457000L + 600_000_000L * step % 100_000_000));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> chirpStack() {
    return of(
        60,
        600,
        (to, step) ->
            to.send(
                null,
                "{'deduplicationId':'%08x-0000','time':'%s','deviceInfo':{'tenantName':'farm','applicationName':'soil','deviceName':'probe-7','devEui':'0102030405060708'},'devAddr':'00189440','dr':1,'fCnt':%d,'fPort':1,'data':'qrvMAQ==','object':{'moisture':%s,'battery':3.6}}"
                    .formatted(to.integer(1 << 30), to.iso(), step, to.measured(30))));
  }

  static List<ConsumerRecord<byte[], byte[]>> debezium() {
    return of(
        60,
        (to, step) -> {
          for (int meter = 1; meter <= 2; meter++) {
            to.send(
                "{'id':%d}".formatted(2 * step + meter),
                "{'before':null,'after':{'id':%d,'meter':'M%d','reading':%s,'taken_at':%d},'source':{'version':'2.5','connector':'postgresql','ts_ms':%d,'lsn':%d,'txId':%d,'table':'readings'},'op':'c','ts_ms':%d}"
                    .formatted(
                        2 * step + meter,
                        meter,
                        to.measured(50),
                        to.second() * 1000,
                        to.second() * 1000 + 400,
                        24_000_000L + 56L * step,
                        700 + step,
                        to.second() * 1000 + 900));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> ksqlDb() {
    return of(
        60,
        (to, step) -> {
          for (String sensor : List.of("S1", "S2")) {
            to.send(
                sensor,
                "{'SENSOR_ID':'%s','READING':%s,'EVENT_TS':%d}"
                    .formatted(sensor, to.measured(9), to.second() * 1000));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> prometheus() {
    return of(
        60,
        15,
        (to, step) -> {
          for (String instance : List.of("app-1:9100", "app-2:9100")) {
            for (String mode : List.of("idle", "user")) {
              to.send(
                  null,
                  "{'labels':{'__name__':'node_cpu','instance':'%s','job':'node','mode':'%s'},'name':'node_cpu','timestamp':'%s','value':'%s'}"
                      .formatted(instance, mode, to.iso(), to.measured(50)));
            }
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> openWeather() {
    return of(
        48,
        3600,
        (to, step) -> {
          for (String city : List.of("Bergen", "Turin")) {
            int id = city.equals("Turin") ? 3165524 : 3161732;
            to.send(
                null,
                "{'coord':{'lon':5.32,'lat':60.39},'weather':[{'id':803,'main':'Clouds'}],'main':{'temp':%s,'pressure':%d,'humidity':%d},'visibility':10000,'wind':{'speed':%s,'deg':%d},'dt':%d,'sys':{'country':'NO','sunrise':%d,'sunset':%d},'timezone':3600,'id':%d,'name':'%s','cod':200}"
                    .formatted(
                        to.measured(278),
                        1000 + to.integer(20),
                        60 + to.integer(30),
                        to.measured(2),
                        to.integer(360),
                        to.second(),
                        to.second() / 86_400 * 86_400 + 28_000,
                        to.second() / 86_400 * 86_400 + 57_000,
                        id,
                        city));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> smartMeter() {
    return of(
        60,
        10,
        (to, step) ->
            to.send(
                null,
                "{'timestamp':'%s','equipment_id':'E0047000','electricity_currently_delivered':'%s','electricity_currently_returned':'%s','tariff_indicator':'0002'}"
                    .formatted(
                        to.local("yyyy-MM-dd'T'HH:mm:ss'+01:00'"), to.measured(0), "0.000")));
  }

  /** Timestamps of the P1 port itself, with a letter for summer time. */
  static List<ConsumerRecord<byte[], byte[]>> smartMeterTelegram() {
    return of(
        60,
        10,
        (to, step) ->
            to.send(
                "meter-1",
                "{'timestamp':'%sW','power_delivered':{'value':%s,'unit':'kW'}}"
                    .formatted(to.local("yyMMddHHmmss"), to.measured(0))));
  }

  static List<ConsumerRecord<byte[], byte[]>> awsIot() {
    return of(
        60,
        (to, step) -> {
          for (String thing : List.of("press-1", "press-2")) {
            to.send(
                null,
                "{'clientId':'%s','state':{'reported':{'temperature':%s,'rpm':%d}},'version':%d,'timestamp':%d}"
                    .formatted(
                        thing, to.measured(60), 900 + to.integer(40), 100 + step, to.second()));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> azureIot() {
    return of(
        60,
        (to, step) -> {
          for (String device : List.of("dev-a", "dev-b")) {
            to.send(
                null,
                "{'body':{'messageId':%d,'temperature':%s},'enqueuedTime':'%s','systemProperties':{'iothub-connection-device-id':'%s','contentType':'application/json'}}"
                    .formatted(step, to.measured(20), to.iso().replace("Z", ".123Z"), device));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> influxJson() {
    return of(
        60,
        (to, step) -> {
          for (String room : List.of("kitchen", "cellar")) {
            to.send(
                null,
                "{'measurement':'air','tags':{'room':'%s'},'fields':{'temp':%s,'hum':%s},'time':%d}"
                    .formatted(
                        room, to.measured(20), to.measured(40), to.second() * 1_000_000_000L));
          }
        });
  }

  /** SenML with base values, which only the first element of a pack has. */
  static List<ConsumerRecord<byte[], byte[]>> senMl() {
    return of(
        60,
        (to, step) ->
            to.send(
                "gw-1",
                "[{'bn':'urn:dev:1:','bt':%d,'n':'voltage','u':'V','v':%s},{'n':'current','t':-5,'u':'A','v':%s}]"
                    .formatted(to.second(), to.measured(228), to.measured(1))));
  }

  static List<ConsumerRecord<byte[], byte[]>> sparkplug() {
    return of(
        60,
        (to, step) ->
            to.send(
                "spBv1.0/plant/DDATA/edge/press",
                "{'timestamp':%d,'metrics':[{'name':'Temp','timestamp':%d,'dataType':'Float','value':%s},{'name':'Flow','timestamp':%d,'dataType':'Float','value':%s}],'seq':%d}"
                    .formatted(
                        to.second() * 1000 + 20,
                        to.second() * 1000,
                        to.measured(60),
                        to.second() * 1000,
                        to.measured(7),
                        step % 256)));
  }

  static List<ConsumerRecord<byte[], byte[]>> topLevelList() {
    return of(
        60,
        (to, step) ->
            to.send(
                null,
                "[{'sensor':'a','ts':%d,'value':%s},{'sensor':'b','ts':%d,'value':%s}]"
                    .formatted(to.second(), to.measured(3), to.second(), to.measured(8))));
  }

  /** Two hosts whose times have no zone. */
  static List<ConsumerRecord<byte[], byte[]>> zonelessTimes() {
    return of(
        60,
        (to, step) ->
            to.send(
                "a",
                "{'timestamp':'%s','value':%s}"
                    .formatted(to.local("yyyy-MM-dd HH:mm:ss"), to.measured(3))));
  }

  /** Daily values with a date; the records were loaded within a second. */
  static List<ConsumerRecord<byte[], byte[]>> dates() {
    return of(
        120,
        86_400,
        (to, step) ->
            to.send(
                "shop-1",
                "{'timestamp':'%s','value':%s}"
                    .formatted(to.local("yyyy-MM-dd"), to.measured(300))));
  }

  /** Decimals as Connect writes them, beside a message counter. */
  static List<ConsumerRecord<byte[], byte[]>> base64Decimals() {
    return of(
        60,
        (to, step) ->
            to.send(
                "a",
                "{'ts':%d,'seq':%d,'amount':'%s'}"
                    .formatted(
                        to.second() * 1000,
                        step,
                        java.util.Base64.getEncoder()
                            .encodeToString(new byte[] {(byte) to.integer(256), (byte) 7}))));
  }

  static List<ConsumerRecord<byte[], byte[]>> counterAndConstant() {
    return of(
        60,
        (to, step) ->
            to.send("a", "{'ts':%d,'n':%d,'limit':40}".formatted(to.second() * 1000, 17 + step)));
  }

  static List<ConsumerRecord<byte[], byte[]>> primaryKey() {
    return of(
        60,
        (to, step) ->
            to.send(
                null,
                "{'row':%d,'label':'x%d','created':'%s'}"
                    .formatted(1_000_003L * (step * 7919 % 60) + 11, step, to.iso())));
  }

  /** Every record has a key of its own. */
  static List<ConsumerRecord<byte[], byte[]>> uniqueKeys() {
    return of(
        60,
        (to, step) -> {
          for (String sensor : List.of("in", "out")) {
            to.send(
                "%08x".formatted(to.integer(1 << 30)),
                "{'probe':'%s','measured_at':'%s','level':%s}"
                    .formatted(sensor, to.iso(), to.measured(4)));
          }
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> siteAndSensor() {
    return of(
        60,
        (to, step) -> {
          for (String site : List.of("north", "south")) {
            for (int sensor = 1; sensor <= 2; sensor++) {
              to.send(
                  null,
                  "{'site':'%s','sensor':%d,'ts':%d,'value':%s,'status':'%s'}"
                      .formatted(
                          site,
                          sensor,
                          to.second(),
                          to.measured(3),
                          to.integer(9) == 0 ? "warn" : "ok"));
            }
          }
        });
  }

  /** Hosts at different seconds, so that merged they have no duplicates. */
  static List<ConsumerRecord<byte[], byte[]>> interleavedHosts() {
    return of(
        80,
        10,
        (to, step) -> {
          to.send(null, "{'host':'h1','t':%d,'load':%s}".formatted(to.second(), to.measured(1)));
          to.send(
              null, "{'host':'h2','t':%d,'load':%s}".formatted(to.second() + 3, to.measured(1)));
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> nanoseconds() {
    return of(
        60,
        (to, step) ->
            to.send(
                "a",
                "{'timestamp':%d,'value':%s}"
                    .formatted(to.second() * 1_000_000_000L, to.measured(1))));
  }

  static List<ConsumerRecord<byte[], byte[]>> secondsInTimestamp() {
    return of(
        60,
        (to, step) ->
            to.send("a", "{'timestamp':%d,'value':%s}".formatted(to.second(), to.measured(1))));
  }

  static List<ConsumerRecord<byte[], byte[]>> germanTimes() {
    return of(
        60,
        (to, step) ->
            to.send(
                "a",
                "{'zeit':'x','timestamp':'%s','value':%s}"
                    .formatted(to.local("dd.MM.yyyy HH:mm"), to.measured(1))));
  }

  static List<ConsumerRecord<byte[], byte[]>> numbers() {
    return of(
        30,
        (to, step) -> {
          to.hasRecordTimes = true;
          to.send("a", to.measured(1));
        });
  }

  static List<ConsumerRecord<byte[], byte[]>> text() {
    return of(30, (to, step) -> to.send("a", "temperature=%s".formatted(to.measured(1))));
  }
}
