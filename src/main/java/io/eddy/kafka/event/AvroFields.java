package io.eddy.kafka.event;

import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The way through the bytes of one schema to the fields that a mapping names; everything else is
 * passed over without being made into objects. Of a union the branch at hand counts, so that a null
 * is a field that says nothing.
 */
final class AvroFields {
  private static final int DEEPEST = 64;
  private static final int LONGEST_DECIMAL = 64;

  private final EventMapping mapping;
  private final FieldPaths paths;
  private final Set<String> covariates;
  private final Plan root;

  /** What is done with the bytes of one schema. */
  private interface Plan {
    void read(AvroBytes in, EventFields fields);
  }

  /**
   * The way.
   *
   * @throws InvalidRecordException where the schema is no record
   */
  AvroFields(Schema schema, EventMapping mapping) {
    this.mapping = mapping;
    paths = new FieldPaths(mapping);
    covariates = Set.copyOf(mapping.covariates());
    if (schema.getType() != Schema.Type.RECORD) {
      throw new InvalidRecordException("expected an Avro record, got %s", schema.getType());
    }
    root = record(schema, null);
  }

  /** Puts into {@code fields} what the record has of them. */
  void read(byte[] value, int from, EventFields fields) {
    AvroBytes in = new AvroBytes(value, from);
    root.read(in, fields);
    if (in.remaining() > 0) {
      throw new InvalidRecordException(
          "no Avro of this schema: %d bytes are left behind the event", in.remaining());
    }
  }

  private Plan plan(Schema schema, String path) {
    FieldPaths.Field field = paths.find(path);
    boolean leadsOn = paths.leadsOn(path);
    if (field == null && !leadsOn) {
      return (in, fields) -> skip(in, schema, 0);
    }
    return switch (schema.getType()) {
      case UNION -> {
        Plan[] branches =
            schema.getTypes().stream().map(branch -> plan(branch, path)).toArray(Plan[]::new);
        yield (in, fields) -> branches[in.readIndex(branches.length)].read(in, fields);
      }
      case RECORD -> leadsOn ? record(schema, path) : taken(schema, field);
      case MAP -> leadsOn ? map(schema, path) : taken(schema, field);
      default -> taken(schema, field);
    };
  }

  private Plan record(Schema schema, @Nullable String parent) {
    Plan[] plans =
        schema.getFields().stream()
            .map(
                field ->
                    parent == null && isAhead(field.name())
                        ? ahead(field.schema())
                        : plan(
                            field.schema(),
                            parent == null ? field.name() : parent + '.' + field.name()))
            .toArray(Plan[]::new);
    return (in, fields) -> {
      for (Plan plan : plans) {
        plan.read(in, fields);
      }
    };
  }

  private Plan map(Schema schema, String path) {
    Map<String, Plan> plans = new HashMap<>();
    paths
        .below(path)
        .forEach(name -> plans.put(name, plan(schema.getValueType(), path + '.' + name)));
    Plan other = (in, fields) -> skip(in, schema.getValueType(), 0);
    return (in, fields) -> entries(in, name -> plans.getOrDefault(name, other).read(in, fields));
  }

  private interface Entry {
    void read(String name);
  }

  private static void entries(AvroBytes in, Entry entry) {
    for (long count = block(in); count != 0; count = block(in)) {
      for (long i = 0; i < count; i++) {
        in.step();
        entry.read(in.readText());
      }
    }
  }

  /** How many items follow; 0 behind the last. */
  private static long block(AvroBytes in) {
    long count = in.readLong();
    if (count < 0) {
      count = -count;
      in.readLength();
    }
    if (count < 0) {
      throw new InvalidRecordException("no Avro: a list of 2^63 items");
    }
    return count;
  }

  private Plan taken(Schema schema, FieldPaths.@Nullable Field field) {
    if (field == null) {
      return (in, fields) -> skip(in, schema, 0);
    }
    return (in, fields) -> take(scalar(in, schema), schema, field, fields);
  }

