package io.eddy.kafka.registry;

import io.eddy.rollout.Author;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The user and host that run this process. */
final class CurrentOperator {
  private CurrentOperator() {}

  static Author get() {
    return Author.operator(System.getProperty("user.name", "unknown") + "@" + host());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
