package io.eddy.engine;

import io.eddy.model.Model;
import io.eddy.model.ModelVersion;
import io.eddy.rollout.Activations;
import org.jspecify.annotations.Nullable;

/** Finds activations and versions. Used by one thread. */
public interface ModelResolver {
  /** Returns a number that grows with every change of activations or versions. */
  long changes();

  /** Returns the activations of the model, as of now. */
  Activations activations();

  /** Returns a version, or null if it is missing or was refused. */
  @Nullable Model find(ModelVersion version);
}
