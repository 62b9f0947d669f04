package io.eddy.cli;

import io.eddy.model.BuildVersion;
import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.IVersionProvider;

/** Provides the output of {@code --version}: this build, Kafka's clients, Java and the system. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "eddy " + BuildVersion.number(),
      "commit " + BuildVersion.commit(),
      "Kafka " + AppInfoParser.getVersion(),
      "Java %s (%s)".formatted(property("java.version"), property("java.vendor")),
      "%s %s (%s)".formatted(property("os.name"), property("os.version"), property("os.arch")),
    };
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }
}
