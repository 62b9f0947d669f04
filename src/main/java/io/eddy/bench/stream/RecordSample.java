package io.eddy.bench.stream;

import io.eddy.kafka.stream.ForecastTopology;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples of what a forecaster writes per event: to its state stores, and as a forecast.
 *
 * @param pairs states and forecasts
 * @param seriesStateBytes mean size of the value in the state store
 * @param otherStateBytes mean size of the values that an event writes to the window store
 */
record RecordSample(List<Pair> pairs, double seriesStateBytes, double otherStateBytes) {
  private static final int COUNT = 200;

  /** A state and a forecast. */
  static final class Pair {
    private final byte[] state;
    private final byte[] result;

    /** Takes the arrays without a copy. */
    Pair(byte[] state, byte[] result) {
      this.state = state;
      this.result = result;
    }

    byte[] state() {
      return state;
    }

    byte[] result() {
      return result;
    }
  }

  /**
   * Returns the mean sizes.
   *
   * @param broker bytes per event on the broker's disk
   */
  StreamResult.RecordBytes bytes(double broker) {
    return new StreamResult.RecordBytes(
        seriesStateBytes,
        otherStateBytes,
        pairs.stream().mapToInt(pair -> pair.result().length).average().orElse(0),
        broker);
  }

  /**
   * Numbers of records in the changelog topics of a stream.
   *
   * @param states of the state store
   * @param windows of the window store
   */
  record Writes(long states, long windows) {
    static Writes count(TopicTail topics, RunningStream.Names names) {
      return new Writes(
          topics.records(changelog(names, ForecastTopology.STATES)),
          topics.records(changelog(names, ForecastTopology.WINDOWS)));
    }

    /** Returns the writes to the window store per write of a state since an earlier count. */
    double windowsPerState(Writes before) {
      return (double) (windows - before.windows) / Math.max(1, states - before.states);
    }
  }

  /**
   * Reads the latest records of a forecaster's changelog and forecast topics.
   *
   * <p>A state of the sample is as long as all values that an event writes, in both stores.
   *
   * @param before numbers of records from which on they are counted: new series write more
   */
  static RecordSample take(TopicTail topics, RunningStream.Names names, Writes before) {
    String states = changelog(names, ForecastTopology.STATES);
    String windows = changelog(names, ForecastTopology.WINDOWS);
    List<byte[]> state = topics.values(states, COUNT);
    List<byte[]> window = topics.values(windows, COUNT);
    List<byte[]> forecast = topics.values(names.results(), COUNT);
    double other = Writes.count(topics, names).windowsPerState(before) * mean(window);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < Math.min(state.size(), forecast.size()); i++) {
      pairs.add(
          new Pair(
              join(
                  state.get(i),
                  window.isEmpty() ? new byte[0] : window.get(i % window.size()),
                  other),
              forecast.get(i)));
    }
    if (pairs.isEmpty()) {
      throw new IllegalStateException("the forecaster has written no state or no forecast");
    }
    return new RecordSample(pairs, mean(state), other);
  }

  private static String changelog(RunningStream.Names names, String store) {
    return "%s-%s-changelog".formatted(names.applicationId(), store);
  }

  private static double mean(List<byte[]> values) {
    return values.stream().mapToInt(value -> value.length).average().orElse(0);
  }

  /** Returns a state followed by bytes of a part, repeated or cut to a length. */
  static byte[] join(byte[] state, byte[] part, double length) {
    byte[] joined = new byte[state.length + (int) Math.round(length)];
    System.arraycopy(state, 0, joined, 0, state.length);
    for (int i = state.length; i < joined.length; i++) {
      joined[i] = part[(i - state.length) % part.length];
    }
    return joined;
  }

  /** Writes the sample to a file. */
  void write(Path file) throws IOException {
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
      out.writeDouble(seriesStateBytes);
      out.writeDouble(otherStateBytes);
      out.writeInt(pairs.size());
      for (Pair pair : pairs) {
        out.writeInt(pair.state().length);
        out.write(pair.state());
        out.writeInt(pair.result().length);
        out.write(pair.result());
      }
    }
  }

  /** Reads a sample from a file. */
  static RecordSample read(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      double seriesState = in.readDouble();
      double otherState = in.readDouble();
      int count = in.readInt();
      List<Pair> pairs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        byte[] state = in.readNBytes(in.readInt());
        pairs.add(new Pair(state, in.readNBytes(in.readInt())));
      }
      return new RecordSample(pairs, seriesState, otherState);
    }
  }
}
