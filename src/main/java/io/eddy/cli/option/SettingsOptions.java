package io.eddy.cli.option;

import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that reads settings. */
@OptionGroup(Section.CONNECTION)
public final class SettingsOptions {
  @InputFile
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Properties file with settings; deploy/eddy.properties is a sample.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "Setting that overrides the file and the environment; repeatable.",
        "An environment variable such as EDDY_STATE_DIR overrides the file."
      })
  private List<String> assignments = List.of();

  /** Returns the settings of the file, the environment and the command line. */
  public EddyConfig settings() {
    return sources().load();
  }

  SettingSources sources() {
    SettingSources sources = new SettingSources();
    if (config != null) {
      sources.file(config);
    }
    return sources.environment(System.getenv()).assignments(assignments);
  }
}
