package io.eddy.kafka.schema;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import io.eddy.series.InvalidRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a registered Protobuf schema. A record names its message by indexes: of a message
 * of the file, of a message nested in that one, and so on; or, as Apicurio's serializers do, by its
 * name.
 */
public final class ProtobufSchema {
  private static final int MAX_DEPTH = 32;
  private static final String MAIN_FILE = "schema.proto";

  /** Google's files, which are part of the language. */
  private static final Map<String, FileDescriptor> LANGUAGE =
      Stream.of(
              AnyProto.getDescriptor(),
              ApiProto.getDescriptor(),
              DescriptorProtos.getDescriptor(),
              DurationProto.getDescriptor(),
              EmptyProto.getDescriptor(),
              FieldMaskProto.getDescriptor(),
              SourceContextProto.getDescriptor(),
              StructProto.getDescriptor(),
              TimestampProto.getDescriptor(),
              TypeProto.getDescriptor(),
              WrappersProto.getDescriptor())
          .collect(Collectors.toMap(FileDescriptor::getName, file -> file));

  private final SchemaId id;
  private final FileDescriptor file;

  private ProtobufSchema(SchemaId id, FileDescriptor file) {
    this.id = id;
    this.file = file;
  }

  /**
   * A message in a record.
   *
   * @param type its type
   * @param offset offset of its first byte in the value
   */
  public record Message(Descriptor type, int offset) {}

  /**
   * Parses a schema.
   *
   * @throws IllegalArgumentException if it is invalid or an imported file is missing
   */
  static ProtobufSchema parse(RegisteredSchema schema) {
    return new ProtobufSchema(
        schema.id(), new Linker(schema.references()).link(MAIN_FILE, schema.text()));
  }

  /** Links files with those they import. */
  private static final class Linker {
    private final Map<String, String> texts = new HashMap<>(CommonProtoFiles.TEXTS);
    private final Map<String, FileDescriptor> linked = new HashMap<>(LANGUAGE);
    private final Set<String> missing = new TreeSet<>();

    Linker(List<RegisteredSchema.Reference> references) {
      references.forEach(reference -> texts.put(reference.name(), reference.text()));
    }

    FileDescriptor link(String name, String text) {
      FileDescriptorProto parsed = ProtoDescriptors.parse(name, text);
      FileDescriptorProto.Builder file =
          parsed.toBuilder().clearDependency().clearPublicDependency();
      List<FileDescriptor> imports = new ArrayList<>();
      for (int i = 0; i < parsed.getDependencyCount(); i++) {
        FileDescriptor imported = find(parsed.getDependency(i));
        // A missing file does not matter as long as only options use it.
        if (imported != null) {
          if (parsed.getPublicDependencyList().contains(i)) {
            file.addPublicDependency(imports.size());
          }
          file.addDependency(imported.getName());
          imports.add(imported);
        }
      }
      try {
        return FileDescriptor.buildFrom(file.build(), imports.toArray(FileDescriptor[]::new));
      } catch (DescriptorValidationException e) {
        throw new IllegalArgumentException(
            missing.isEmpty()
                ? e.getMessage()
                : "the imported file %s is not among its references"
                    .formatted(String.join(", ", missing)),
            e);
      }
    }

    private @Nullable FileDescriptor find(String name) {
      FileDescriptor known = linked.get(name);
      String text = known == null ? texts.remove(name) : null;
      if (text == null) {
        if (known == null) {
          missing.add(name);
        }
        return known;
      }
      FileDescriptor file = link(name, text);
      linked.put(name, file);
      return file;
    }
  }

  /**
   * Finds the message of a record.
   *
   * @throws InvalidRecordException if the record does not name a message of this schema
   */
  public Message message(SchemaFrame frame, byte[] value) {
    if (frame.message() != null) {
      return new Message(named(frame.message()), frame.bodyOffset());
    }
    if (frame.isInHeaders()) {
      byte[] indexes = frame.indexes();
      Varints in = new Varints(indexes, 0);
      return new Message(indexes.length == 0 ? indexed(List.of(0)) : indexed(in.indexes()), 0);
    }
    Message named = namedInValue(value, frame.bodyOffset());
    if (named != null) {
      return named;
    }
    Varints in = new Varints(value, frame.bodyOffset());
    Descriptor type = indexed(in.indexes());
    return new Message(type, in.position());
  }

  /**
   * Returns the message that Apicurio's serializer names: the length of a message with the name as
   * its field 1, and that message. Null if the value has no name of a message in that place.
   */
  private @Nullable Message namedInValue(byte[] value, int from) {
    if (value.length < from + 3 || value[from + 1] != 0x0A || value[from] <= 2) {
      return null;
    }
    int length = value[from] - 2;
    int start = from + 3;
    if (value[from + 2] != length || value.length < start + length) {
      return null;
    }
    String name = new String(value, start, length, java.nio.charset.StandardCharsets.UTF_8);
    Descriptor type = find(name);
    return type == null ? null : new Message(type, start + length);
  }

  private Descriptor named(String name) {
    Descriptor type = find(name);
    if (type == null) {
      throw new InvalidRecordException(
          "the Protobuf schema with %s does not have the message that the record names", id);
    }
    return type;
  }

  /** Returns the message with a name, with or without the package. */
  private @Nullable Descriptor find(String name) {
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + '.';
    String local = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    String[] names = local.split("\\.", -1);
    Descriptor type = file.findMessageTypeByName(names[0]);
    for (int i = 1; i < names.length && type != null; i++) {
      type = type.findNestedTypeByName(names[i]);
    }
    return type;
  }

  private Descriptor indexed(List<Integer> indexes) {
    List<Descriptor> types = file.getMessageTypes();
    Descriptor type = null;
    for (int index : indexes) {
      if (index < 0 || index >= types.size()) {
        throw new InvalidRecordException(
            "the Protobuf schema with %s has %d messages at this level, the record names number %d",
            id, types.size(), index);
      }
      type = types.get(index);
      types = declared(type);
    }
    if (type == null) {
      throw new InvalidRecordException("the record does not name its Protobuf message");
    }
    return type;
  }

  /** Returns the nested messages that the text declares; entries of maps are not among them. */
  private static List<Descriptor> declared(Descriptor type) {
    return type.getNestedTypes().stream()
        .filter(nested -> !nested.getOptions().getMapEntry())
        .toList();
  }

  /** Reads the indexes of a message: their number and each of them as a zigzag varint. */
  private static final class Varints {
    private final byte[] bytes;
    private int position;

    Varints(byte[] bytes, int from) {
      this.bytes = bytes;
      position = from;
    }

    int position() {
      return position;
    }

    /** Reads the list; its usual content, a single 0, is written as the number 0 alone. */
    List<Integer> indexes() {
      int count = next();
      if (count == 0) {
        return List.of(0);
      }
      if (count < 0 || count > MAX_DEPTH) {
        throw new InvalidRecordException(
            "expected the indexes of a Protobuf message after the schema's id: 1 to %d of them, got %d",
            MAX_DEPTH, count);
      }
      List<Integer> indexes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        indexes.add(next());
      }
      return indexes;
    }

    private int next() {
      int value = 0;
      for (int shift = 0; shift < 35 && position < bytes.length; shift += 7) {
        byte next = bytes[position++];
        value |= (next & 0x7F) << shift;
        if (next >= 0) {
          return (value >>> 1) ^ -(value & 1);
        }
      }
      throw new InvalidRecordException(
          "expected the indexes of a Protobuf message after the schema's id");
    }
  }
}
