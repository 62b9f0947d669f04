package io.eddy.kafka.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.squareup.wire.Syntax;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.GroupElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OneOfElement;
import com.squareup.wire.schema.internal.parser.OptionElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import com.squareup.wire.schema.internal.parser.TypeElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Translates the text of a .proto file into a descriptor. Types are named as in the text; whoever
 * links the files resolves them. Options, extensions and services do not matter for reading and are
 * left out.
 */
final class ProtoDescriptors {
  private static final Map<String, FieldDescriptorProto.Type> SCALARS =
      Stream.of(
              FieldDescriptorProto.Type.TYPE_DOUBLE,
              FieldDescriptorProto.Type.TYPE_FLOAT,
              FieldDescriptorProto.Type.TYPE_INT32,
              FieldDescriptorProto.Type.TYPE_INT64,
              FieldDescriptorProto.Type.TYPE_UINT32,
              FieldDescriptorProto.Type.TYPE_UINT64,
              FieldDescriptorProto.Type.TYPE_SINT32,
              FieldDescriptorProto.Type.TYPE_SINT64,
              FieldDescriptorProto.Type.TYPE_FIXED32,
              FieldDescriptorProto.Type.TYPE_FIXED64,
              FieldDescriptorProto.Type.TYPE_SFIXED32,
              FieldDescriptorProto.Type.TYPE_SFIXED64,
              FieldDescriptorProto.Type.TYPE_BOOL,
              FieldDescriptorProto.Type.TYPE_STRING,
              FieldDescriptorProto.Type.TYPE_BYTES)
          .collect(
              Collectors.toMap(
                  type -> type.name().substring("TYPE_".length()).toLowerCase(Locale.ROOT),
                  type -> type));
  private static final String MAP = "map<";

  private final ProtoFileElement file;
  private final boolean isProto3;

  private ProtoDescriptors(ProtoFileElement file) {
    this.file = file;
    isProto3 = file.getSyntax() == Syntax.PROTO_3;
  }

