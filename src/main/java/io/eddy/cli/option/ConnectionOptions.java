package io.eddy.cli.option;

import io.eddy.kafka.config.EddySettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a broker. */
public final class ConnectionOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings, as a properties file; deploy/eddy.properties is a sample.")
  private @Nullable Path config;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The broker; overrides the settings. Default: localhost:9092.")
  private @Nullable String bootstrapServers;

  public EddySettings settings() {
    return EddySettings.read(config, bootstrapServers);
  }
}
