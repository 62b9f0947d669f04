package io.eddy.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Version of this build of Eddy, from the manifest of its jar, and the commit it was built from.
 */
public final class BuildVersion {
  private static final String COMMIT = "commit.properties";

  private BuildVersion() {}

  /** Returns the version, or {@code development} if the classes were not loaded from a jar. */
  public static String number() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /**
   * Returns the commit and its time, and whether files had been changed since; {@code unknown} if
   * the build had no repository.
   */
  public static String commit() {
    Properties commit = new Properties();
    try (InputStream in = BuildVersion.class.getResourceAsStream(COMMIT)) {
      if (in != null) {
        commit.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + COMMIT, e);
    }
    return describe(commit);
  }

  static String describe(Properties commit) {
    String id = commit.getProperty("git.commit.id.abbrev", "");
    if (id.isEmpty()) {
      return "unknown";
    }
    boolean isChanged = Boolean.parseBoolean(commit.getProperty("git.dirty"));
    return "%s of %s%s"
        .formatted(
            id, commit.getProperty("git.commit.time"), isChanged ? ", with later changes" : "");
  }
}
