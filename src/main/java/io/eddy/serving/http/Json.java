package io.eddy.serving.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/** JSON without line breaks. Infinite numbers and NaN are null. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(new FiniteNumbers());

  private Json() {}

  /** Returns a JSON tree, a record, a map or a list as text. */
  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not representable as JSON: " + value.getClass(), e);
    }
  }

  static byte[] bytes(Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }
}
