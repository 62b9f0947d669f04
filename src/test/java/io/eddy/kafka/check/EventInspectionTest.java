package io.eddy.kafka.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.StreamPoliciesBuilder;
import io.eddy.kafka.event.EventFormat;
import io.eddy.kafka.event.EventMapping;
import io.eddy.kafka.event.InfluxPaths;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings that {@code check} proposes for events in the shapes that are found in practice. */
class EventInspectionTest {
  private static final String NONE = "none";

  static List<Arguments> shapes() {
    return List.of(
        shape(
            "Telegraf",
            EventShapes.telegraf(),
            "tags.host | timestamp s | fields.usage_idle,fields.usage_user"),
        shape(
            "Telegraf batch",
            EventShapes.telegrafBatch(),
            "metrics[].tags.host | metrics[].timestamp s | metrics[].fields.usage_idle"),
        shape(
            "Telegraf mixed",
            EventShapes.telegrafMixed(),
            "tags.host,tags.cpu | timestamp s | fields.usage_idle"),
        shape(
            "Home Assistant", EventShapes.homeAssistant(), "entity_id | last_changed auto | state"),
        shape("Zigbee2MQTT", EventShapes.zigbee2Mqtt(), "record | default | humidity,temperature"),
        shape(
            "Shelly",
            EventShapes.shelly(),
            "src | params.ts s | params.switch:0.apower,params.switch:0.aenergy.total"),
        shape(
            "Tasmota",
            EventShapes.tasmota(),
            "record | Time auto | ENERGY.Total,ENERGY.Power,ENERGY.Voltage,ENERGY.Current zone"),
        shape(
            "The Things Network",
            EventShapes.ttnUplink(),
            "end_device_ids.device_id | received_at auto | uplink_message.decoded_payload.moisture,uplink_message.decoded_payload.temperature"),
        shape(
            "ChirpStack",
            EventShapes.chirpStack(),
            "deviceInfo.deviceName | time auto | object.moisture"),
        shape(
            "Debezium",
            EventShapes.debezium(),
            "after.meter | after.taken_at auto | after.reading"),
        shape("ksqlDB", EventShapes.ksqlDb(), "record | EVENT_TS auto | READING"),
        shape(
            "Prometheus",
            EventShapes.prometheus(),
            "labels.instance,labels.mode | default | value"),
        shape(
            "OpenWeather",
            EventShapes.openWeather(),
            "name | dt s | main.temp,main.pressure,main.humidity,wind.speed"),
        shape(
            "smart meter",
            EventShapes.smartMeter(),
            "equipment_id | default | electricity_currently_delivered"),
        shape("smart meter P1", EventShapes.smartMeterTelegram(), NONE),
        shape(
            "AWS IoT", EventShapes.awsIot(), "clientId | timestamp s | state.reported.temperature"),
        shape(
            "Azure IoT",
            EventShapes.azureIot(),
            "systemProperties.iothub-connection-device-id | enqueuedTime auto | body.temperature"),
        shape("InfluxDB", EventShapes.influxJson(), "tags.room | time ns | fields.temp,fields.hum"),
        shape("SenML", EventShapes.senMl(), NONE),
        shape(
            "Sparkplug",
            EventShapes.sparkplug(),
            "record,metrics[].name | metrics[].timestamp auto | metrics[].value"),
        shape("list", EventShapes.topLevelList(), "[].sensor | [].ts s | [].value"),
        shape("times without zone", EventShapes.zonelessTimes(), "record | default | value zone"),
        shape("dates", EventShapes.dates(), "record | default | value zone"),
        shape("base64", EventShapes.base64Decimals(), NONE),
        shape("counter and constant", EventShapes.counterAndConstant(), NONE),
        shape("primary key", EventShapes.primaryKey(), NONE),
        shape("unique keys", EventShapes.uniqueKeys(), "probe | measured_at auto | level"),
        shape("site and sensor", EventShapes.siteAndSensor(), "sensor,site | ts s | value"),
        shape("interleaved hosts", EventShapes.interleavedHosts(), "host | t s | load"),
        shape("nanoseconds", EventShapes.nanoseconds(), "record | timestamp ns | value"),
        shape("seconds", EventShapes.secondsInTimestamp(), "record | timestamp s | value"),
        shape(
            "German times",
            EventShapes.germanTimes(),
            "record | timestamp d.M.yyyy H:mm | value zone"),
        shape(
            "line protocol",
            WrittenShapes.lines(),
            "record | default | fields.usage_idle,fields.usage_user"),
        shape(
            "batches of lines",
            WrittenShapes.lineBatches(),
            "measurement,tags.host,field | default | value"),
        shape(
            "lines in seconds",
            WrittenShapes.linesInSeconds(),
            "tags.room | timestamp s | fields.temp,fields.hum"),
        shape(
            "lines with other tags",
            WrittenShapes.linesWithOtherTags(),
            "tags.cpu | default | fields.usage_idle,fields.usage_user"),
        shape(
            "lines without tags",
            WrittenShapes.linesWithoutTags(),
            "measurement | default | fields.value"),
        shape("equal hosts", WrittenShapes.equalHosts(), "tags.host | default | fields.v"),
        shape("OwnTracks", WrittenShapes.ownTracks(), "tid | tst s | lat,lon"),
        shape(
            "MongoDB",
            WrittenShapes.mongo(),
            "station | t.$date.$numberLong auto | v.$numberDouble"),
        shape("growing identifiers", WrittenShapes.growingIds(), "record | default | level"),
        shape("words", WrittenShapes.words(), "record | default | value words OFF=0,ON=1"),
        shape("Kafka Connect", WrittenShapes.connect(), "site | at auto | power"),
        shape(
            "Debezium with schema",
            WrittenShapes.debeziumWithSchema(),
            "after.meter | after.taken_at auto | after.reading zone"),
        shape(
            "Debezium with deletes",
            WrittenShapes.debeziumWithDeletes(),
            "after.meter | after.taken_at auto | after.reading"),
        shape(
            "Booleans",
            WrittenShapes.booleans(),
            "device | ts auto | contact words false=0,true=1"),
        shape(
            "on and off",
            WrittenShapes.onOff(),
            "entity_id | last_changed auto | state words off=0,on=1,unavailable=missing"),
        shape(
            "not available",
            WrittenShapes.unavailable(),
            "entity_id | last_changed auto | state words unavailable=missing"),
        shape("modes", WrittenShapes.modes(), NONE),
        shape("text", EventShapes.text(), NONE));
  }

