package io.eddy.bench.campaign;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The network faults between pairs of processes. Thread-safe. */
final class Network {
  private static final int MIN_DELAY_MS = 50;
  private static final int MAX_DELAY_MS = 500;
  private static final int LOSS_PERCENT = 10;

  /** Linux' minimum and a doubled retransmission time-out. */
  private static final int[] RETRANSMISSION_MS = {200, 400, 800, 1600};

  private final Map<Set<String>, FaultKind> faults = new HashMap<>();
  private boolean isClosed;

  synchronized void inject(String process, String peer, FaultKind kind) {
    faults.put(Set.of(process, peer), kind);
  }

  synchronized void heal(String process, String peer) {
    faults.remove(Set.of(process, peer));
    notifyAll();
  }

  synchronized void close() {
    isClosed = true;
    notifyAll();
  }

  /**
   * Blocks until data may pass between two processes.
   *
   * @param source the process that has connected; it is found only if the broker has a fault
   */
  void pass(ConnectionSource source, String broker, Random random) throws InterruptedException {
    if (!hasFault(broker)) {
      return;
    }
    String process = source.process();
    if (process == null || process.equals(broker)) {
      return;
    }
    FaultKind kind = awaitLink(Set.of(process, broker));
    if (kind == FaultKind.NETWORK_DELAY) {
      Thread.sleep(MIN_DELAY_MS + random.nextInt(MAX_DELAY_MS - MIN_DELAY_MS));
    } else if (kind == FaultKind.NETWORK_LOSS && random.nextInt(100) < LOSS_PERCENT) {
      Thread.sleep(RETRANSMISSION_MS[random.nextInt(RETRANSMISSION_MS.length)]);
    }
  }

  private synchronized boolean hasFault(String broker) {
    return faults.keySet().stream().anyMatch(link -> link.contains(broker));
  }

  private synchronized @Nullable FaultKind awaitLink(Set<String> link) throws InterruptedException {
    while (!isClosed && faults.get(link) == FaultKind.NETWORK_CUT) {
      wait();
    }
    return faults.get(link);
  }
}
