package io.eddy.kafka.registry;

import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import org.jspecify.annotations.Nullable;

/** Finds models by version. */
public interface ModelLookup {
  /** Returns the model; null if it is incomplete or rejected. */
  @Nullable Model find(ModelVersion version);
}
