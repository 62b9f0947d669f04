package io.eddy.bench.campaign;

import io.eddy.bench.campaign.ServeInstances.Instance;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Carries out faults. A fault that ends, pauses or damages a process waits for an earlier one on
 * the same process.
 */
final class FaultInjector {
  private final KafkaCluster cluster;
  private final ServeInstances instances;
  private final Network network;
  private final VersionStorm storm;
  private final RepeatedForecast repeated;

  FaultInjector(
      KafkaCluster cluster,
      ServeInstances instances,
      Network network,
      VersionStorm storm,
      RepeatedForecast repeated) {
    this.cluster = cluster;
    this.instances = instances;
    this.network = network;
    this.storm = storm;
    this.repeated = repeated;
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
          onProcess(fault, instances.of(fault.target()).process());
      case BROKER_KILL, BROKER_RESTART, BROKER_PAUSE -> onProcess(fault, broker(fault.target()));
      case CONTROLLER_KILL, CONTROLLER_PAUSE -> onProcess(fault, cluster.controller());
      case NETWORK_CUT, NETWORK_DELAY, NETWORK_LOSS -> onLink(fault);
      case STATE_WIPED, STATE_TRUNCATED, STATE_FLIPPED ->
          onState(fault, instances.of(fault.target()));
      case DISK_FULL -> onDisk(fault, instances.of(fault.target()));
      case LEADER_ELECTION -> {
        cluster.electLeaders();
        yield "";
      }
      case ROLLING_RESTART -> restartAll(fault);
      case ACTIVATION_STORM -> storm.activate(fault.seed());
      case FORECAST_REPEATED -> repeated.write();
    };
  }

  private ManagedProcess broker(String name) {
    return cluster.brokers().stream()
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
          Thread.sleep(fault.lengthMs());
          process.resume();
        }
        case INSTANCE_RESTART, BROKER_RESTART -> {
          var code = process.terminate();
          Thread.sleep(fault.lengthMs());
          process.start();
          return code.isEmpty() ? "killed after 40 s" : "exit code " + code.getAsInt();
        }
        default -> {
          process.kill();
          Thread.sleep(fault.lengthMs());
          process.start();
        }
      }
    }
    return process.name();
  }

  private String onLink(Fault fault) throws InterruptedException {
    network.inject(fault.target(), fault.peer(), fault.kind());
    Thread.sleep(fault.lengthMs());
    network.heal(fault.target(), fault.peer());
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
      String damage = damage(fault, instance);
      Thread.sleep(fault.lengthMs());
      process.start();
      return damage;
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

  private static String onDisk(Fault fault, Instance instance)
      throws IOException, InterruptedException {
    StateDisk.fill(instance.state());
    Thread.sleep(fault.lengthMs());
    StateDisk.free(instance.state());
    return "";
  }

  private String restartAll(Fault fault) throws IOException, InterruptedException {
    for (ManagedProcess process : instances.processes()) {
      synchronized (process) {
        var unused = process.terminate();
        process.start();
      }
      Thread.sleep(fault.lengthMs() / instances.all().size());
    }
    return "";
  }
}
