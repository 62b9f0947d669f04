package io.eddy.kafka.activity;

/** Receives the lines of the log. */
interface Lines {
  void info(String line);

  void warn(String line);
}
