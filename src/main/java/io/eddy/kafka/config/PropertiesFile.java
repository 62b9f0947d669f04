package io.eddy.kafka.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The entries of a properties file with their line numbers. */
final class PropertiesFile {
  private final Path file;
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * A setting.
   *
   * @param source file and line, as errors name it
   */
  record Entry(String key, String value, String source) {}

  /**
   * Parses a file in the format of {@link Properties}.
   *
   * @param text its contents
   */
  PropertiesFile(Path file, String text) {
    this.file = file;
    String[] lines = text.split("\r\n|\r|\n", -1);
    Map<String, Integer> seen = new HashMap<>();
    for (int first = 0; first < lines.length; first++) {
      int last = first;
      if (!isComment(lines[first])) {
        while (last + 1 < lines.length && isContinued(lines[last])) {
          last++;
        }
        String logical = String.join("\n", List.of(lines).subList(first, last + 1));
        add(logical, first + 1, seen);
      }
      first = last;
    }
  }

  private static boolean isComment(String line) {
    String text = line.stripLeading();
    return text.startsWith("#") || text.startsWith("!");
  }

  private static boolean isContinued(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private void add(String logicalLine, int number, Map<String, Integer> seen) {
    Properties parsed = new Properties();
    try {
      parsed.load(new StringReader(logicalLine));
    } catch (IOException | IllegalArgumentException e) {
      problems.add("%s:%d: cannot be read: %s".formatted(file, number, e.getMessage()));
    }
    for (String key : parsed.stringPropertyNames()) {
      Integer before = seen.putIfAbsent(key, number);
      if (before != null) {
        problems.add(
            "%s:%d: setting \"%s\" is also in line %d; remove one of the two"
                .formatted(file, number, key, before));
      }
      entries.add(new Entry(key, parsed.getProperty(key), file + ":" + number));
    }
  }

  List<Entry> entries() {
    return entries;
  }

  List<String> problems() {
    return problems;
  }
}
