package io.eddy.cli.command;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.registry.ModelLoader;
import io.eddy.kafka.registry.ModelRegistry;

/** Creates the model registry from the settings of a command. */
final class RegistryFactory {
  private RegistryFactory() {}

  static ModelRegistry registry(EddyConfig settings) {
    return new ModelRegistry(
        settings.client(), settings.stream().topics(), ModelLoader.of(settings.stream()));
  }
}
