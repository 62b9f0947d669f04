package io.eddy.kafka.promotion;

/** JMX attributes of the promotion controller. */
public interface PromotionControllerMXBean {
  /** Returns whether this instance is the active one. */
  boolean isActive();

  /** Returns the number of promoted shadows. */
  long getPromotions();

  /** Returns the number of dropped shadows. */
  long getDrops();

  /** Returns the number of automatic rollbacks. */
  long getRollbacks();

  /** Returns the number of rollbacks that failed because there was no previous version. */
  long getFailedRollbacks();

  /** Returns the last decision; empty if none exists. */
  String getLastDecision();
}
