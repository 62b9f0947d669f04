package io.eddy.kafka.promotion;

/** What a process has decided by scores, as JMX shows it. */
public interface PromotionControllerMXBean {
  /** Whether this process is the one that judges. */
  boolean isSeated();

  /** How many shadows it let serve. */
  long getPromotions();

  /** How many shadows it ended. */
  long getDrops();

  /** How many versions that served it took back. */
  long getRollbacks();

  /** How often it would have taken a version back, and there was none to go back to. */
  long getUnanswered();

  /** The last decision; empty where there is none. */
  String getLastDecision();
}
