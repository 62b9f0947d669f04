package io.eddy.dataset.synthetic;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Generates realistic sensors: daily and weekly seasonality with individual phase and strength, a
 * slow trend, autocorrelated noise, occasional unusual days, and gaps. The same seed gives the same
 * bits on every JDK.
 */
public final class SensorGenerator {
  /** Monday 2026-01-05T00:00:00Z. */
  public static final long START_MS = 1_767_571_200_000L;

  private static final double DAY_MS = Duration.ofDays(1).toMillis();

  /** Days after which a trend reverses, so that values stay plausible however long it runs. */
  private static final double TREND_DAYS = 180;

  private final List<Sensor> sensors = new ArrayList<>();
  private final long intervalMs;

  /** Creates a generator that begins at step 0. */
  public SensorGenerator(int count, Duration interval, long seed) {
    this(count, interval, seed, 0);
  }

  /**
   * Creates a generator that begins at a step. The sensors are the same for every first step; their
   * noise is not.
   *
   * @param firstStep negative for a time before {@link #START_MS}
   */
  public SensorGenerator(int count, Duration interval, long seed, long firstStep) {
    intervalMs = interval.toMillis();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      Sensor sensor = new Sensor("sensor-%03d".formatted(i), random.split());
      if (firstStep != 0) {
        sensor.random = new SplittableRandom(sensor.random.nextLong() + firstStep);
      }
      sensors.add(sensor);
    }
  }

  /**
   * Generates the observations of steps {@code from} to {@code to}, exclusive, in order of time.
   */
  public void generate(long from, long to, Consumer<Observation> sink) {
    for (long step = from; step < to; step++) {
      for (Sensor sensor : sensors) {
        sensor.next(step, sink);
      }
    }
  }

  /** A sensor; its steps are generated in order. */
  private final class Sensor {
    private final String name;
    private SplittableRandom random;
    private final double level;
    private final double dayPhase;
    private final double dayShare;
    private final double halfDayShare;
    private final double weekendDrop;
    private final double trendPerDay;
    private final double noise;
    private double drift;
    private int gap;
    private double dayFactor = 1;

    Sensor(String name, SplittableRandom random) {
      this.name = name;
      this.random = random;
      level = 20 * StrictMath.exp(2 * random.nextDouble());
      dayPhase = random.nextDouble(-0.1, 0.1);
      dayShare = random.nextDouble(0.15, 0.45);
      halfDayShare = random.nextDouble(0.0, 0.2);
      weekendDrop = random.nextDouble(0.0, 0.4);
      trendPerDay = random.nextDouble(-0.002, 0.002);
      noise = random.nextDouble(0.01, 0.04);
    }

    void next(long step, Consumer<Observation> sink) {
      double day = step * intervalMs / DAY_MS;
      double trend = trendPerDay * trendDays(day);
      if (step * intervalMs % Duration.ofDays(1).toMillis() == 0) {
        dayFactor = random.nextDouble() < 0.04 ? random.nextDouble(0.7, 1.3) : 1;
      }
      drift = 0.9 * drift + noise * random.nextGaussian();
      if (gap == 0 && random.nextDouble() < 0.001) {
        gap = 1 + random.nextInt(6);
      }
      double shape =
          1
              + dayShare * StrictMath.sin(2 * StrictMath.PI * (day - 0.3 + dayPhase))
              + halfDayShare * StrictMath.sin(4 * StrictMath.PI * (day + dayPhase));
      double weekend = Math.floorMod((long) Math.floor(day), 7) >= 5 ? 1 - weekendDrop : 1;
      double value = level * (shape * weekend * dayFactor + trend + drift);
      if (gap > 0) {
        gap--;
      } else {
        double rounded = StrictMath.rint(value * 1000) / 1000;
        sink.accept(new Observation(name, START_MS + step * intervalMs, rounded));
      }
    }
  }

  /** Returns the days of trend at a day: up for {@value #TREND_DAYS} days, then down again. */
  private static double trendDays(double day) {
    double phase = Math.abs(day) % (2 * TREND_DAYS);
    return phase <= TREND_DAYS ? phase : 2 * TREND_DAYS - phase;
  }
}
