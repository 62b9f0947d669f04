package io.eddy.model.io;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.SpecificationDocument.MemberDocument;
import io.eddy.model.io.SpecificationDocument.ProvenanceDocument;
import io.eddy.series.Suggestions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the specifications of a model's members as the JSON of a model file's {@code
 * eddy} metadata entry.
 *
 * <p>The first member is the document itself. Further members are listed under {@code members} with
 * only the fields in which members may differ.
 */
final class SpecificationJson {
  private static final String FORMAT = "format";
  private static final String PROVENANCE = "provenance";
  private static final String MEMBERS = "members";

  /** Values of the wrong type are rejected, not coerced, as are unknown and repeated fields. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .withCoercionConfig(
              LogicalType.Textual,
              config -> {
                config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
              })
          .defaultPropertyInclusion(
              JsonInclude.Value.empty().withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private SpecificationJson() {}

  static String write(ModelSpecification specification) {
    return write(List.of(specification));
  }

  static String write(List<ModelSpecification> members) {
    ObjectNode root = JSON.valueToTree(SpecificationDocument.from(members.get(0)));
    if (members.size() > 1) {
      root.set(
          MEMBERS, JSON.valueToTree(members.stream().skip(1).map(MemberDocument::from).toList()));
    }
    return root.toString();
  }

  /**
   * Reads the specification of every member.
   *
   * @throws InvalidModelException that names the missing or invalid field, or the field in which
   *     the members must not differ
   */
  static List<ModelSpecification> read(String text) {
    JsonNode root = parse(text);
    ModelSpecification first = readFirst(root);
    List<ModelSpecification> members = new ArrayList<>(List.of(first));
    for (JsonNode node : furtherMembers(root)) {
      String path = "%s.%d: ".formatted(MEMBERS, members.size());
      MemberDocument member = bind(node, MemberDocument.class, path);
      try {
        members.add(member.toSpecification(first));
      } catch (IllegalArgumentException e) {
        throw invalid(path + e.getMessage());
      }
    }
    try {
      Model.requireCompatible(members);
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
    return members;
  }

  /**
   * Reads a hand-written specification of one member, in which format and provenance are optional.
   *
   * @param source what the provenance names as the origin of the weights
   */
  static ModelSpecification readHandWritten(String text, String source) {
    JsonNode root = parse(text);
    if (root instanceof ObjectNode object) {
      if (!object.has(FORMAT)) {
        object.put(FORMAT, SpecificationDocument.FORMAT);
      }
      if (!object.has(PROVENANCE)) {
        object.set(
            PROVENANCE,
            JSON.valueToTree(
                new ProvenanceDocument("imported from " + source, 0, "none", Map.of(), null)));
      }
    }
    return readFirst(root);
  }

  private static ModelSpecification readFirst(JsonNode root) {
    JsonNode format = root.path(FORMAT);
    if (format.isIntegralNumber() && format.asLong() != SpecificationDocument.FORMAT) {
      throw invalid(
          "format: expected %d, got %s; a newer version of Eddy wrote this file"
              .formatted(SpecificationDocument.FORMAT, format));
    }
    JsonNode own = root.deepCopy();
    if (own instanceof ObjectNode object) {
      object.remove(MEMBERS);
    }
    try {
      return bind(own, SpecificationDocument.class, "").toSpecification();
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
  }

  private static JsonNode furtherMembers(JsonNode root) {
    JsonNode members = root.path(MEMBERS);
    if (!members.isMissingNode() && !members.isArray()) {
      throw invalid("members: expected a list, got " + members);
    }
    if (members.size() >= Model.MAX_MEMBERS) {
      throw invalid(
          "members: expected at most %d after the first, got %d"
              .formatted(Model.MAX_MEMBERS - 1, members.size()));
    }
    return members;
  }

  private static JsonNode parse(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root.isMissingNode() || root.isNull()) {
        throw invalid("expected a JSON object, got " + (root.isNull() ? "null" : "nothing"));
      }
      return root;
    } catch (JsonProcessingException e) {
      throw invalid("not valid JSON: " + e.getOriginalMessage());
    }
  }

  private static <T> T bind(JsonNode node, Class<T> type, String path) {
    requireNoNulls(node, path);
    try {
      return JSON.readerFor(type).readValue(node);
    } catch (JsonMappingException e) {
      throw invalid(path + describe(node, e));
    } catch (IOException e) {
      throw invalid(path + e.getMessage());
    }
  }

  /** Rejects null, which Jackson would take for an absent field. */
  private static void requireNoNulls(JsonNode node, String path) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getValue().isNull()) {
        throw invalid("%s%s: expected a value, got null".formatted(path, field.getKey()));
      }
      requireNoNulls(field.getValue(), path + field.getKey() + ".");
    }
    for (int i = 0; i < node.size() && node.isArray(); i++) {
      if (node.get(i).isNull()) {
        throw invalid("%s%d: expected a value, got null".formatted(path, i));
      }
      requireNoNulls(node.get(i), path + i + ".");
    }
  }

  /** Names the field that Jackson rejected, the expected type and the value. */
  private static String describe(JsonNode node, JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    JsonNode parent = node;
    JsonNode value = node;
    for (JsonMappingException.Reference reference : e.getPath()) {
      String name = reference.getFieldName();
      parent = value;
      value = name == null ? value.path(reference.getIndex()) : value.path(name);
      path.append(path.isEmpty() ? "" : ".").append(name == null ? reference.getIndex() : name);
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      return path + ": unknown field" + known(unknown);
    }
    if (path.isEmpty()) {
      return "expected %s, got %s".formatted(typeName(targetType(e)), value);
    }
    return value instanceof MissingNode
        ? path + " is missing" + misspelling(path, parent)
        : "%s: expected %s, got %s".formatted(path, typeName(targetType(e)), value);
  }

  /** Returns a hint to a field whose name is similar to that of a missing one. */
  private static String misspelling(StringBuilder path, JsonNode parent) {
    String missing = path.substring(path.lastIndexOf(".") + 1);
    List<String> found = new ArrayList<>();
    parent.fieldNames().forEachRemaining(found::add);
    List<String> similar = Suggestions.similar(missing, found);
    return similar.isEmpty() ? "" : "; found " + String.join(", ", similar);
  }

  private static String known(UnrecognizedPropertyException e) {
    List<String> names =
        new ArrayList<>(e.getKnownPropertyIds().stream().map(String::valueOf).toList());
    if (e.getReferringClass() == SpecificationDocument.class) {
      names.add(MEMBERS);
    }
    Collections.sort(names);
    String question = Suggestions.question(e.getPropertyName(), names, "");
    return question.isEmpty() ? "; expected one of " + String.join(", ", names) : question;
  }

  private static @Nullable Class<?> targetType(JsonMappingException e) {
    if (e.getCause() instanceof InputCoercionException overflow) {
      return overflow.getTargetType();
    }
    return e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
  }

  private static String typeName(@Nullable Class<?> type) {
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "an integer";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    return type != null && Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static InvalidModelException invalid(@Nullable String message) {
    return new InvalidModelException("specification: %s", message);
  }
}
