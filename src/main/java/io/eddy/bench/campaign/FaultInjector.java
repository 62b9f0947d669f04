package io.eddy.bench.campaign;

import io.eddy.bench.campaign.ServeInstances.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out faults. A fault that ends, pauses or damages a process waits for an earlier one on
 * the same process.
 */
final class FaultInjector {
  /** A broker notices the full disk with its next write, and then ends. */
  private static final int BROKER_END_SECONDS = 30;

  private final Parts parts;
  private final @Nullable String otherBuild;
  private final Map<String, String> builds = new HashMap<>();

  /**
   * The parts of the installation that faults apply to.
   *
   * @param registry null if the events need none
   */
  record Parts(
      KafkaCluster cluster,
      ServeInstances instances,
      Network network,
      @Nullable RegistryProcess registry,
      AvroEvents events,
      VersionStorm storm,
      RepeatedForecast repeated) {}

  /**
   * Creates an injector.
   *
   * @param otherBuild class path for rolling upgrades; null if there is none
   */
  FaultInjector(Parts parts, @Nullable String otherBuild) {
    this.parts = parts;
    this.otherBuild = otherBuild;
  }

  /**
   * Begins a fault, waits for its length and heals it.
   *
   * @return what the fault chose itself; empty if nothing
   */
  String carryOut(Fault fault)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    return switch (fault.kind()) {
      case INSTANCE_KILL, INSTANCE_RESTART, INSTANCE_PAUSE ->
          onProcess(fault, instances().of(fault.target()).process());
      case BROKER_KILL, BROKER_RESTART, BROKER_PAUSE -> onProcess(fault, broker(fault.target()));
      case CONTROLLER_KILL, CONTROLLER_PAUSE -> onProcess(fault, parts.cluster().controller());
      case NETWORK_CUT, NETWORK_DELAY, NETWORK_LOSS -> onLink(fault);
      case STATE_WIPED, STATE_TRUNCATED, STATE_FLIPPED ->
          onState(fault, instances().of(fault.target()));
      case DISK_FULL, DISK_SLOW -> onDisk(fault, instances().of(fault.target()).state());
      case BROKER_DISK_FULL -> onFullBroker(fault, broker(fault.target()));
      case BROKER_DISK_SLOW -> onDisk(fault, parts.cluster().data(fault.target()));
      case REGISTRY_AWAY -> onRegistry(fault);
      case LEADER_ELECTION -> {
        parts.cluster().electLeaders();
        yield "";
      }
      case ROLLING_RESTART, ROLLING_UPGRADE -> restartAll(fault);
      case ACTIVATION_STORM -> parts.storm().activate(fault.seed());
      case FORECAST_REPEATED -> parts.repeated().write();
    };
  }

  private ManagedProcess broker(String name) {
    return parts.cluster().brokers().stream()
        .filter(broker -> broker.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown broker " + name));
  }

  private static String onProcess(Fault fault, ManagedProcess process)
      throws IOException, InterruptedException {
    synchronized (process) {
      switch (fault.kind()) {
        case INSTANCE_PAUSE, BROKER_PAUSE, CONTROLLER_PAUSE -> {
          process.pause();
          try {
            Thread.sleep(fault.lengthMs());
          } finally {
            process.resume();
          }
        }
        case INSTANCE_RESTART, BROKER_RESTART -> {
          var code = process.terminate();
          startAfter(fault, process);
          return code.isEmpty() ? "killed after 40 s" : "exit code " + code.getAsInt();
        }
        default -> {
          process.kill();
          startAfter(fault, process);
        }
      }
    }
    return process.name();
  }

  /** Starts a process after the length of a fault, or at once if the thread is interrupted. */
  private static void startAfter(Fault fault, ManagedProcess process)
      throws IOException, InterruptedException {
    try {
      Thread.sleep(fault.lengthMs());
    } finally {
      process.start();
    }
  }

  private String onLink(Fault fault) throws InterruptedException {
    parts.network().inject(fault.target(), fault.peer(), fault.kind());
    try {
      Thread.sleep(fault.lengthMs());
    } finally {
      parts.network().heal(fault.target(), fault.peer());
    }
    return "";
  }

  private static String onState(Fault fault, Instance instance)
      throws IOException, InterruptedException {
    ManagedProcess process = instance.process();
    synchronized (process) {
      if (fault.kind() == FaultKind.STATE_WIPED) {
        process.kill();
      } else {
        var unused = process.terminate();
      }
      try {
        return damage(fault, instance);
      } finally {
        startAfter(fault, process);
      }
    }
  }

  private static String damage(Fault fault, Instance instance) throws IOException {
    Random random = new Random(fault.seed());
    return switch (fault.kind()) {
      case STATE_TRUNCATED -> StateDamage.truncate(instance.state(), random);
      case STATE_FLIPPED -> StateDamage.flip(instance.state(), random);
      default -> {
        StateDamage.wipe(instance.state());
        yield "";
      }
    };
  }

  private static String onDisk(Fault fault, Path folder) throws IOException, InterruptedException {
    if (fault.kind() == FaultKind.DISK_FULL) {
      try {
        TestDisks.fill(folder);
        Thread.sleep(fault.lengthMs());
      } finally {
        TestDisks.free(folder);
      }
    } else {
      TestDisks.slow(folder, fault.lengthMs());
    }
    return "";
  }

  private String onFullBroker(Fault fault, ManagedProcess broker)
      throws IOException, InterruptedException {
    Path folder = parts.cluster().data(fault.target());
    synchronized (broker) {
      try {
        TestDisks.fill(folder);
        Thread.sleep(fault.lengthMs());
        return broker.awaitEnd(BROKER_END_SECONDS) ? "the broker had ended" : "the broker went on";
      } finally {
        TestDisks.free(folder);
        broker.start();
      }
    }
  }

  private String onRegistry(Fault fault) throws IOException, InterruptedException {
    if (parts.registry() == null) {
      throw new IllegalStateException("the campaign has no schema registry");
    }
    ManagedProcess process = parts.registry().process();
    boolean isPause = fault.seed() % 2 == 1;
    synchronized (process) {
      if (isPause) {
        process.pause();
      } else {
        process.kill();
      }
      parts.events().useNextSchema();
      try {
        Thread.sleep(fault.lengthMs());
      } finally {
        process.resume();
        process.start();
      }
    }
    return isPause ? "paused" : "killed";
  }

  private ServeInstances instances() {
    return parts.instances();
  }

  private String requireOtherBuild() {
    if (otherBuild == null) {
      throw new IllegalStateException("there is no other build: set --other-build");
    }
    return otherBuild;
  }

  private String restartAll(Fault fault) throws IOException, InterruptedException {
    String otherBuild = fault.kind() == FaultKind.ROLLING_UPGRADE ? requireOtherBuild() : null;
    for (ManagedProcess process : instances().processes()) {
      synchronized (process) {
        var unused = process.terminate();
        if (otherBuild != null) {
          String next = builds.getOrDefault(process.name(), otherBuild);
          builds.put(process.name(), process.useClassPath(next));
        }
        process.start();
      }
      Thread.sleep(fault.lengthMs() / instances().all().size());
    }
    return "";
  }
}