  /** Null, Boolean, Long, Double or String; for whatever else the schema itself. */
  private static @Nullable Object scalar(AvroBytes in, Schema schema) {
    return switch (schema.getType()) {
      case NULL -> null;
      case BOOLEAN -> in.readBoolean();
      case INT, LONG -> in.readLong();
      case FLOAT -> (double) in.readFloat();
      case DOUBLE -> in.readDouble();
      case STRING -> in.readText();
      case ENUM -> schema.getEnumSymbols().get(in.readIndex(schema.getEnumSymbols().size()));
      case BYTES -> decimal(in, schema, in.readLength());
      case FIXED -> decimal(in, schema, schema.getFixedSize());
      case UNION -> scalar(in, schema.getTypes().get(in.readIndex(schema.getTypes().size())));
      case ARRAY, MAP, RECORD -> {
        skip(in, schema, 0);
        yield schema;
      }
    };
  }

  private static Object decimal(AvroBytes in, Schema schema, int length) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        && length > 0
        && length <= LONGEST_DECIMAL) {
      return new BigDecimal(new BigInteger(in.readBytes(length)), decimal.getScale()).doubleValue();
    }
    in.advance(length);
    return schema;
  }

  private void take(
      @Nullable Object found, Schema schema, FieldPaths.Field field, EventFields fields) {
    if (field.value() != FieldPaths.Field.NONE) {
      value(found, field, fields);
    }
    if (field.isTime()) {
      fields.putTime(time(found, schema, field.path()));
    }
    if (field.key() != FieldPaths.Field.NONE) {
      fields.putKey(field.key(), key(found, field.path()));
    }
    if (field.isCovariate()) {
      fields.putCovariate(field.path(), covariate(found, field.path()));
    }
  }

  private void value(@Nullable Object found, FieldPaths.Field field, EventFields fields) {
    if (found == null && mapping.hasSeveralValues()) {
      fields.putNothing(field.value());
      return;
    }
    try {
      fields.putValue(field.value(), number(found, field.path()));
    } catch (InvalidRecordException e) {
      fields.putFault(field.value(), e);
    }
  }

  private long time(@Nullable Object found, Schema schema, String field) {
    TimestampFormat format = format(schema, mapping.time().format());
    if (format == null) {
      throw new InvalidRecordException(
          "field %s: expected a point in time, got a %s, which has no zone",
          field, schema.getLogicalType().getName());
    }
    if (found instanceof Long whole) {
      return format.ofWhole(field, whole);
    }
    if (found instanceof Double fraction && format != TimestampFormat.AUTO) {
      return format.ofFraction(field, fraction);
    }
    if (found instanceof String text) {
      return format.ofText(field, text);
    }
    throw format.unexpected(field, inWords(found));
  }

  /** What the schema says of a time, or else the mapping; null where it is none. */
  static @Nullable TimestampFormat format(Schema schema, TimestampFormat mapped) {
    LogicalType type = schema.getLogicalType();
    if (type == null) {
      return mapped;
    }
    return switch (type.getName()) {
      case "timestamp-millis" -> TimestampFormat.MS;
      case "timestamp-micros" -> TimestampFormat.US;
      case "timestamp-nanos" -> TimestampFormat.NS;
      case "decimal", "uuid" -> mapped;
      default -> null;
    };
  }

  private static String key(@Nullable Object found, String field) {
    if (found instanceof String || found instanceof Long) {
      return found.toString();
    }
    throw new InvalidRecordException(
        "field %s: expected a text or a whole number, as a part of the series' name, got %s",
        field, inWords(found));
  }

  private static double number(@Nullable Object found, String field) {
    if (found instanceof Number number) {
      return number.doubleValue();
    }
    if (found instanceof String text) {
      return EventDecoder.parseNumber(field, text);
    }
    throw new InvalidRecordException("field %s: expected a number, got %s", field, inWords(found));
  }

  /** NaN where it is null or an empty text; true is 1, false 0. */
  private static double covariate(@Nullable Object found, String field) {
    if (found == null || (found instanceof String text && text.isBlank())) {
      return Double.NaN;
    }
    return found instanceof Boolean truth ? (truth ? 1 : 0) : number(found, field);
  }

  private static String inWords(@Nullable Object found) {
    if (found instanceof Schema schema) {
      return schema.getType().toString();
    }
    return found == null
        ? "null"
        : found instanceof Boolean ? "BOOLEAN" : found instanceof String ? "STRING" : "a number";
  }

  private boolean isAhead(String name) {
    return name.equals(JsonEvents.AHEAD) && !covariates.isEmpty() && paths.find(name) == null;
  }

  /** A map, or a record, of lists of numbers. */
  private Plan ahead(Schema schema) {
    return (in, fields) -> {
      FutureCovariatesReader reader = new FutureCovariatesReader();
      lists(in, schema, reader);
      FutureCovariates ahead = reader.toLookAhead();
      fields.putAhead(ahead);
    };
  }

  private void lists(AvroBytes in, Schema schema, FutureCovariatesReader reader) {
    switch (schema.getType()) {
      case UNION ->
          lists(in, schema.getTypes().get(in.readIndex(schema.getTypes().size())), reader);
      case MAP -> entries(in, name -> list(in, schema.getValueType(), name, reader));
      case RECORD ->
          schema.getFields().forEach(field -> list(in, field.schema(), field.name(), reader));
      case NULL -> {}
      default ->
          throw new InvalidRecordException(
              "field ahead: expected a map or record of lists of numbers, got %s",
              schema.getType());
    }
  }

  private void list(AvroBytes in, Schema schema, String name, FutureCovariatesReader reader) {
    if (!covariates.contains(name)) {
      skip(in, schema, 0);
    } else if (schema.getType() == Schema.Type.UNION) {
      list(in, schema.getTypes().get(in.readIndex(schema.getTypes().size())), name, reader);
    } else if (schema.getType() == Schema.Type.ARRAY) {
      reader.begin(name);
      for (long count = block(in); count != 0; count = block(in)) {
        for (long i = 0; i < count; i++) {
          reader.add(covariate(scalar(in, schema.getElementType()), reader.field()));
        }
      }
    } else if (schema.getType() != Schema.Type.NULL) {
      throw new InvalidRecordException(
          "field ahead.%s: expected a list of numbers, got %s", name, schema.getType());
    }
  }

  /** Goes over what is not asked for. */
  private static void skip(AvroBytes in, Schema schema, int depth) {
    if (depth > DEEPEST) {
      throw new InvalidRecordException("no event: nested more than %d deep", DEEPEST);
    }
    in.step();
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> in.advance(1);
      case INT, LONG, ENUM -> in.readLong();
      case FLOAT -> in.advance(4);
      case DOUBLE -> in.advance(8);
      case STRING, BYTES -> in.advance(in.readLength());
      case FIXED -> in.advance(schema.getFixedSize());
      case UNION -> {
        List<Schema> branches = schema.getTypes();
        skip(in, branches.get(in.readIndex(branches.size())), depth + 1);
      }
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          skip(in, field.schema(), depth + 1);
        }
      }
      case ARRAY, MAP -> skipItems(in, schema, depth);
    }
  }

  private static void skipItems(AvroBytes in, Schema schema, int depth) {
    boolean isMap = schema.getType() == Schema.Type.MAP;
    Schema item = isMap ? schema.getValueType() : schema.getElementType();
    for (long count = in.readLong(); count != 0; count = in.readLong()) {
      if (count < 0) {
        in.advance(in.readLength());
        continue;
      }
      for (long i = 0; i < count; i++) {
        if (isMap) {
          in.advance(in.readLength());
        }
        skip(in, item, depth + 1);
      }
    }
  }
}
