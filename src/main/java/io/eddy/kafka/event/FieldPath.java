package io.eddy.kafka.event;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Paths of fields, such as {@code payload.temperature}. A name that ends with {@code []} is a list,
 * and the rest of the path is a field of each of its elements: {@code metrics[].value}. A path that
 * begins with {@code []} goes through a list that is the event itself.
 */
final class FieldPath {
  /** Marks a list. */
  static final String LIST = "[]";

  private static final int MAX_LENGTH = 256;
  private static final int MAX_LISTS = 8;
  private static final Pattern INDEX = Pattern.compile("\\[\\d+](\\.|$)");

  private FieldPath() {}

  /** Returns why a text is not a path; empty if it is one. */
  static String problem(String path) {
    if (INDEX.matcher(path).find()) {
      return "an index of a list is not supported: [] stands for every element";
    }
    boolean isPath =
        !path.isBlank()
            && path.length() <= MAX_LENGTH
            && !path.startsWith(".")
            && !path.endsWith(".")
            && !path.contains("..")
            && !path.contains("[][]")
            && lists(path).size() <= MAX_LISTS;
    return isPath
        ? ""
        : "expected a field name or a path such as payload.temperature or metrics[].value, of at"
            + " most %d characters".formatted(MAX_LENGTH);
  }

  /** Returns the lists that a path goes through, from the outermost on. */
  static List<String> lists(String path) {
    List<String> lists = new ArrayList<>();
    for (int at = path.indexOf(LIST); at >= 0; at = path.indexOf(LIST, at + 1)) {
      int end = at + LIST.length();
      if (end == path.length() || path.charAt(end) == '.') {
        lists.add(path.substring(0, end));
      }
    }
    return lists;
  }

  /** Returns the innermost list that a path goes through; empty if there is none. */
  static String list(String path) {
    List<String> lists = lists(path);
    return lists.isEmpty() ? "" : lists.get(lists.size() - 1);
  }

  /** Returns the path within an element of its innermost list. */
  static String withinElement(String path) {
    String list = list(path);
    return list.isEmpty()
        ? path
        : list.length() == path.length()
            ? list.substring(0, list.length() - LIST.length())
            : path.substring(list.length() + 1);
  }

  /** Returns whether the elements of a list are within elements of another, or the same. */
  static boolean isWithin(String list, String outer) {
    return outer.isEmpty() || list.equals(outer) || list.startsWith(outer + '.');
  }
}
