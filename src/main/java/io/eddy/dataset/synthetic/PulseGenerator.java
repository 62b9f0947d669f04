package io.eddy.dataset.synthetic;

import io.eddy.series.Observation;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Generates series that can only be forecast with memory: a random ±1 at midnight, then
 * uninformative noise around 0, and from 18:00 to 22:00 the midnight value again with little noise.
 * The last day ends at 18:00, when the midnight value is to be forecast. The same seed gives the
 * same bits on every JDK.
 */
public final class PulseGenerator {
  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final double NOISE = 0.3;
  private static final double PULSE_NOISE = 0.05;

  private final int count;
  private final long intervalMs;
  private final List<SplittableRandom> randoms;

  public PulseGenerator(int count, Duration interval, long seed) {
    this.count = count;
    intervalMs = interval.toMillis();
    SplittableRandom random = new SplittableRandom(seed);
    randoms = IntStream.range(0, count).mapToObj(i -> random.split()).toList();
  }

  /** Generates the observations of {@code days} days, in order of time. */
  public void generate(int days, Consumer<Observation> sink) {
    double[] pulse = new double[count];
    long end = (days - 1) * DAY_MS + 18 * HOUR_MS;
    for (long timeMs = 0; timeMs < end; timeMs += intervalMs) {
      for (int i = 0; i < count; i++) {
        SplittableRandom random = randoms.get(i);
        long hour = timeMs % DAY_MS / HOUR_MS;
        double value;
        if (timeMs % DAY_MS < intervalMs) {
          pulse[i] = random.nextBoolean() ? 1 : -1;
          value = pulse[i];
        } else if (hour >= 18 && hour < 22) {
          value = pulse[i] + PULSE_NOISE * random.nextGaussian();
        } else {
          value = NOISE * random.nextGaussian();
        }
        double rounded = StrictMath.rint(value * 1000) / 1000;
        sink.accept(
            new Observation("pulse-%03d".formatted(i), SensorGenerator.START_MS + timeMs, rounded));
      }
    }
  }
}
