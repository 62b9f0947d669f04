package io.eddy.series.time;

/**
 * Counts of the times that a reader has read.
 *
 * @param absolute times with a zone or offset of their own, and epochs
 * @param local times without one
 * @param ambiguous local times in an hour that occurs twice; the earlier one was taken
 * @param nonexistent local times that a change to summer time skips; they were moved forward by the
 *     length of the gap
 */
public record TimestampCounts(long absolute, long local, long ambiguous, long nonexistent) {
  /** Returns whether some times have a zone and others have none. */
  public boolean isMixed() {
    return absolute > 0 && local > 0;
  }
}
