package io.eddy.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/** Writes numbers that JSON does not have, infinite ones and NaN, as null. */
final class FiniteNumbers extends SimpleModule {
  private static final long serialVersionUID = 1;

  FiniteNumbers() {
    super("FiniteNumbers");
    addSerializer(Double.class, serializer(FiniteNumbers::write));
    addSerializer(double.class, serializer(FiniteNumbers::write));
    addSerializer(Float.class, serializer(FiniteNumbers::write));
    addSerializer(float.class, serializer(FiniteNumbers::write));
    addSerializer(double[].class, serializer(FiniteNumbers::writeAll));
    addSerializer(float[].class, serializer(FiniteNumbers::writeAll));
  }

  private interface Writer<T> {
    void write(T value, JsonGenerator json) throws IOException;
  }

  private static <T> JsonSerializer<T> serializer(Writer<T> writer) {
    return new JsonSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator json, SerializerProvider provider)
          throws IOException {
        writer.write(value, json);
      }
    };
  }

  private static void write(double value, JsonGenerator json) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  private static void write(float value, JsonGenerator json) throws IOException {
    if (Float.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  private static void writeAll(double[] values, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (double value : values) {
      write(value, json);
    }
    json.writeEndArray();
  }

  private static void writeAll(float[] values, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (float value : values) {
      write(value, json);
    }
    json.writeEndArray();
  }
}
