package io.eddy.kafka.event;

import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.RoundedIntegers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads the mapped fields of records of one schema and skips all others without creating objects. A
 * union is read as its actual branch; a null counts as a missing field.
 */
final class AvroFields {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_DECIMAL_BYTES = 64;

  private final FieldPaths paths;
  private final FieldNumbers numbers;
  private final Set<String> covariates;
  private final Plan root;

  /** Reads or skips a value of one schema. */
  private interface Plan {
    void read(AvroBytes in, EventFields fields);
  }

  /**
   * Creates a reader.
   *
   * @throws InvalidRecordException if the schema is not a record
   */
  AvroFields(Schema schema, EventMapping mapping) {
    paths = new FieldPaths(mapping);
    numbers = new FieldNumbers(mapping.words());
    covariates = Set.copyOf(mapping.covariates());
    root = root(schema);
  }

  /** Plans reading an event: a record, or a union of the records of a topic with several types. */
  private Plan root(Schema schema) {
    if (schema.getType() == Schema.Type.RECORD) {
      return record(schema, null);
    }
    if (schema.getType() == Schema.Type.UNION) {
      Plan[] branches = schema.getTypes().stream().map(this::branch).toArray(Plan[]::new);
      return (in, fields) -> branches[in.readIndex(branches.length)].read(in, fields);
    }
    throw new InvalidRecordException("expected an Avro record, got %s", schema.getType());
  }

  private Plan branch(Schema schema) {
    if (schema.getType() == Schema.Type.RECORD) {
      return record(schema, null);
    }
    return (in, fields) -> {
      throw new InvalidRecordException("expected an Avro record, got %s", schema.getType());
    };
  }

  /** Reads the mapped fields of a record into {@code fields}. */
  void read(byte[] value, int from, EventFields fields) {
    AvroBytes in = new AvroBytes(value, from);
    root.read(in, fields);
    if (in.remaining() > 0) {
      throw new InvalidRecordException(
          "does not match its schema: %d bytes left after the event", in.remaining());
    }
  }

  private Plan plan(Schema schema, String path) {
    FieldPaths.Field field = paths.find(path);
    boolean isParent = paths.isParent(path);
    String list = paths.list(path);
    if (field == null && !isParent && list == null) {
      return (in, fields) -> skip(in, schema, 0);
    }
    return switch (schema.getType()) {
      case UNION -> {
        Plan[] branches =
            schema.getTypes().stream().map(branch -> plan(branch, path)).toArray(Plan[]::new);
        yield (in, fields) -> branches[in.readIndex(branches.length)].read(in, fields);
      }
      case RECORD -> isParent ? record(schema, path) : scalar(schema, field, path);
      case MAP -> isParent ? map(schema, path) : scalar(schema, field, path);
      case ARRAY -> list != null ? list(schema, list) : scalar(schema, field, path);
      default -> scalar(schema, field, path);
    };
  }

