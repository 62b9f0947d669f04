package io.eddy.training;

import io.eddy.model.Covariate;
import io.eddy.model.CovariateKind;
import io.eddy.model.ModelSpecification;
import io.eddy.model.Provenance;
import io.eddy.model.io.ModelFile;
import io.eddy.series.SteppedSeries;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What a training has come to after an epoch, as bytes, beside what it is a training of: only the
 * very same can be gone on with. Where the random generators stand follows from the seed and the
 * epoch.
 *
 * <pre>
 *   8        "EddyCkpt"
 *   4        version of this layout
 *   4 + n    code version, UTF-8
 *   4 + n    specification as JSON, UTF-8
 *   4 + n    settings as text, UTF-8
 *   32 32    SHA-256 of the series and their split, and of the first weights
 *   4 4 8    epoch, best epoch, least validation loss
 *   4·n 4·n  weights and best weights, float32
 *   8 8      β₁ᵗ and β₂ᵗ of Adam
 *   4·n 4·n  Adam's means and squares
 *   8 4·n    where an average is kept, its βᵗ and the average
 *   32       SHA-256 of all before
 * </pre>
 *
 * Big-endian. The sizes of the arrays follow from the specification.
 */
final class Checkpoint {
  private static final byte[] MAGIC = "EddyCkpt".getBytes(StandardCharsets.US_ASCII);
  private static final int LAYOUT = 1;
  private static final int SHA_BYTES = 32;
  private static final Provenance NONE = new Provenance("", 0, "", Map.of());

  private final ModelSpecification specification;
  private final byte[] json;
  private final byte[] settings;
  private final byte[] series;
  private final byte[] weights;

  /** Checkpoints of a training that is about to begin with {@code net}. */
  Checkpoint(
      ModelSpecification specification,
      TrainingSettings settings,
      Series series,
      TrainableNet net) {
    this.specification = specification;
    json = utf8(ModelFile.specificationOf(net.toFile(specification.with(NONE))));
    this.settings = utf8(settings.describe());
    this.series = series.digest(specification);
    weights = sha(sink -> writeArrays(sink, net.arrays()));
  }

  /** What is learned from. */
  record Series(Collection<SteppedSeries> series, TimeSplit split) {
    private byte[] digest(ModelSpecification specification) {
      return sha(
          sink -> {
            sink.writeLong(split.trainEnd());
            sink.writeLong(split.validationEnd());
            for (SteppedSeries one : series) {
              writeText(sink, utf8(one.name()));
              sink.writeLong(one.firstStep());
              sink.writeInt(one.size());
              for (double value : one.values()) {
                sink.writeDouble(value);
              }
              writeCovariates(sink, one, specification.inputs().covariateNames());
              writeAhead(sink, one, specification);
            }
          });
    }
  }

  private static void writeCovariates(
      DataOutputStream sink, SteppedSeries series, List<String> covariates) throws IOException {
    for (String name : covariates) {
      for (int t = 0; t < series.size(); t++) {
        sink.writeDouble(series.covariates().value(name, t));
      }
    }
  }

  private static void writeAhead(
      DataOutputStream sink, SteppedSeries series, ModelSpecification specification)
      throws IOException {
    for (Covariate covariate : specification.inputs().covariates()) {
      if (covariate.kind() == CovariateKind.FUTURE) {
        for (int t = 0; t < series.size(); t++) {
          for (int j = 1; j <= specification.output().horizon(); j++) {
            sink.writeDouble(series.futureCovariates(t).value(covariate.name(), j));
          }
        }
      }
    }
  }

  /** The bytes of what was learned so far. */
  byte[] write(TrainerState learning) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream sink = new DataOutputStream(bytes);
      sink.write(MAGIC);
      sink.writeInt(LAYOUT);
      writeText(sink, utf8(specification.provenance().codeVersion()));
      writeText(sink, json);
      writeText(sink, settings);
      sink.write(series);
      sink.write(weights);
      learning.write(sink);
      sink.write(sha(bytes.toByteArray()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes on from the bytes of a former training of the same.
   *
   * @param learning changed to what was learned there
   * @throws IllegalArgumentException that says what is wrong with them, or what is not the same
   */
  void read(byte[] file, TrainerState learning) {
    DataInputStream source = new DataInputStream(new ByteArrayInputStream(file));
    try {
      if (!Arrays.equals(source.readNBytes(MAGIC.length), MAGIC)) {
        throw refusal("it is no checkpoint of a training");
      }
      int layout = source.readInt();
      if (layout != LAYOUT) {
        throw refusal("expected layout %d, got %d", LAYOUT, layout);
      }
      int end = file.length - SHA_BYTES;
      if (end < 0
          || !Arrays.equals(
              sha(Arrays.copyOf(file, end)), Arrays.copyOfRange(file, end, file.length))) {
        throw refusal("it is damaged: its bytes are not those of its checksum");
      }
      requireSame(source);
      learning.read(source);
      if (source.available() != SHA_BYTES) {
        throw refusal("expected %d bytes at its end, got %d", SHA_BYTES, source.available());
      }
    } catch (IOException e) {
      throw refusal("it is truncated: %d bytes", file.length);
    }
  }

  private void requireSame(DataInputStream source) throws IOException {
    String code = text(readText(source));
    if (!code.equals(specification.provenance().codeVersion())) {
      throw refusal(
          "version %s wrote it, and version %s may train otherwise",
          code, specification.provenance().codeVersion());
    }
    if (!Arrays.equals(readText(source), json)) {
      throw refusal("the model it trains has other options");
    }
    byte[] others = readText(source);
    if (!Arrays.equals(others, settings)) {
      throw refusal("it trains with %s, expected %s", text(others), text(settings));
    }
    if (!Arrays.equals(source.readNBytes(SHA_BYTES), series)) {
      throw refusal("it trains on other data");
    }
    if (!Arrays.equals(source.readNBytes(SHA_BYTES), weights)) {
      throw refusal("it began with other weights");
    }
  }

  private static IllegalArgumentException refusal(String message, Object... arguments) {
    return new IllegalArgumentException("checkpoint: " + message.formatted(arguments));
  }

  /** Writes all numbers, one array after the other. */
  static void writeArrays(DataOutputStream sink, List<float[]> arrays) throws IOException {
    for (float[] array : arrays) {
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * array.length);
      bytes.asFloatBuffer().put(array);
      sink.write(bytes.array());
    }
  }

  /** Fills the arrays with what {@link #writeArrays} wrote of as many of the same sizes. */
  static void readArrays(DataInputStream source, List<float[]> arrays) throws IOException {
    for (float[] array : arrays) {
      byte[] bytes = new byte[Float.BYTES * array.length];
      source.readFully(bytes);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(array);
    }
  }

  private static void writeText(DataOutputStream sink, byte[] utf8) throws IOException {
    sink.writeInt(utf8.length);
    sink.write(utf8);
  }

  private static byte[] readText(DataInputStream source) throws IOException {
    int length = source.readInt();
    if (length < 0 || length > source.available()) {
      throw refusal("it is truncated: a text of %d bytes does not fit", length);
    }
    return source.readNBytes(length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private interface Content {
    void write(DataOutputStream sink) throws IOException;
  }

  private static byte[] sha(Content content) {
    MessageDigest digest = sha256();
    try (DataOutputStream sink =
        new DataOutputStream(
            new BufferedOutputStream(
                new DigestOutputStream(OutputStream.nullOutputStream(), digest)))) {
      content.write(sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest.digest();
  }

  private static byte[] sha(byte[] bytes) {
    return sha256().digest(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
