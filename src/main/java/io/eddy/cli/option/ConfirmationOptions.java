package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import picocli.CommandLine.Option;

/** Options of commands that delete data. */
public final class ConfirmationOptions {
  @Option(names = "--dry-run", description = "Print the changes without making them.")
  private boolean isDryRun;

  @Option(names = "--yes", description = "Confirm the change; required unless --dry-run is given.")
  private boolean isConfirmed;

  public boolean isDryRun() {
    return isDryRun;
  }

  /**
   * Checks that the change is confirmed.
   *
   * @throws UsageException if neither option is given
   */
  public void require() {
    if (!isDryRun && !isConfirmed) {
      throw new UsageException(
          "nothing was changed: repeat the command with --yes to carry this out, or with --dry-run"
              + " to print it only");
    }
  }
}
