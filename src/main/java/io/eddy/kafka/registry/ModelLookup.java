package io.eddy.kafka.registry;

import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import org.jspecify.annotations.Nullable;

/** Where the versions are found that activations name. */
public interface ModelLookup {
  /** The model, or null where it is not whole or unsound. */
  @Nullable Model find(ModelVersion version);
}
