package io.eddy.cli;

import io.eddy.model.BuildVersion;
import picocli.CommandLine.IVersionProvider;

/** Provides the output of {@code --version}: the versions of Eddy and of Java. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "eddy " + BuildVersion.number(), "Java " + System.getProperty("java.version"),
    };
  }
}
