package io.eddy.kafka.access;

import java.util.Locale;

/** A group of commands that run under the same principal. */
public enum AccessRole {
  SERVE("serve"),
  TRAIN("train --topic, with --activate; check"),
  MODELS("models"),
  VERIFY("verify"),
  FEED("feed, simulate"),
  READ("tail, watch, plot, and other readers of forecasts"),
  TOPICS("topics create, check, delete and alter"),
  RESET("reset, rebuild");

  private final String commands;

  AccessRole(String commands) {
    this.commands = commands;
  }

  /** Returns the name in lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the commands of this role, in words. */
  public String commands() {
    return commands;
  }
}
