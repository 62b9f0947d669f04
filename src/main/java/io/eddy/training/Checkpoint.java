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
 * Binary form of the training state after an epoch, together with a description of the training. A
 * checkpoint is accepted only by an identical training. The states of the random generators follow
 * from the seed and the epoch.
 *
 * <pre>
 *   8        "EddyCkpt"
 *   4        layout version
 *   4 + n    code version, UTF-8
 *   4 + n    specification as JSON, UTF-8
 *   4 + n    settings as text, UTF-8
 *   32 32    SHA-256 of the series and their split, and of the initial weights
 *   4 4 8    epoch, best epoch, least validation loss
 *   4·n 4·n  weights and best weights, float32
 *   8 8      β₁ᵗ and β₂ᵗ of Adam
 *   4·n 4·n  means and squares of Adam
 *   8 4·n    if a weight average is kept: its βᵗ and the average
 *   32       SHA-256 of all preceding bytes
 * </pre>
 *
 * <p>Big-endian. The sizes of the arrays follow from the specification.
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

  /** Describes a training that starts with {@code net}. */
  Checkpoint(
      ModelSpecification specification,
      TrainingSettings settings,
      Series series,
      TrainableNet net) {
    this.specification = specification;
    json = utf8(ModelFile.specificationJson(specification.withProvenance(NONE)));
    this.settings = utf8(settings.describe());
    this.series = series.digest(specification);
    weights = sha(sink -> writeArrays(sink, net.arrays()));
  }

  /** The training data and its split. */
  record Series(Collection<SteppedSeries> series, TimeSplit split) {
    private byte[] digest(ModelSpecification specification) {
      return sha(
          sink -> {
            sink.writeLong(split.trainEnd());
            sink.writeLong(split.validationEnd());
            for (SteppedSeries s : series) {
              writeText(sink, utf8(s.name()));
              sink.writeLong(s.firstStep());
              sink.writeInt(s.size());
              for (double value : s.values()) {
                sink.writeDouble(value);
              }
              writeCovariates(sink, s, specification.inputs().covariateNames());
              writeFutureCovariates(sink, s, specification);
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

  private static void writeFutureCovariates(
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

  /** Returns the checkpoint of a training state. */
  byte[] write(TrainerState state) {
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
      state.write(sink);
      sink.write(sha(bytes.toByteArray()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Restores a training state from a checkpoint.
   *
   * @param state overwritten
   * @throws IllegalArgumentException if the checkpoint is damaged or belongs to a different
   *     training; the message states the difference
   */
  void read(byte[] file, TrainerState state) {
    DataInputStream source = new DataInputStream(new ByteArrayInputStream(file));
    try {
      if (!Arrays.equals(source.readNBytes(MAGIC.length), MAGIC)) {
        throw invalid("not a training checkpoint");
      }
      int layout = source.readInt();
      if (layout != LAYOUT) {
        throw invalid("expected layout %d, got %d", LAYOUT, layout);
      }
      int end = file.length - SHA_BYTES;
      if (end < 0
          || !Arrays.equals(
              sha(Arrays.copyOf(file, end)), Arrays.copyOfRange(file, end, file.length))) {
        throw invalid("damaged: the checksum does not match");
      }
      requireSame(source);
      state.read(source);
      if (source.available() != SHA_BYTES) {
        throw invalid("expected %d bytes at its end, got %d", SHA_BYTES, source.available());
      }
    } catch (IOException e) {
      throw invalid("truncated: got %d bytes", file.length);
    }
  }

  private void requireSame(DataInputStream source) throws IOException {
    String code = text(readText(source));
    if (!code.equals(specification.provenance().codeVersion())) {
      throw invalid(
          "expected code version %s, got %s; delete the checkpoint to start again",
          specification.provenance().codeVersion(), code);
    }
    if (!Arrays.equals(readText(source), json)) {
      throw invalid("the model has different options");
    }
    byte[] found = readText(source);
    if (!Arrays.equals(found, settings)) {
      throw invalid("expected settings %s, got %s", text(settings), text(found));
    }
    if (!Arrays.equals(source.readNBytes(SHA_BYTES), series)) {
      throw invalid("the training data are different");
    }
    if (!Arrays.equals(source.readNBytes(SHA_BYTES), weights)) {
      throw invalid("the initial weights are different");
    }
  }

  private static IllegalArgumentException invalid(String message, Object... arguments) {
    return new IllegalArgumentException("checkpoint: " + message.formatted(arguments));
  }

  /** Writes all arrays one after the other. */
  static void writeArrays(DataOutputStream sink, List<float[]> arrays) throws IOException {
    for (float[] array : arrays) {
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * array.length);
      bytes.asFloatBuffer().put(array);
      sink.write(bytes.array());
    }
  }

  /** Fills arrays of the same sizes as those given to {@link #writeArrays}. */
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
      throw invalid("truncated: a text of %d bytes exceeds the file", length);
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
