package io.eddy.kafka.registry;

import java.util.Map;

/** What a process has loaded and refused, as JMX shows it. */
public interface ModelCatalogMXBean {
  /** How many versions are decoded. */
  int getLoaded();

  /** How often a version was refused, for one reason or another, since the process began. */
  long getRefusals();

  /** Versions that are refused now, with the reasons. */
  Map<String, String> getRefused();

  /** How many forecasts were not finite, so that another version's took their place. */
  long getWithheld();

  /** How many series were still to move to another version when they were counted last. */
  long getSeriesWaiting();
}
