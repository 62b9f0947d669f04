package io.eddy.kafka.check;

import io.eddy.kafka.config.StreamPolicies;
import io.eddy.kafka.event.EventMapping;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A sample of events read with the settings as given, and with other settings if those read it
 * better.
 *
 * @param given the sample as the settings read it
 * @param proposed the sample as the detected settings would read it; null if none are better
 * @param detection what was detected
 */
public record EventInspection(
    Reading given, @Nullable Reading proposed, MappingDetection detection) {
  /** Largest share of rejected, or of conflicting, observations with which settings are good. */
  static final double MAX_BAD_SHARE = 0.05;

  private static final int MIN_PER_SERIES = 2;

  /** A mapping and what it reads. Local times are read as UTC if their zone is not set. */
  public record Reading(EventMapping mapping, EventSample sample) {
    private boolean isGood() {
      return rejectedShare() <= MAX_BAD_SHARE && isPlausible();
    }

    /** Returns whether the series are told apart, and have several observations each. */
    private boolean isPlausible() {
      return sample.conflicts() <= MAX_BAD_SHARE * sample.observations()
          && sample.observations() - sample.duplicates()
              >= (long) MIN_PER_SERIES * sample.series().size();
    }

    private double rejectedShare() {
      long all = sample.rejected() + sample.observations();
      return all == 0 ? 1 : (double) sample.rejected() / all;
    }

    /** Returns whether this reads the events better than the settings that are given. */
    private boolean isBetterThan(Reading given) {
      return sample.observations() > 0
          && isPlausible()
          && rejectedShare() < 0.5
          && (rejectedShare() < given.rejectedShare() || !given.isPlausible());
    }
  }

  /** Inspects records, which must be in the order of their offsets. */
  public static EventInspection of(
      EventMapping mapping, StreamPolicies policies, List<ConsumerRecord<byte[], byte[]>> records) {
    EventMappingDetector detector = new EventMappingDetector(mapping);
    records.forEach(detector::add);
    MappingDetection detection = detector.detect();
    Reading given = read(mapping, policies, records);
    EventMapping detected = detection.mapping();
    if (given.isGood() || detected == null) {
      return new EventInspection(given, null, detection);
    }
    EventMapping readable = detection.needsZone() ? inUtc(detected) : detected;
    Reading proposed = read(readable, policies, records);
    boolean isBetter = !readable.equals(mapping) && proposed.isBetterThan(given);
    return new EventInspection(
        given, isBetter ? new Reading(detected, proposed.sample()) : null, detection);
  }

  private static EventMapping inUtc(EventMapping mapping) {
    return new EventMapping(
        mapping.encoding(),
        mapping.key(),
        mapping.time().withZone(ZoneOffset.UTC),
        mapping.values(),
        mapping.covariates(),
        mapping.words());
  }

  private static Reading read(
      EventMapping mapping, StreamPolicies policies, List<ConsumerRecord<byte[], byte[]>> records) {
    EventSample sample = new EventSample(mapping, policies);
    records.forEach(sample::add);
    return new Reading(mapping, sample);
  }

  /** Returns whether the settings read the sample without faults worth a proposal. */
  public boolean isGood() {
    return given.isGood();
  }
}
