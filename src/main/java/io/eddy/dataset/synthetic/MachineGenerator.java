package io.eddy.dataset.synthetic;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Generates machines whose values are states: {@value #OFF} off, {@value #IDLE} idle, {@value
 * #RUNNING} running, {@value #FAILING} failing. Each machine has its own shift, and some are off at
 * the weekend. During the shift a machine is sometimes idle, and its probability of failing grows
 * with the running hours since the last repair. The same seed gives the same series on every JDK.
 */
public final class MachineGenerator {
  static final int OFF = 0;
  static final int IDLE = 1;
  static final int RUNNING = 2;
  static final int FAILING = 3;

  private static final double HOUR_MS = Duration.ofHours(1).toMillis();
  private static final double FIRST_WEAR_HOURS = 40;

  private final List<Machine> machines = new ArrayList<>();
  private final double hoursPerStep;
  private final long intervalMs;

  public MachineGenerator(int count, Duration interval, long seed) {
    intervalMs = interval.toMillis();
    hoursPerStep = intervalMs / HOUR_MS;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      machines.add(new Machine("machine-%03d".formatted(i), random.split()));
    }
  }

  /** Generates the observations of {@code steps} steps, in order of time. */
  public void generate(long steps, Consumer<Observation> sink) {
    for (long step = 0; step < steps; step++) {
      long timestampMs = SensorGenerator.START_MS + step * intervalMs;
      for (Machine machine : machines) {
        sink.accept(new Observation(machine.name, timestampMs, machine.next(step)));
      }
    }
  }

  /** A machine; its steps are generated in order. */
  private final class Machine {
    private final String name;
    private final SplittableRandom random;
    private final double shiftBegin;
    private final double shiftHours;
    private final boolean restsAtWeekends;
    private double wornHours;
    private double repairHours;
    private boolean isIdle;

    Machine(String name, SplittableRandom random) {
      this.name = name;
      this.random = random;
      shiftBegin = random.nextInt(4, 10);
      shiftHours = random.nextInt(8, 15);
      restsAtWeekends = random.nextInt(3) > 0;
    }

    int next(long step) {
      double hours = step * hoursPerStep;
      if (repairHours > 0) {
        repairHours -= hoursPerStep;
        return FAILING;
      }
      double hour = hours % 24;
      boolean isWeekend = (long) (hours / 24) % 7 >= 5;
      if (hour < shiftBegin || hour >= shiftBegin + shiftHours || (isWeekend && restsAtWeekends)) {
        return OFF;
      }
      isIdle = random.nextDouble() < (isIdle ? 0.5 : 0.1);
      if (isIdle) {
        return IDLE;
      }
      wornHours += hoursPerStep;
      if (random.nextDouble() < 0.02 * hoursPerStep * Math.max(0, wornHours - FIRST_WEAR_HOURS)) {
        wornHours = 0;
        repairHours = random.nextInt(2, 7);
        return FAILING;
      }
      return RUNNING;
    }
  }
}
