package io.eddy.model;

/** The version of this build of Eddy, from the manifest of its jar. */
public final class BuildVersion {
  private BuildVersion() {}

  /** The version, or {@code development} when the classes were not loaded from a jar. */
  public static String number() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
