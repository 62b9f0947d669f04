package io.eddy.cli.option;

import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that connects to a broker. */
@OptionGroup(Section.CONNECTION)
public final class ConnectionOptions {
  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description =
          "Kafka brokers to connect to; overrides every other source. Default: localhost:9092.")
  private @Nullable String bootstrapServers;

  /** Returns the settings of the file, the environment and the command line. */
  public EddyConfig settings() {
    SettingSources sources = options.sources();
    if (bootstrapServers != null) {
      sources.option("--bootstrap-servers", "bootstrap.servers", bootstrapServers);
    }
    return sources.load();
  }
}