  private Plan list(Schema schema, String path) {
    Plan element = plan(schema.getElementType(), path);
    return (in, fields) -> {
      int index = 0;
      for (long count = block(in); count != 0; count = block(in)) {
        for (long i = 0; i < count; i++) {
          in.step();
          fields.beginElement(index++);
          element.read(in, fields);
          fields.endElement();
        }
      }
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

  /** Reads the number of items in the next block; 0 after the last block. */
  private static long block(AvroBytes in) {
    long count = in.readLong();
    if (count < 0) {
      count = -count;
      in.readLength();
    }
    if (count < 0) {
      throw new InvalidRecordException("not valid Avro: a list has 2^63 items");
    }
    return count;
  }

  private static void rejectType(
      Schema schema, String path, boolean isListExpected, EventFields fields) {
    if (isListExpected) {
      fields.reject(
          new InvalidRecordException("field %s: expected a list, got %s", path, schema.getType()));
    } else {
      fields.rejectElement(
          new InvalidRecordException("%s: expected records, got %s", path, schema.getType()));
    }
  }

  private Plan scalar(Schema schema, FieldPaths.@Nullable Field field, String path) {
    boolean isListExpected = paths.list(path) != null;
    if (field == null && (isListExpected || path.endsWith(FieldPath.LIST))) {
      return (in, fields) -> {
        skip(in, schema, 0);
        if (schema.getType() != Schema.Type.NULL) {
          rejectType(schema, path, isListExpected, fields);
        }
      };
    }
    if (field == null) {
      return (in, fields) -> skip(in, schema, 0);
    }
    LogicalTime type = LogicalTime.of(schema);
    return (in, fields) -> put(readScalar(in, schema), type, field, fields);
  }

  /**
   * Reads a null, Boolean, Long, Double or String. A value of any other type is skipped and its
   * schema returned.
   */
  static @Nullable Object readScalar(AvroBytes in, Schema schema) {
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
      case UNION -> readScalar(in, schema.getTypes().get(in.readIndex(schema.getTypes().size())));
      case RECORD -> isVariableScale(schema) ? variableScale(in, schema) : skipped(in, schema);
      case ARRAY, MAP -> skipped(in, schema);
    };
  }

  private static Schema skipped(AvroBytes in, Schema schema) {
    skip(in, schema, 0);
    return schema;
  }

  private static boolean isVariableScale(Schema schema) {
    return ConnectDecimals.VARIABLE_SCALE.equals(schema.getFullName())
        || ConnectDecimals.VARIABLE_SCALE.equals(schema.getProp("connect.name"));
  }

  /** Reads Debezium's decimal with its own scale. */
  private static Object variableScale(AvroBytes in, Schema schema) {
    long scale = 0;
    byte[] unscaled = {};
    for (Schema.Field field : schema.getFields()) {
      Schema.Type type = field.schema().getType();
      if (field.name().equals("scale") && type == Schema.Type.INT) {
        scale = in.readLong();
      } else if (field.name().equals("value") && type == Schema.Type.BYTES) {
        unscaled = in.readBytes(in.readLength());
      } else {
        skip(in, field.schema(), 0);
      }
    }
    BigDecimal decimal = ConnectDecimals.of(unscaled, Math.toIntExact(scale));
    return decimal == null ? schema : decimal;
  }

  private static Object decimal(AvroBytes in, Schema schema, int length) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
        && length > 0
        && length <= MAX_DECIMAL_BYTES) {
      return new BigDecimal(new BigInteger(in.readBytes(length)), decimal.getScale());
    }
    in.advance(length);
    return schema;
  }

  private void put(
      @Nullable Object value,
      @Nullable LogicalTime type,
      FieldPaths.Field field,
      EventFields fields) {
    if (field.isOperation() || field.isDeleted()) {
      fields.putChange(field, value == null ? null : value.toString());
    }
    if (field.value() != FieldPaths.Field.NONE) {
      value(value, field, fields);
    }
    try {
      if (field.isTime()) {
        time(value, type, field.path(), fields);
      }
      if (field.key() != FieldPaths.Field.NONE) {
        fields.putKey(field.key(), key(value, field.path()));
      }
      if (field.isCovariate()) {
        fields.putCovariate(field.path(), covariate(value, field.path()));
        countRounded(value, fields);
      }
    } catch (InvalidRecordException e) {
      fields.reject(e);
    }
  }

  private void value(@Nullable Object value, FieldPaths.Field field, EventFields fields) {
    try {
      fields.putValue(field.value(), number(value, field.path()));
      countRounded(value, fields);
    } catch (InvalidRecordException e) {
      fields.putFault(field.value(), e);
    }
  }

  private static void countRounded(@Nullable Object value, EventFields fields) {
    if ((value instanceof Long number && RoundedIntegers.contains(number))
        || (value instanceof BigDecimal decimal && RoundedIntegers.contains(decimal))
        || (value instanceof String text && RoundedIntegers.contains(text))) {
      fields.countRounded();
    }
  }

  private static void time(
      @Nullable Object value, @Nullable LogicalTime type, String field, EventFields fields) {
    if (value instanceof Long number) {
      if (type == null) {
        fields.putTime(field, number);
      } else {
        fields.putTime(field, number, type);
      }
    } else if (value instanceof Double || value instanceof BigDecimal) {
      fields.putTime(field, ((Number) value).doubleValue());
    } else if (value instanceof String text) {
      fields.putTime(field, text);
    } else {
      throw fields.noTime(field, describe(value));
    }
  }

  private static String key(@Nullable Object value, String field) {
    if (value instanceof String || value instanceof Long) {
      return value.toString();
    }
    throw new InvalidRecordException(
        "field %s: expected a string or an integer as a part of the series name, got %s",
        field, describe(value));
  }

  /** Returns a value: NaN if it is missing. */
  private double number(@Nullable Object value, String field) {
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number number) {
      return Double.isFinite(number.doubleValue()) ? number.doubleValue() : Double.NaN;
    }
    if (value instanceof String text) {
      return numbers.ofText(field, text);
    }
    if (value instanceof Boolean truth) {
      return numbers.ofValue(field, truth);
    }
    throw new InvalidRecordException("field %s: expected a number, got %s", field, describe(value));
  }

  /** Returns a covariate: by default 1 for true, 0 for false. */
  private double covariate(@Nullable Object value, String field) {
    return value instanceof Boolean truth ? numbers.ofCovariate(truth) : number(value, field);
  }

  private static String describe(@Nullable Object value) {
    if (value instanceof Schema schema) {
      return schema.getType().toString();
    }
    return value == null
        ? "null"
        : value instanceof Boolean ? "BOOLEAN" : value instanceof String ? "STRING" : "a number";
  }

  private boolean isAhead(String name) {
    return name.equals(JsonEvents.AHEAD) && !covariates.isEmpty() && paths.find(name) == null;
  }

  /** Plans reading a map or record of lists of numbers. */
  private Plan ahead(Schema schema) {
    return (in, fields) -> {
      FutureCovariatesReader reader = new FutureCovariatesReader();
      lists(in, schema, reader);
      FutureCovariates ahead = reader.toFutureCovariates();
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
          reader.add(covariate(readScalar(in, schema.getElementType()), reader.field()));
        }
      }
    } else if (schema.getType() != Schema.Type.NULL) {
      throw new InvalidRecordException(
          "field ahead.%s: expected a list of numbers, got %s", name, schema.getType());
    }
  }

  /** Skips a value. */
  private static void skip(AvroBytes in, Schema schema, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidRecordException("not an event: nested more than %d levels deep", MAX_DEPTH);
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
