package io.eddy.serving.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the documents of other instances. */
final class Documents {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Documents() {}

  /** Reads an answer; null if the instance did not answer with such a document. */
  static <T> @Nullable T read(Peers.Answer answer, Class<T> type) {
    if (answer.status() != 200 || answer.body() == null) {
      return null;
    }
    try {
      return MAPPER.readValue(answer.body(), type);
    } catch (IOException e) {
      return null;
    }
  }

  /** Returns why an instance did not answer with a document. */
  static String error(Peers.Answer answer) {
    if (answer.error() != null) {
      return answer.error();
    }
    if (answer.status() == 200) {
      return "its answer is not understood: it may run another release";
    }
    try {
      JsonNode error = MAPPER.readTree(answer.body()).path("error");
      if (error.isTextual()) {
        return error.textValue();
      }
    } catch (IOException | IllegalArgumentException e) {
      // Not an error of Eddy's server.
    }
    return "status " + answer.status();
  }
}
