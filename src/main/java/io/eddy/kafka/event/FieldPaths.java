package io.eddy.kafka.event;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Index of the mapped fields by path, with the roles of each. */
final class FieldPaths {
  private final Map<String, Field> fields = new HashMap<>();
  private final Set<String> parents = new HashSet<>();

  /** The paths of lists, by the path of the field that holds the list; "" is the event itself. */
  private final Map<String, String> lists = new HashMap<>();

  /** A mapped field; it can have several roles. */
  static final class Field {
    static final int NONE = -1;

    private final String path;
    private int key = NONE;
    private int value = NONE;
    private boolean isTime;
    private boolean isCovariate;
    private boolean isOperation;
    private boolean isDeleted;

    Field(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }

    /** Returns the index of the key's part, or {@link #NONE}. */
    int key() {
      return key;
    }

    /** Returns the index of the value, or {@link #NONE}. */
    int value() {
      return value;
    }

    boolean isTime() {
      return isTime;
    }

    boolean isCovariate() {
      return isCovariate;
    }

    /** Returns whether this is the operation of a change event. */
    boolean isOperation() {
      return isOperation;
    }

    /** Returns whether this marks a deleted row. */
    boolean isDeleted() {
      return isDeleted;
    }
  }

  FieldPaths(EventMapping mapping) {
    List<SeriesKey.Part> parts = mapping.key().parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).source() == SeriesKey.Source.VALUE) {
        add(parts.get(i).text()).key = i;
      }
    }
    for (int i = 0; i < mapping.values().size(); i++) {
      add(mapping.values().get(i)).value = i;
    }
    String time = mapping.time().field();
    if (time != null) {
      add(time).isTime = true;
    }
    if (mapping.time().isDefault()) {
      // An element's own timestamp counts more than the event's.
      FieldPath.lists(mapping.values().get(0))
          .forEach(list -> add(list + '.' + time).isTime = true);
    }
    mapping.covariates().forEach(name -> add(name).isCovariate = true);
    String operation = ChangeEvents.operation(mapping);
    if (operation != null) {
      add(operation).isOperation = true;
    }
    add(ChangeEvents.DELETED).isDeleted = true;
  }

  private Field add(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      parents.add(path.substring(0, dot));
    }
    for (String list : FieldPath.lists(path)) {
      lists.put(list.substring(0, list.length() - FieldPath.LIST.length()), list);
    }
    return fields.computeIfAbsent(path, Field::new);
  }

  /** Returns the mapped field at a path; null if none exists. */
  @Nullable Field find(String path) {
    return fields.get(path);
  }

  /** Returns whether a mapped field lies below a path. */
  boolean isParent(String path) {
    return !parents.isEmpty() && parents.contains(path);
  }

  /** Returns the path of the mapped list that a field holds; null if it holds none. */
  @Nullable String list(String path) {
    return lists.isEmpty() ? null : lists.get(path);
  }

  /**
   * Returns the names directly below a path that are, or contain, a mapped field. A name may
   * contain dots.
   */
  Set<String> below(String path) {
    Set<String> names = new HashSet<>();
    for (String field : fields.keySet()) {
      if (field.startsWith(path + '.')) {
        String rest = field.substring(path.length() + 1);
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.', dot + 1)) {
          names.add(rest.substring(0, dot));
        }
        names.add(rest);
      }
    }
    return names.isEmpty() ? names : withoutLists(names);
  }

  private static Set<String> withoutLists(Set<String> names) {
    Set<String> result = new HashSet<>();
    names.forEach(
        name ->
            result.add(
                name.endsWith(FieldPath.LIST)
                    ? name.substring(0, name.length() - FieldPath.LIST.length())
                    : name));
    return result;
  }
}
