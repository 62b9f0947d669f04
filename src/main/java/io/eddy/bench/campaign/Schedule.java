package io.eddy.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Faults in the order of their begin. Faults may overlap, but not two that end or pause the same
 * process.
 */
record Schedule(List<Fault> faults) {
  private static final long MIN_LENGTH_MS = 2_000;
  private static final long MIN_PAUSE_MS = 5_000;
  private static final long MAX_PAUSE_MS = 60_000;
  private static final long MAX_DOWN_MS = 20_000;

  Schedule {
    faults = faults.stream().sorted(Comparator.comparingLong(Fault::atMs)).toList();
  }

  /**
   * The options that a schedule is drawn from.
   *
   * @param kinds each occurs as often as every other, plus or minus one
   * @param durationMs of the load
   */
  record Plan(List<FaultKind> kinds, int faults, long durationMs, int brokers, int instances) {}

  /** Draws a schedule. The same plan and seed give the same schedule. */
  static Schedule draw(Plan plan, long seed) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    List<FaultKind> left = new ArrayList<>();
    double slotMs = (double) plan.durationMs() / (plan.faults() + 1);
    for (int i = 0; i < plan.faults(); i++) {
      if (left.isEmpty()) {
        left.addAll(plan.kinds());
        Collections.shuffle(left, random);
      }
      long atMs = Math.round(slotMs * (i + 0.25 + random.nextDouble() / 2));
      faults.add(fault(left.remove(left.size() - 1), atMs, plan, random));
    }
    return new Schedule(faults);
  }

  private static Fault fault(FaultKind kind, long atMs, Plan plan, Random random) {
    String target = target(kind, plan, random);
    String peer = Fault.NONE;
    if (kind.target() == FaultKind.Target.PAIR) {
      // One end is a broker, since all connections lead to brokers.
      int broker = 1 + random.nextInt(plan.brokers());
      int other = random.nextInt(plan.instances() + plan.brokers() - 1);
      peer = broker(broker);
      target =
          other < plan.instances()
              ? instance(1 + other)
              : broker(1 + (broker + other - plan.instances()) % plan.brokers());
    }
    return new Fault(kind, atMs, target, peer, length(kind, plan, random), random.nextInt(1 << 30));
  }

  private static String target(FaultKind kind, Plan plan, Random random) {
    return switch (kind.target()) {
      case INSTANCE, PAIR -> instance(1 + random.nextInt(plan.instances()));
      case BROKER -> broker(1 + random.nextInt(plan.brokers()));
      case CONTROLLER -> "controller";
      case REGISTRY -> RegistryProcess.NAME;
      case CLUSTER -> "cluster";
    };
  }

  /** Draws the length: most are short, some exceed the time-outs of sessions and transactions. */
  private static long length(FaultKind kind, Plan plan, Random random) {
    boolean isPause =
        switch (kind) {
          case INSTANCE_PAUSE, BROKER_PAUSE, CONTROLLER_PAUSE, NETWORK_CUT -> true;
          default -> false;
        };
    long min = isPause ? MIN_PAUSE_MS : MIN_LENGTH_MS;
    long max = Math.max(min + 1, Math.min(isPause ? MAX_PAUSE_MS : MAX_DOWN_MS, limit(plan)));
    return min + (long) ((max - min) * random.nextDouble() * random.nextDouble());
  }

  /** Returns the maximum length, so that the load of a short campaign goes on after a fault. */
  private static long limit(Plan plan) {
    return plan.durationMs() / 4;
  }

  static String instance(int number) {
    return "instance-" + number;
  }

  static String broker(int number) {
    return "broker-" + number;
  }

  /**
   * Reads a schedule file.
   *
   * @throws IllegalArgumentException if a line is invalid
   */
  static Schedule read(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return new Schedule(
          lines
              .map(String::strip)
              .filter(
                  line -> !line.isEmpty() && !line.startsWith("#") && !line.equals(Fault.HEADER))
              .map(Fault::parse)
              .toList());
    }
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of(Fault.HEADER));
    faults.forEach(fault -> lines.add(fault.line()));
    Files.write(file, lines);
  }
}
