package io.eddy.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.model.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that the format allows, and those that it does not. */
class SafetensorsTest {
  private static final String A = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";
  private static final String B = "'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}";

  /** A header with double quotes, over the numbers 1, 2, 3. */
  private static byte[] file(String header) {
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1).putFloat(2).putFloat(3);
    return SafetensorsBytes.of(header.replace('\'', '"'), data.array());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{" + A + "," + B + "}",
        "{" + B + "," + A + "}",
        "{" + A + "," + B + "}      ",
        "{ " + A + " ,\n" + B + " }",
        "{'__metadata__':{'format':'pt'}," + A + "," + B + "}",
        "{" + A + ",'__metadata__':{'format':'pt'}," + B + "}",
        "{" + A + "," + B + ",'__metadata__':{}}",
        "{" + A + ",'z':{'dtype':'F32','shape':[0],'data_offsets':[8,8]}," + B + "}",
        "{'z':{'dtype':'F32','shape':[3,0,2],'data_offsets':[0,0]}," + B + "," + A + "}",
        "{" + A + "," + B + ",'z':{'dtype':'F32','shape':[0],'data_offsets':[12,12]}}",
        "{" + A + ",'b':{'dtype':'F32','shape':[],'data_offsets':[8,12]}}",
        "{'b':{'shape':[1],'data_offsets':[8,12],'dtype':'F32'}," + A + "}",
      })
  void readsHeadersInAnyOrder(String header) {
    Safetensors content = Safetensors.parse(file(header));

    assertThat(values(content, "a")).containsExactly(1, 2);
    assertThat(values(content, "b")).containsExactly(3);
  }

  private static float[] values(Safetensors content, String name) {
    return Objects.requireNonNull(content.tensors().get(name)).values();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[8,12] | [4,8] | b: begins at byte 4 of the data, but the tensor before it ends at byte 8;"
            + " expected no overlap",
        "[8,12] | [0,4] | a: begins at byte 0 of the data, but the tensor before it ends at byte 4;"
            + " expected no overlap",
        "[8,12] | [9,13] | truncated: b ends at byte 13 of the data, which has 12 bytes",
        "[8,12] | [8,16] | b: expected data_offsets [from, to] that are 4 bytes apart, got [8,16]",
        "[8,12] | [12,8] | b: expected data_offsets [from, to] that are 4 bytes apart, got [12,8]",
        "[8,12] | [-4,0] | b: expected data_offsets [from, to] that are 4 bytes apart, got [-4,0]",
        "[8,12] | [8.0,12.0] | b: expected data_offsets [from, to] that are 4 bytes apart, got"
            + " [8.0,12.0]",
        "[8,12] | [8,12,16] | b: expected data_offsets [from, to] that are 4 bytes apart, got"
            + " [8,12,16]",
        "'data_offsets':[8,12] | 'x':1 | b: expected data_offsets [from, to] that are 4 bytes apart,"
            + " got none",
        "'shape':[2] | 'shape':[1] | a: expected data_offsets [from, to] that are 4 bytes apart, got"
            + " [0,8]",
        "'shape':[2] | 'shape':[-2] | a: expected a shape of whole numbers of at least 0, got [-2]",
        "'shape':[2] | 'shape':[2.0] | a: expected a shape of whole numbers of at least 0, got"
            + " [2.0]",
        "'shape':[2] | 'shape':['2'] | a: expected a shape of whole numbers of at least 0, got"
            + " [\"2\"]",
        "'shape':[2] | 'shape':[4294967296,4294967296] | a: the shape [4294967296,4294967296]"
            + " exceeds the 3 numbers of the file, which may be truncated",
        "'shape':[2] | 'shape':[1,1,1,1,2] | a: expected a shape of at most 4 dimensions",
        "'a':{'dtype':'F32' | 'a':{'dtype':'I64' | a: expected dtype F32, got I64",
        "'a':{'dtype':'F32' | 'a':{'dtype':'F64' | a: expected dtype F32, got F64",
        "'b': | 'a': | not a safetensors file: its header is not valid JSON: Duplicate field 'a'",
        "{'a' | {'__metadata__':{'n':5},'a' | __metadata__: expected a text for the entry 'n'",
        "{'a' | {'__metadata__':[],'a' | __metadata__: expected an object with texts",
        "{'a' |  \\t{'a' | not a safetensors file: its header is not a JSON object",
        "'b' | 'b\u00ff' | not a safetensors file: its header is not valid UTF-8",
      })
  void refusesInvalidHeaders(String from, String to, String message) {
    String header = ("{" + A + "," + B + "}").replace(from, to.replace("\\t", "\t"));

    assertThatThrownBy(() -> Safetensors.parse(file(header)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessage(message);
  }

  @Test
  void refusesGap() {
    byte[] file = file("{'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}");

    assertThatThrownBy(() -> Safetensors.parse(file))
        .hasMessage(
            "b: begins at byte 8 of the data, but the tensor before it ends at byte 0; expected no"
                + " gap");
  }

  @Test
  void refusesBytesAfterTheLastTensor() {
    assertThatThrownBy(() -> Safetensors.parse(file("{" + A + "}")))
        .hasMessage("expected 8 bytes of data after the header, got 12");
  }

  @Test
  void readsEveryHalfPrecisionNumber() {
    ByteBuffer data = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      data.putShort((short) bits);
    }
    byte[] file =
        SafetensorsBytes.of(
            "{\"a\":{\"dtype\":\"F16\",\"shape\":[65536],\"data_offsets\":[0,131072]}}",
            data.array());

    float[] values = values(Safetensors.parse(file, EnumSet.allOf(DataType.class)), "a");

    assertThat(Arrays.copyOf(values, 3)).containsExactly(0, 0x1p-24f, 0x1p-23f);
    assertThat(values[0x0400]).isEqualTo(0x1p-14f);
    assertThat(values[0x3c00]).isEqualTo(1);
    assertThat(values[0x3555]).isEqualTo(0.33325195f);
    assertThat(values[0x7bff]).isEqualTo(65504);
    assertThat(values[0x7c00]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(values[0xc000]).isEqualTo(-2);
    assertThat(values[0x7e00]).isNaN();
    for (int bits = 1; bits < 0x7c00; bits++) {
      assertThat(values[bits]).isGreaterThan(values[bits - 1]);
      assertThat(values[bits | 0x8000]).isEqualTo(-values[bits]);
    }
  }
}
