package io.eddy.serving.api;

import io.eddy.kafka.query.LocalSeries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The channels of the watched series. A channel exists while it has clients. Thread-safe. */
final class SeriesChannels {
  private final ForecasterQueries queries;
  private final Map<String, Open> open = new HashMap<>();

  /** A channel and how many clients use it or are about to. */
  private static final class Open {
    final SeriesChannel channel;
    int clients = 1;

    Open(SeriesChannel channel) {
      this.channel = channel;
    }
  }

  SeriesChannels(ForecasterQueries queries) {
    this.queries = queries;
  }

  /**
   * Adds a client to the channel of a series. It must be removed by {@link #unsubscribe}, also if
   * this method throws.
   *
   * @param last the event that the client received last; null for none
   */
  void subscribe(LocalSeries.Entry entry, EventQueue client, @Nullable EventId last)
      throws InterruptedException {
    String series = entry.series().name();
    SeriesChannel created = null;
    SeriesChannel channel;
    synchronized (this) {
      Open existing = open.get(series);
      if (existing == null) {
        created = new SeriesChannel(series, entry.partition(), queries);
        open.put(series, new Open(created));
        channel = created;
      } else {
        existing.clients++;
        channel = existing.channel;
      }
    }
    if (created != null) {
      created.start(entry, last != null);
    } else {
      channel.awaitStart();
    }
    channel.subscribe(client, entry, last);
  }

  void unsubscribe(String series, EventQueue client) {
    synchronized (this) {
      Open existing = open.get(series);
      if (existing == null) {
        return;
      }
      existing.channel.unsubscribe(client);
      if (--existing.clients == 0) {
        open.remove(series);
        queries.feed().unwatch(series);
      }
    }
  }

  /** Ends the streams of the series that this instance does not serve any more. */
  void closeMoved(Set<Integer> served) {
    for (SeriesChannel channel : channels()) {
      if (!served.contains(channel.partition())) {
        channel.close();
      }
    }
  }

  private synchronized List<SeriesChannel> channels() {
    List<SeriesChannel> channels = new ArrayList<>();
    open.values().forEach(series -> channels.add(series.channel));
    return channels;
  }
}
