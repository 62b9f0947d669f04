package io.eddy.kafka.reset;

import java.util.List;

/** Thrown if an operation requires that no instance of the application is running. */
public final class ActiveApplicationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ActiveApplicationException(String applicationId, List<String> members) {
    super(
        ("application %s is running: stop every instance first; one that was killed leaves its"
                + " group after its session timeout%n%s")
            .formatted(
                applicationId,
                String.join(
                    System.lineSeparator(), members.stream().map("  member "::concat).toList())));
  }
}
