package io.eddy.kafka.event;

import io.eddy.admission.DecodedEvent;
import io.eddy.admission.EventLimits;
import io.eddy.series.InvalidRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Reads events within limits. Whatever is the record's fault, or goes wrong while it is read and
 * leaves the program sound, is said by an {@link UnreadableException}; anything else is thrown as
 * it is. Used by one thread.
 */
public final class EventReader {
  private final Decoding decoding;
  private final EventLimits limits;

  /** Makes an event of a record, as {@link EventDecoder#read} does. */
  public interface Decoding {
    public DecodedEvent read(byte @Nullable [] key, byte @Nullable [] value, long timestampMs);
  }

  /** A record that cannot be used; the cause says why. */
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    private final Throwable why;

    private UnreadableException(Throwable why) {
      super(why);
      this.why = why;
    }

    public Throwable why() {
      return why;
    }
  }

  public EventReader(Decoding decoding, EventLimits limits) {
    this.decoding = decoding;
    this.limits = limits;
  }

  /** Nothing has changed where it throws. */
  public DecodedEvent read(byte @Nullable [] key, byte @Nullable [] value, long timestampMs)
      throws UnreadableException {
    try {
      return limits.within(decoding.read(key, value, timestampMs), timestampMs);
    } catch (RuntimeException | Error e) {
      if (DeadLetters.canBePutAside(e)) {
        throw new UnreadableException(e);
      }
      throw e;
    }
  }

  /** An event of which something can be used. */
  public DecodedEvent readSome(byte @Nullable [] key, byte @Nullable [] value, long timestampMs)
      throws UnreadableException {
    DecodedEvent event = read(key, value, timestampMs);
    if (event.observations().isEmpty()) {
      throw new UnreadableException(
          new InvalidRecordException("%s", String.join("; ", event.refused().values())));
    }
    return event;
  }
}
