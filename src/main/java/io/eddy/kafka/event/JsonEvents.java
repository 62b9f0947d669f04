package io.eddy.kafka.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.eddy.series.FutureCovariates;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.RoundedIntegers;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the mapped fields of a JSON object. If a name occurs twice, the last one counts. NaN and
 * infinity are accepted in place of a number, as Python, JavaScript and C write them; they count as
 * missing.
 */
final class JsonEvents {
  static final String AHEAD = "ahead";
  private static final Set<String> SENML_BASE = Set.of("bn", "bt", "bv", "bs");
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxDocumentLength(512 << 10)
                  .maxStringLength(16 << 10)
                  .maxNumberLength(100)
                  .build())
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
          .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
          .build();

  private final EventMapping mapping;
  private final FieldNumbers numbers;

  /** Whether the value is that of SenML records, to which base fields of earlier records apply. */
  private final boolean isSenml;

  private final FieldPaths paths;
  private final boolean readsAhead;
  private final boolean hasCovariateAhead;
  private final Set<String> covariates;

  JsonEvents(EventMapping mapping) {
    this.mapping = mapping;
    paths = new FieldPaths(mapping);
    numbers = new FieldNumbers(mapping.words());
    isSenml = mapping.values().contains("[].v");
    covariates = Set.copyOf(mapping.covariates());
    readsAhead = !covariates.isEmpty();
    hasCovariateAhead = covariates.contains(AHEAD);
  }

  /** Reads the mapped fields of an event into {@code fields}. */
  void read(byte[] value, EventFields fields) {
    try {
      readDocument(value, fields);
    } catch (IOException e) {
      byte[] repaired =
          e instanceof StreamConstraintsException ? null : NonFiniteWords.replace(value);
      if (repaired == null) {
        throw invalid(e);
      }
      fields.clear();
      try {
        readDocument(repaired, fields);
      } catch (IOException again) {
        throw invalid(again);
      }
    }
  }

  private void readDocument(byte[] value, EventFields fields) throws IOException {
    try (JsonParser parser = FACTORY.createParser(value)) {
      read(parser, fields);
    }
  }

  /**
   * Reads the mapped fields of the object that follows in a parser, or of the list if the paths
   * begin with one. A time can be an embedded {@link TypedTime}.
   */
  void read(JsonParser parser, EventFields fields) throws IOException {
    String list = paths.list("");
    JsonToken first = parser.nextToken();
    if (list != null && first == JsonToken.START_ARRAY) {
      readList(parser, list, fields);
    } else if (list == null && first == JsonToken.START_OBJECT) {
      readObject(parser, null, fields);
    } else {
      throw unexpected(list, first);
    }
    if (parser.nextToken() != null) {
      throw new InvalidRecordException(
          "expected a single JSON %s, got trailing content", list == null ? "object" : "list");
    }
  }

  /** Returns the fault of an element; a reader of another format embeds its own. */
  private static InvalidRecordException noObject(JsonParser parser, String list)
      throws IOException {
    return parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT
            && parser.getEmbeddedObject() instanceof InvalidRecordException fault
        ? fault
        : new InvalidRecordException("%s: expected objects, got %s", list, parser.currentToken());
  }

  private InvalidRecordException unexpected(@Nullable String list, @Nullable JsonToken first) {
    if (list != null) {
      return new InvalidRecordException("expected a JSON list, for the paths that begin with []");
    }
    String expected =
        mapping.isDefault()
            ? "expected a JSON object with timestamp and value"
            : "expected a JSON object";
    return new InvalidRecordException(
        first == JsonToken.START_ARRAY
            ? expected + ", got a list: name the fields of its elements by paths such as [].value"
            : expected);
  }

  private void readList(JsonParser parser, String list, EventFields fields) throws IOException {
    FieldPaths.Field field = paths.find(list);
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      fields.beginElement(index++);
      if (parser.currentToken() == JsonToken.START_OBJECT && paths.isParent(list)) {
        readObject(parser, list, fields);
      } else if (field != null) {
        readField(parser, field, fields);
      } else {
        if (parser.currentToken() != JsonToken.VALUE_NULL) {
          fields.rejectElement(noObject(parser, list));
        }
        parser.skipChildren();
      }
      fields.endElement();
    }
  }

  /**
   * Returns the exception for invalid JSON. Only messages about Jackson's own limits are free of
   * content of the record.
   */
  static InvalidRecordException invalid(IOException e) {
    if (e instanceof StreamConstraintsException limit) {
      return new InvalidRecordException("not valid JSON: %s", limit.getOriginalMessage());
    }
    return new InvalidRecordException("not valid JSON")
        .because(
            e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage());
  }

  private void readObject(JsonParser parser, @Nullable String parent, EventFields fields)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      String path = parent == null ? name : parent + '.' + name;
      JsonToken token = parser.nextToken();
      if (isSenml && FieldPath.LIST.equals(parent) && SENML_BASE.contains(name)) {
        throw new InvalidRecordException(
            "SenML base fields (bn, bt, bv, bs) are not supported: send resolved records, with the"
                + " full name and time in each");
      }
      FieldPaths.Field field = paths.find(path);
      String list = paths.list(path);
      if (parent == null && isAhead(name, token, field)) {
        fields.putAhead(ahead(parser));
      } else if (token == JsonToken.START_OBJECT && paths.isParent(path)) {
        readObject(parser, path, fields);
      } else if (list != null && token == JsonToken.START_ARRAY) {
        readList(parser, list, fields);
      } else if (field != null) {
        readField(parser, field, fields);
      } else {
        if (list != null && token != JsonToken.VALUE_NULL) {
          fields.reject(
              new InvalidRecordException("field %s: expected a list, got %s", path, token));
        }
        parser.skipChildren();
      }
    }
  }

  /** Returns whether the field holds future covariates and not a mapped field of this name. */
  private boolean isAhead(String name, JsonToken token, FieldPaths.@Nullable Field field) {
    return readsAhead
        && name.equals(AHEAD)
        && (field == null || (hasCovariateAhead && token == JsonToken.START_OBJECT));
  }

  private void readField(JsonParser parser, FieldPaths.Field field, EventFields fields)
      throws IOException {
    if (field.isOperation() || field.isDeleted()) {
      fields.putChange(field, parser.getText());
    }
    if (field.value() != FieldPaths.Field.NONE) {
      value(parser, field, fields);
    }
    try {
      if (field.isTime()) {
        time(parser, field.path(), fields);
      }
      if (field.key() != FieldPaths.Field.NONE) {
        fields.putKey(field.key(), key(parser, field.path()));
      }
      if (field.isCovariate()) {
        fields.putCovariate(field.path(), covariate(parser, field.path()));
        countRounded(parser, fields);
      }
    } catch (InvalidRecordException e) {
      fields.reject(e);
    }
    parser.skipChildren();
  }

  private void value(JsonParser parser, FieldPaths.Field field, EventFields fields)
      throws IOException {
    try {
      fields.putValue(field.value(), number(parser, field.path()));
      countRounded(parser, fields);
    } catch (InvalidRecordException e) {
      fields.putFault(field.value(), e);
    }
  }

  private static void countRounded(JsonParser parser, EventFields fields) throws IOException {
    boolean isRounded =
        switch (parser.currentToken()) {
          case VALUE_NUMBER_INT ->
              parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                  ? RoundedIntegers.contains(parser.getDecimalValue())
                  : RoundedIntegers.contains(parser.getLongValue());
          case VALUE_NUMBER_FLOAT ->
              parser.getNumberType() == JsonParser.NumberType.BIG_DECIMAL
                  && RoundedIntegers.contains(parser.getDecimalValue());
          case VALUE_STRING -> RoundedIntegers.contains(parser.getText());
          default -> false;
        };
    if (isRounded) {
      fields.countRounded();
    }
  }

  private static String key(JsonParser parser, String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT -> parser.getText();
      default ->
          throw new InvalidRecordException(
              "field %s: expected a string or an integer as a part of the series name, got %s",
              field, parser.currentToken());
    };
  }

  private void time(JsonParser parser, String field, EventFields fields) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_NUMBER_INT -> {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          fields.putTime(field, parser.getText());
        } else {
          fields.putTime(field, parser.getLongValue());
        }
      }
      case VALUE_NUMBER_FLOAT -> fields.putTime(field, parser.getDoubleValue());
      case VALUE_STRING -> fields.putTime(field, parser.getText());
      case VALUE_EMBEDDED_OBJECT -> TypedTime.of(parser, field).put(field, fields);
      default -> throw fields.noTime(field, parser.currentToken().toString());
    }
  }

  /** Reads an object of lists of numbers; null means unknown. */
  private FutureCovariates ahead(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return FutureCovariates.NONE;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new InvalidRecordException(
          "field ahead: expected an object of lists of numbers, got %s", parser.currentToken());
    }
    FutureCovariatesReader reader = new FutureCovariatesReader();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (!covariates.contains(name)) {
        parser.skipChildren();
      } else if (token == JsonToken.START_ARRAY) {
        reader.begin(name);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          reader.add(covariate(parser, reader.field()));
        }
      } else if (token != JsonToken.VALUE_NULL) {
        throw new InvalidRecordException(
            "field ahead.%s: expected a list of numbers, got %s", name, token);
      }
    }
    return reader.toFutureCovariates();
  }

  /** Reads a value: NaN if it is missing, infinite if it is beyond the range of a double. */
  private double number(JsonParser parser, String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> Double.NaN;
      case VALUE_NUMBER_INT -> parser.getDoubleValue();
      case VALUE_NUMBER_FLOAT -> parser.isNaN() ? Double.NaN : parser.getDoubleValue();
      case VALUE_STRING -> numbers.ofText(field, parser.getText());
      case VALUE_TRUE -> numbers.ofValue(field, true);
      case VALUE_FALSE -> numbers.ofValue(field, false);
      default -> decimal(parser, field);
    };
  }

  /** Reads a decimal that is written as an object. */
  private static double decimal(JsonParser parser, String field) throws IOException {
    JsonToken token = parser.currentToken();
    BigDecimal decimal = token == JsonToken.START_OBJECT ? ConnectDecimals.ofObject(parser) : null;
    if (decimal == null) {
      throw new InvalidRecordException("field %s: expected a number, got %s", field, token);
    }
    return decimal.doubleValue();
  }

  /** Reads a covariate: by default 1 for true, 0 for false. */
  private double covariate(JsonParser parser, String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> numbers.ofCovariate(true);
      case VALUE_FALSE -> numbers.ofCovariate(false);
      default -> number(parser, field);
    };
  }
}
