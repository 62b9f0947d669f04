package io.eddy.bench.campaign;

import io.eddy.bench.RandomModel;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.nn.CellKind;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Publishes and activates versions of the campaign's model. */
final class VersionStorm {
  static final String MODEL = "campaign";

  private static final int VERSIONS = 20;

  /** Time after which the versions that are left are given up, since no broker answers. */
  private static final long MAX_NS = TimeUnit.MINUTES.toNanos(2);

  private static final int HORIZON = 6;
  private static final int CONTEXT = 48;
  private static final List<CellKind> CELLS =
      List.of(CellKind.GRU, CellKind.LSTM, CellKind.RNN_TANH);

  private final ModelRegistry registry;

  VersionStorm(ModelRegistry registry) {
    this.registry = registry;
  }

  /** Publishes and activates the version of a seed. */
  void activateOne(long seed) {
    byte[] file =
        RandomModel.file(
            new ModelSpecification.Network(
                CELLS.get((int) Math.floorMod(seed, (long) CELLS.size())), 8, List.of(1)),
            List.of(0.1, 0.5, 0.9),
            HORIZON,
            CONTEXT,
            seed);
    registry.publisher().publish(MODEL, file);
    registry.rollout().activate(MODEL, ModelVersion.of(file), null, "campaign");
  }

  /** Publishes and activates many versions in a row. */
  synchronized String activate(long seed) {
    long end = System.nanoTime() + MAX_NS;
    int activated = 0;
    String reason = "";
    for (int i = 0; i < VERSIONS && System.nanoTime() - end < 0; i++) {
      try {
        activateOne(seed + i);
        activated++;
      } catch (RuntimeException e) {
        // Brokers that are away at the same time reject a version; the next one is tried.
        reason = ": " + e.getMessage();
      }
    }
    return "%d of %d versions activated%s".formatted(activated, VERSIONS, reason);
  }
}
