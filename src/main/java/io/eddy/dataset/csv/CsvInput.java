package io.eddy.dataset.csv;

import io.eddy.series.InvalidRecordException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The text of a file, plain or gzip, and its beginning. */
final class CsvInput implements Closeable {
  private static final int HEAD_BYTES = 512;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int SAMPLE_CHARS = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final PushbackReader reader;
  private final String sample;
  private final boolean isWhole;

  private CsvInput(PushbackReader reader, String sample, boolean isWhole) {
    this.reader = reader;
    this.sample = sample;
    this.isWhole = isWhole;
  }

  /**
   * Opens a file.
   *
   * @param encoding null to detect it
   * @throws InvalidRecordException if the file is no text
   */
  static CsvInput open(Path file, @Nullable Charset encoding) throws IOException {
    // A pipe cannot be read by Files.newInputStream, which asks for positions.
    InputStream bytes = new BufferedInputStream(new FileInputStream(file.toFile()), BUFFER_BYTES);
    try {
      byte[] head = head(bytes);
      if (head.length > 1 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
        bytes = new BufferedInputStream(new GZIPInputStream(bytes, BUFFER_BYTES), BUFFER_BYTES);
        head = head(bytes);
      }
      FileKind.requireText(file, head);
      Charset charset = encoding == null ? charset(file, head) : encoding;
      return open(file, new InputStreamReader(bytes, charset.newDecoder()));
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  private static CsvInput open(Path file, Reader text) throws IOException {
    char[] chars = new char[SAMPLE_CHARS];
    int size = 0;
    int read = 0;
    while (size < chars.length && (read = text.read(chars, size, chars.length - size)) >= 0) {
      size += read;
    }
    int from = size > 0 && chars[0] == BYTE_ORDER_MARK ? 1 : 0;
    PushbackReader reader = new PushbackReader(text, SAMPLE_CHARS);
    reader.unread(chars, from, size - from);
    String sample = new String(chars, from, size - from);
    if (sample.indexOf('\0') >= 0) {
      throw new InvalidRecordException(
          "%s contains zero bytes: it is binary, or needs its encoding, such as --encoding UTF-16LE",
          file);
    }
    FileKind.requireCsv(file, sample);
    return new CsvInput(reader, sample, read < 0);
  }

  private static byte[] head(InputStream bytes) throws IOException {
    bytes.mark(HEAD_BYTES);
    byte[] head = bytes.readNBytes(HEAD_BYTES);
    bytes.reset();
    return head;
  }

  private static Charset charset(Path file, byte[] head) {
    int first = head.length < 4 ? 0 : ((head[0] & 0xff) << 8) | (head[1] & 0xff);
    boolean isWide = first == 0xfffe && head[2] == 0 && head[3] == 0;
    if (isWide || (first == 0 && head.length > 3 && (head[2] & 0xff) == 0xfe)) {
      throw new InvalidRecordException("%s is UTF-32: save it as UTF-8", file);
    }
    return first == 0xfffe || first == 0xfeff ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  /** Returns the whole text, from its beginning. */
  Reader reader() {
    return reader;
  }

  /** Returns the first characters. */
  String sample() {
    return sample;
  }

  /** Returns whether the sample is the whole text. */
  boolean isWhole() {
    return isWhole;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
