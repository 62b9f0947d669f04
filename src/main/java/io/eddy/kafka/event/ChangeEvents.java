package io.eddy.kafka.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Change events of Debezium that report a deleted row. An event with an envelope names its
 * operation in the field {@code op} beside the row {@code after}, which is null; an event without
 * an envelope is marked by the field {@code __deleted}.
 */
final class ChangeEvents {
  /** Marks a row that was deleted. */
  static final String DELETED = "__deleted";

  /** Names the operation. */
  static final String OPERATION = "op";

  private static final Pattern ROW = Pattern.compile("(.*\\.)?after\\..+");

  private ChangeEvents() {}

  /** Returns the path of the operation; null if the values are not in a row of an envelope. */
  static @Nullable String operation(EventMapping mapping) {
    Matcher matcher = ROW.matcher(mapping.values().get(0));
    return matcher.matches()
        ? (matcher.group(1) == null ? "" : matcher.group(1)) + OPERATION
        : null;
  }

  /** Returns whether an operation leaves no row: it deletes one or all, or is only a message. */
  static boolean isWithoutRow(String operation) {
    return operation.equals("d") || operation.equals("t") || operation.equals("m");
  }
}
