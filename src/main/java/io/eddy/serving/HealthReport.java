package io.eddy.serving;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.serving.http.Response;

/**
 * The answer of a health endpoint.
 *
 * @param isUp whether the check passed
 * @param reason what was found, in one sentence
 * @param state state of the process: starting, waiting, stopping, or that of Kafka Streams in lower
 *     case
 */
record HealthReport(boolean isUp, String reason, String state) {
  /** Answers 200 if the check passed, and 503 otherwise. */
  Response response() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("status", isUp ? "up" : "down").put("reason", reason).put("state", state);
    return Response.json(isUp ? 200 : 503, json);
  }
}
