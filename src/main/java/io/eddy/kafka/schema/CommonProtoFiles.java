package io.eddy.kafka.schema;

import java.util.Map;

/**
 * Files that Protobuf schemas of a registry import without a reference, because serializers bring
 * them along. Kafka Connect uses them for its logical types.
 */
final class CommonProtoFiles {
  /** Text by the name in an import. */
  static final Map<String, String> TEXTS =
      Map.of(
          "confluent/type/decimal.proto",
          """
          syntax = "proto3";
          package confluent.type;
          message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }
          """,
          "google/type/date.proto",
          """
          syntax = "proto3";
          package google.type;
          message Date { int32 year = 1; int32 month = 2; int32 day = 3; }
          """,
          "google/type/timeofday.proto",
          """
          syntax = "proto3";
          package google.type;
          message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }
          """,
          "google/type/latlng.proto",
          """
          syntax = "proto3";
          package google.type;
          message LatLng { double latitude = 1; double longitude = 2; }
          """,
          "google/type/decimal.proto",
          """
          syntax = "proto3";
          package google.type;
          message Decimal { string value = 1; }
          """);

  private CommonProtoFiles() {}
}
