package io.eddy.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Serializes the report records of commands as JSON. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Returns a report as JSON on one line. */
  public static String write(Object report) {
    try {
      return MAPPER.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot serialize " + report.getClass().getName(), e);
    }
  }

  /** Returns a report as indented JSON. */
  public static String writePretty(Object report) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot serialize " + report.getClass().getName(), e);
    }
  }

  /** Returns JSON as a value that a report can contain; text that is not JSON stays text. */
  static Object parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  /** Returns {@code value}, or null if it is infinite or not a number. */
  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
