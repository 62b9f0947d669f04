package io.eddy.kafka.schema;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro's single-object encoding of one record type: C3 01, the schema's fingerprint, the body.
 *
 * @param <T> a generated record class
 */
public final class SingleObjectEncoding<T extends SpecificRecordBase> {
  static {
    // Avro makes objects of no class that is not trusted by name: ours are those of its own
    // package.
    ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
    ClassSecurityPredicate ours = type -> type.getPackage() == SensorEvent.class.getPackage();
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(before, ours));
  }

  private static final int HEADER = 10;

  private final String name;
  private final Schema schema;
  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;

  /**
   * A record type.
   *
   * @param schema that is written
   * @param former resources beside this class with schemas that were written before and are read
   */
  public SingleObjectEncoding(Schema schema, String... former) {
    name = schema.getName();
    this.schema = schema;
    encoder = new BinaryMessageEncoder<>(SpecificData.get(), schema);
    decoder = new BinaryMessageDecoder<>(SpecificData.get(), schema);
    for (String resource : former) {
      decoder.addSchema(parse(resource));
    }
  }

  private static Schema parse(String resource) {
    try (InputStream in = SingleObjectEncoding.class.getResourceAsStream(resource)) {
      return new Schema.Parser().parse(Objects.requireNonNull(in, resource));
    } catch (IOException e) {
      throw new IllegalStateException(resource + " is part of this program", e);
    }
  }

  public byte[] encode(T message) {
    try {
      ByteBuffer bytes = encoder.encode(message);
      byte[] result = new byte[bytes.remaining()];
      bytes.get(result);
      return result;
    } catch (IOException e) {
      throw new IllegalStateException("an in-memory buffer does not fail", e);
    }
  }

  /** The record without what names its schema. */
  public byte[] encodeBody(T message) {
    byte[] whole = encode(message);
    return Arrays.copyOfRange(whole, HEADER, whole.length);
  }

  /**
   * Decodes a record that another schema wrote.
   *
   * @param from where its bytes begin
   */
  public T decode(Schema writer, byte[] bytes, int from) {
    try {
      SpecificDatumReader<T> reader = new SpecificDatumReader<>(writer, schema);
      return reader.read(
          null, DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null));
    } catch (IOException | RuntimeException e) {
      throw new InvalidRecordException("not a %s", name).because(e.getMessage());
    }
  }

  /** Throws {@link InvalidRecordException} where the bytes are no such record. */
  public T decode(byte[] bytes) {
    try {
      return decoder.decode(bytes);
    } catch (IOException | RuntimeException e) {
      // Avro says by exceptions of many kinds that bytes are none of its own: an absurd length, for
      // one, is an unsupported operation.
      throw new InvalidRecordException("not a single-object encoded %s", name)
          .because(e.getMessage());
    }
  }
}
