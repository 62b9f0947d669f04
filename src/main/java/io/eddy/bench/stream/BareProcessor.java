package io.eddy.bench.stream;

import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the state of an event's key, and forwards a result. States and results are
 * samples of a forecaster's, in turns, so that they compress as well.
 */
final class BareProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private final List<RecordSample.Pair> samples;
  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable KeyValueStore<Bytes, byte[]> states;
  private int next;

  BareProcessor(List<RecordSample.Pair> samples) {
    this.samples = samples;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    states = context.getStateStore(BareStream.STATES);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    KeyValueStore<Bytes, byte[]> store = Objects.requireNonNull(states, "not initialized");
    Bytes key = Bytes.wrap(record.key());
    byte[] old = store.get(key);
    int step = old == null ? next++ : (old[0] & 0xFF) + 1;
    RecordSample.Pair sample = samples.get(Math.floorMod(step, samples.size()));
    byte[] state = sample.state().clone();
    state[0] = (byte) step;
    store.put(key, state);
    Objects.requireNonNull(context).forward(record.withValue(sample.result()));
  }
}
