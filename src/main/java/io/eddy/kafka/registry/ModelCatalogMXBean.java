package io.eddy.kafka.registry;

import java.util.Map;

/** JMX attributes of the model catalog. */
public interface ModelCatalogMXBean {
  /** Returns the number of loaded versions. */
  int getLoaded();

  /** Returns how often a version was rejected since the process started. */
  long getRejections();

  /** Returns the rejected versions with the reasons. */
  Map<String, String> getRejected();

  /** Returns the number of series with a pending migration at the last count. */
  long getPendingMigrations();
}