  private static Arguments shape(
      String name, List<ConsumerRecord<byte[], byte[]>> records, String expected) {
    return Arguments.of(name, records, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void proposesSettingsThatAreRightOrNone(
      String name, List<ConsumerRecord<byte[], byte[]>> records, String expected) {
    EventInspection inspection = inspect(records);

    assertThat(describe(inspection)).as("%s", inspection.detection()).isEqualTo(expected);
    EventInspection.Reading proposed = inspection.proposed();
    if (proposed != null) {
      assertThat(3 * proposed.sample().rejected()).isLessThanOrEqualTo(records.size());
      assertThat(proposed.sample().conflicts()).isZero();
    }
  }

  private static EventInspection inspect(List<ConsumerRecord<byte[], byte[]>> records) {
    return EventInspection.of(
        EventMapping.defaults(EventFormat.JSON, List.of()),
        StreamPoliciesBuilder.policies().build(),
        records);
  }

  private static String describe(EventInspection inspection) {
    EventInspection.Reading proposed = inspection.proposed();
    EventMapping mapping = proposed == null ? null : proposed.mapping();
    return mapping == null ? NONE : describe(mapping, inspection.detection().needsZone());
  }

  static String describe(EventMapping mapping, boolean needsZone) {
    boolean isInflux = mapping.format() == EventFormat.INFLUX;
    String field = String.valueOf(mapping.time().field());
    String time =
        mapping.hasDefaultTime()
            ? "default"
            : (isInflux ? InfluxPaths.withinLine(field) : field)
                + " "
                + mapping.time().format().id();
    List<String> values = mapping.values();
    return "%s | %s | %s%s%s"
        .formatted(
            mapping.keySetting(),
            time,
            String.join(
                ",", isInflux ? values.stream().map(InfluxPaths::withinLine).toList() : values),
            mapping.words().numbers().isEmpty() ? "" : " words " + mapping.words().setting(),
            needsZone ? " zone" : "");
  }
}