  /**
   * Parses a file.
   *
   * @param name name under which other files import it
   * @throws IllegalArgumentException if the text is not a file of syntax proto2 or proto3
   */
  static FileDescriptorProto parse(String name, String text) {
    try {
      ProtoFileElement file = ProtoParser.Companion.parse(Location.get(name), text);
      return new ProtoDescriptors(file).file(name);
    } catch (IllegalStateException e) {
      // The parser's only exception; it names the position in the file.
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private FileDescriptorProto file(String name) {
    FileDescriptorProto.Builder result =
        FileDescriptorProto.newBuilder().setName(name).setSyntax(isProto3 ? "proto3" : "proto2");
    if (file.getPackageName() != null) {
      result.setPackage(file.getPackageName());
    }
    result.addAllDependency(file.getImports());
    for (String shared : file.getPublicImports()) {
      result.addPublicDependency(result.getDependencyCount());
      result.addDependency(shared);
    }
    for (TypeElement type : file.getTypes()) {
      if (type instanceof MessageElement message) {
        result.addMessageType(message(message));
      } else if (type instanceof EnumElement values) {
        result.addEnumType(enumeration(values));
      }
    }
    return result.build();
  }

  private DescriptorProto message(MessageElement message) {
    DescriptorProto.Builder result = DescriptorProto.newBuilder().setName(message.getName());
    for (TypeElement type : message.getNestedTypes()) {
      if (type instanceof MessageElement nested) {
        result.addNestedType(message(nested));
      } else if (type instanceof EnumElement values) {
        result.addEnumType(enumeration(values));
      }
    }
    message.getFields().forEach(field -> add(field, result));
    message.getGroups().forEach(group -> add(group, null, result));
    for (OneOfElement choice : message.getOneOfs()) {
      int index = result.getOneofDeclCount();
      result.addOneofDecl(OneofDescriptorProto.newBuilder().setName(choice.getName()));
      choice.getFields().forEach(field -> result.addField(field(field).setOneofIndex(index)));
      choice.getGroups().forEach(group -> add(group, index, result));
    }
    addOptionals(message, result);
    return result.build();
  }

  private void add(FieldElement field, DescriptorProto.Builder message) {
    if (!field.getType().startsWith(MAP)) {
      message.addField(field(field));
      return;
    }
    String[] types =
        field.getType().substring(MAP.length(), field.getType().length() - 1).split(",", -1);
    String entry = camelCase(field.getName()) + "Entry";
    message.addNestedType(
        DescriptorProto.newBuilder()
            .setName(entry)
            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
            .addField(
                typed("key", 1, types[0].strip())
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL))
            .addField(
                typed("value", 2, types[1].strip())
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)));
    message.addField(
        typed(field.getName(), field.getTag(), entry)
            .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
            .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED));
  }

  private void add(GroupElement group, @Nullable Integer choice, DescriptorProto.Builder message) {
    DescriptorProto.Builder type = DescriptorProto.newBuilder().setName(group.getName());
    group.getFields().forEach(field -> add(field, type));
    message.addNestedType(type);
    FieldDescriptorProto.Builder field =
        typed(group.getName().toLowerCase(Locale.ROOT), group.getTag(), group.getName())
            .setType(FieldDescriptorProto.Type.TYPE_GROUP)
            .setLabel(label(group.getLabel()));
    if (choice != null) {
      field.setOneofIndex(choice);
    }
    message.addField(field);
  }

  /** Puts each field that proto3 declares as optional into a oneof of its own, as protoc does. */
  private void addOptionals(MessageElement message, DescriptorProto.Builder result) {
    if (!isProto3) {
      return;
    }
    List<String> optional = new ArrayList<>();
    for (FieldElement field : message.getFields()) {
      if (field.getLabel() == Field.Label.OPTIONAL) {
        optional.add(field.getName());
      }
    }
    for (FieldDescriptorProto.Builder field : result.getFieldBuilderList()) {
      if (optional.contains(field.getName())) {
        field.setProto3Optional(true).setOneofIndex(result.getOneofDeclCount());
        result.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
      }
    }
  }

  private FieldDescriptorProto.Builder field(FieldElement field) {
    FieldDescriptorProto.Builder result =
        typed(field.getName(), field.getTag(), field.getType()).setLabel(label(field.getLabel()));
    if (field.getDefaultValue() != null) {
      result.setDefaultValue(field.getDefaultValue());
    }
    return result;
  }

  private static FieldDescriptorProto.Builder typed(String name, int number, String type) {
    FieldDescriptorProto.Builder result =
        FieldDescriptorProto.newBuilder().setName(name).setNumber(number);
    FieldDescriptorProto.Type scalar = SCALARS.get(type);
    return scalar == null ? result.setTypeName(type) : result.setType(scalar);
  }

  private static FieldDescriptorProto.Label label(Field.@Nullable Label label) {
    return label == Field.Label.REPEATED
        ? FieldDescriptorProto.Label.LABEL_REPEATED
        : label == Field.Label.REQUIRED
            ? FieldDescriptorProto.Label.LABEL_REQUIRED
            : FieldDescriptorProto.Label.LABEL_OPTIONAL;
  }

  private static EnumDescriptorProto enumeration(EnumElement values) {
    EnumDescriptorProto.Builder result = EnumDescriptorProto.newBuilder().setName(values.getName());
    for (OptionElement option : values.getOptions()) {
      if (option.getName().equals("allow_alias")) {
        result.setOptions(
            EnumOptions.newBuilder().setAllowAlias(option.getValue().toString().equals("true")));
      }
    }
    values
        .getConstants()
        .forEach(
            constant ->
                result.addValueBuilder().setName(constant.getName()).setNumber(constant.getTag()));
    return result.build();
  }

  /** Returns the name as protoc writes it in the name of a map's entry type. */
  private static String camelCase(String name) {
    StringBuilder result = new StringBuilder();
    boolean isUpper = true;
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (letter == '_') {
        isUpper = true;
      } else {
        result.append(isUpper ? Character.toUpperCase(letter) : letter);
        isUpper = false;
      }
    }
    return result.toString();
  }
}
