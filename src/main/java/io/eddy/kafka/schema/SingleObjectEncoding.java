package io.eddy.kafka.schema;

import io.eddy.codec.avro.SensorEvent;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro's single-object encoding of one record type: C3 01, the schema's fingerprint, the body.
 * Records of previous schemas are read as well, by Avro's schema resolution.
 *
 * @param <T> a generated record class
 */
public final class SingleObjectEncoding<T extends SpecificRecordBase> {
  static {
    // Avro only instantiates classes that are trusted by name. Trusts Eddy's generated classes.
    ClassSecurityPredicate previous = ClassSecurityValidator.getGlobal();
    ClassSecurityPredicate generated = type -> type.getPackage() == SensorEvent.class.getPackage();
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(previous, generated));
  }

  private static final byte[] MARKER = {(byte) 0xC3, 1};
  private static final int HEADER_BYTES = MARKER.length + Long.BYTES;

  private final String name;
  private final Schema schema;
  private final byte[] header;
  private final BinaryMessageEncoder<T> encoder;

  /** Readers of the records of each schema, by fingerprint. */
  private final Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();

  /**
   * Creates an encoding.
   *
   * @param schema schema of written records
   * @param previousSchemas earlier schemas of the record type, whose records are still read
   */
  public SingleObjectEncoding(Schema schema, Schema... previousSchemas) {
    name = schema.getName();
    this.schema = schema;
    header = headerOf(schema);
    encoder = new BinaryMessageEncoder<>(SpecificData.get(), schema);
    addReader(schema);
    for (Schema previous : previousSchemas) {
      addReader(previous);
    }
  }

  private void addReader(Schema writer) {
    readers.put(
        SchemaNormalization.parsingFingerprint64(writer),
        new SpecificDatumReader<>(writer, schema));
  }

  private static byte[] headerOf(Schema schema) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MARKER)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  /** Encodes a record with its header. */
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

  /** Encodes a record without the header. */
  public byte[] encodeBody(T message) {
    byte[] encoded = encode(message);
    return Arrays.copyOfRange(encoded, HEADER_BYTES, encoded.length);
  }

  /** Returns the header of every record; not a copy. */
  public byte[] header() {
    return header;
  }

  /**
   * Decodes a record without a header.
   *
   * @param writer writer schema
   * @param from offset of the record's first byte
   * @throws InvalidRecordException if the bytes are not such a record
   */
  public T decode(Schema writer, byte[] bytes, int from) {
    try {
      SpecificDatumReader<T> reader = new SpecificDatumReader<>(writer, schema);
      return reader.read(null, new BoundedDecoder(bytes, from));
    } catch (IOException | RuntimeException e) {
      throw new InvalidRecordException("not a %s", name).because(e.getMessage());
    }
  }

  /**
   * Decodes a record with its header.
   *
   * @throws InvalidRecordException if the bytes are not such a record
   */
  public T decode(byte[] bytes) {
    try {
      return reader(bytes).read(null, new BoundedDecoder(bytes, HEADER_BYTES));
    } catch (IOException | RuntimeException e) {
      // Avro has no common exception for invalid bytes: for an absurd length, for example, it
      // throws UnsupportedOperationException.
      throw new InvalidRecordException("not a single-object encoded %s", name)
          .because(e.getMessage());
    }
  }

  private SpecificDatumReader<T> reader(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || bytes[0] != MARKER[0] || bytes[1] != MARKER[1]) {
      throw new AvroRuntimeException("it does not begin with the marker of this encoding");
    }
    long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(MARKER.length);
    SpecificDatumReader<T> reader = readers.get(fingerprint);
    if (reader == null) {
      throw new AvroRuntimeException(
          "unknown schema with the fingerprint %016x".formatted(fingerprint));
    }
    return reader;
  }
}
