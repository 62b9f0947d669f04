package io.eddy.model;

/** Version of this build of Eddy, from the manifest of its jar. */
public final class BuildVersion {
  private BuildVersion() {}

  /** Returns the version, or {@code development} if the classes were not loaded from a jar. */
  public static String number() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
