package io.eddy.dataset.synthetic;

import io.eddy.dataset.ObservationSource;
import io.eddy.series.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The observations of {@link SensorGenerator}, without an end. */
public final class SensorSource implements ObservationSource {
  private final SensorGenerator sensors;
  private final long intervalMs;
  private long step;

  /**
   * Creates a source.
   *
   * @param firstMs time from which it generates, epoch milliseconds; the first step is at or before
   *     it
   */
  public SensorSource(int count, Duration interval, long seed, long firstMs) {
    intervalMs = interval.toMillis();
    step = Math.floorDiv(firstMs - SensorGenerator.START_MS, intervalMs);
    sensors = new SensorGenerator(count, interval, seed, step);
  }

  @Override
  public long nextMs() {
    return SensorGenerator.START_MS + step * intervalMs;
  }

  @Override
  public List<Observation> next() {
    List<Observation> observations = new ArrayList<>();
    sensors.generate(step, step + 1, observations::add);
    step++;
    return observations;
  }
}
