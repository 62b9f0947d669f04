package io.eddy.kafka.config;

/**
 * Settings of the stream threads, and of their reaction to a deleted topic.
 *
 * @param count number of threads
 * @param maxReplacements maximum number of failed threads that are replaced within ten minutes
 * @param isWaitingForTopics whether to wait for an output topic that was deleted, instead of
 *     stopping
 */
public record ThreadSettings(int count, int maxReplacements, boolean isWaitingForTopics) {
  public static final int DEFAULT_MAX_REPLACEMENTS = 3;

  /** Returns threads with the default number of replacements. */
  public static ThreadSettings of(int count) {
    return new ThreadSettings(count, DEFAULT_MAX_REPLACEMENTS, false);
  }
}
