package io.eddy.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of this build, as its jar tells. */
final class Version implements IVersionProvider {
  /** The number alone. */
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "eddy " + number(), "Java " + System.getProperty("java.version"),
    };
  }
}
