package io.eddy.dataset.synthetic;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Makes series that only a memory can foretell: at midnight one value of ±1 by the toss of a coin,
 * then noise around 0 that says nothing, and from 18 to 22 o'clock, with little noise, the value of
 * midnight again. The last day ends at 18 o'clock, when that value is due. The same seed gives the
 * same bits on every JDK.
 */
public final class PulseGenerator {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final double NOISE = 0.3;
  private static final double LITTLE = 0.05;

  private final int count;
  private final long intervalMs;
  private final List<SplittableRandom> randoms;

  public PulseGenerator(int count, Duration interval, long seed) {
    this.count = count;
    intervalMs = interval.toMillis();
    SplittableRandom random = new SplittableRandom(seed);
    randoms = IntStream.range(0, count).mapToObj(i -> random.split()).toList();
  }

  /** Makes the observations of so many days, in order of time. */
  public void generate(int days, Consumer<Observation> sink) {
    double[] pulse = new double[count];
    long end = (days - 1) * DAY_MS + 18 * HOUR_MS;
    for (long at = 0; at < end; at += intervalMs) {
      for (int i = 0; i < count; i++) {
        SplittableRandom random = randoms.get(i);
        long hour = at % DAY_MS / HOUR_MS;
        double value;
        if (at % DAY_MS < intervalMs) {
          pulse[i] = random.nextBoolean() ? 1 : -1;
          value = pulse[i];
        } else if (hour >= 18 && hour < 22) {
          value = pulse[i] + LITTLE * random.nextGaussian();
        } else {
          value = NOISE * random.nextGaussian();
        }
        double rounded = StrictMath.rint(value * 1000) / 1000;
        sink.accept(
            new Observation("pulse-%03d".formatted(i), SensorGenerator.START_MS + at, rounded));
      }
    }
  }
}
