package io.eddy.kafka.event;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields that a mapping names, by their paths, and what each of them is for. */
final class FieldPaths {
  private final Map<String, Field> fields = new HashMap<>();
  private final Set<String> parents = new HashSet<>();

  /** A named field; it may be for several things. */
  static final class Field {
    static final int NONE = -1;

    private final String path;
    private int key = NONE;
    private int value = NONE;
    private boolean isTime;
    private boolean isCovariate;

    Field(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }

    /** Which part of the key it is, or {@link #NONE}. */
    int key() {
      return key;
    }

    /** Which of the values it is, or {@link #NONE}. */
    int value() {
      return value;
    }

    boolean isTime() {
      return isTime;
    }

    boolean isCovariate() {
      return isCovariate;
    }
  }

  FieldPaths(EventMapping mapping) {
    List<String> keys = mapping.key().fields();
    for (int i = 0; i < keys.size(); i++) {
      add(keys.get(i)).key = i;
    }
    for (int i = 0; i < mapping.values().size(); i++) {
      add(mapping.values().get(i)).value = i;
    }
    String time = mapping.time().field();
    if (time != null) {
      add(time).isTime = true;
    }
    mapping.covariates().forEach(name -> add(name).isCovariate = true);
  }

  private Field add(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      parents.add(path.substring(0, dot));
    }
    return fields.computeIfAbsent(path, Field::new);
  }

  /** The field of that path; null where none is named so. */
  @Nullable Field find(String path) {
    return fields.get(path);
  }

  /** Whether a named field lies below that path. */
  boolean leadsOn(String path) {
    return !parents.isEmpty() && parents.contains(path);
  }

  /** The names below a path that lead to a named field; one may have dots in it. */
  Set<String> below(String path) {
    Set<String> names = new HashSet<>();
    for (String named : fields.keySet()) {
      if (named.startsWith(path + '.')) {
        String rest = named.substring(path.length() + 1);
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.', dot + 1)) {
          names.add(rest.substring(0, dot));
        }
        names.add(rest);
      }
    }
    return names;
  }
}
