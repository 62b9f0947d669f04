package io.eddy.cli.option;

import picocli.CommandLine.Parameters;

/** The positional parameter that names a model version. */
public final class VersionParameter {
  @Parameters(
      paramLabel = "VERSION",
      description = "The version, or its first digits, as models list shows it.")
  private String prefix = "";

  /** Returns the version's first digits. */
  public String prefix() {
    return prefix;
  }
}
