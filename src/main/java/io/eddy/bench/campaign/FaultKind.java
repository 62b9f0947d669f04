package io.eddy.bench.campaign;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of faults. */
enum FaultKind {
  /** SIGKILL of an instance, and a start after the length. */
  INSTANCE_KILL(Target.INSTANCE),
  /** SIGTERM of an instance, and a start after the length. */
  INSTANCE_RESTART(Target.INSTANCE),
  /** SIGSTOP of an instance, and SIGCONT after the length. */
  INSTANCE_PAUSE(Target.INSTANCE),
  /** SIGKILL of a broker, and a start after the length. */
  BROKER_KILL(Target.BROKER),
  /** SIGTERM of a broker, and a start after the length. */
  BROKER_RESTART(Target.BROKER),
  /** SIGSTOP of a broker, and SIGCONT after the length. */
  BROKER_PAUSE(Target.BROKER),
  /** SIGKILL of the active controller, and a start after the length. */
  CONTROLLER_KILL(Target.CONTROLLER),
  /** SIGSTOP of the active controller, and SIGCONT after the length. */
  CONTROLLER_PAUSE(Target.CONTROLLER),
  /** No data pass between two processes. */
  NETWORK_CUT(Target.PAIR),
  /** Data between two processes arrive 50 to 500 ms late. */
  NETWORK_DELAY(Target.PAIR),
  /** A tenth of the data between two processes waits for a retransmission. */
  NETWORK_LOSS(Target.PAIR),
  /** SIGKILL of an instance, its state folder is deleted, and a start after the length. */
  STATE_WIPED(Target.INSTANCE),
  /** SIGTERM of an instance, one file of its state is truncated, and a start after the length. */
  STATE_TRUNCATED(Target.INSTANCE),
  /** SIGTERM of an instance, one bit of its state is flipped, and a start after the length. */
  STATE_FLIPPED(Target.INSTANCE),
  /** The file system of an instance's state is full. */
  DISK_FULL(Target.INSTANCE),
  /** Writes to the file system of an instance's state wait 0.4 s of every 0.5 s. */
  DISK_SLOW(Target.INSTANCE),
  /** The file system of a broker is full, and the broker is started if it has ended. */
  BROKER_DISK_FULL(Target.BROKER),
  /** Writes to the file system of a broker wait 0.4 s of every 0.5 s. */
  BROKER_DISK_SLOW(Target.BROKER),
  /** SIGKILL or SIGSTOP of the schema registry, while the events change to a new schema. */
  REGISTRY_AWAY(Target.REGISTRY),
  /** Every partition's leader moves to its next replica. */
  LEADER_ELECTION(Target.CLUSTER),
  /** SIGTERM and start of every instance, one after the other. */
  ROLLING_RESTART(Target.CLUSTER),
  /** SIGTERM of every instance, one after the other, and a start with the other build. */
  ROLLING_UPGRADE(Target.CLUSTER),
  /** Twenty versions are published and activated in a row; each migrates all series. */
  ACTIVATION_STORM(Target.CLUSTER),
  /** A committed forecast is written a second time. A control: drawn only if it is requested. */
  FORECAST_REPEATED(Target.CLUSTER);

  /** The part of the installation that a fault applies to. */
  enum Target {
    INSTANCE,
    BROKER,
    CONTROLLER,
    REGISTRY,
    PAIR,
    CLUSTER
  }

  private final Target target;

  FaultKind(Target target) {
    this.target = target;
  }

  Target target() {
    return target;
  }

  /** Returns the name in options, schedules and reports. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the kind of a name.
   *
   * @throws IllegalArgumentException if no kind has it
   */
  static FaultKind of(String id) {
    return Arrays.stream(values())
        .filter(kind -> kind.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown kind of fault \"%s\"; expected one of %s".formatted(id, ids())));
  }

  /** Returns whether the fault needs file systems of the campaign's own. */
  boolean needsDisk() {
    return switch (this) {
      case DISK_FULL, DISK_SLOW, BROKER_DISK_FULL, BROKER_DISK_SLOW -> true;
      default -> false;
    };
  }

  /**
   * Returns the kinds after which nothing may be lost, repeated or different.
   *
   * @param hasOtherBuild whether there is another build for rolling upgrades
   */
  static List<FaultKind> harmless(boolean hasOtherBuild) {
    return Arrays.stream(values())
        .filter(kind -> kind != FORECAST_REPEATED && (hasOtherBuild || kind != ROLLING_UPGRADE))
        .toList();
  }

  static List<String> ids() {
    return Arrays.stream(values()).map(FaultKind::id).toList();
  }
}
