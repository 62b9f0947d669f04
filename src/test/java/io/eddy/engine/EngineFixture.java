package io.eddy.engine;

import io.eddy.model.Model;
import io.eddy.rollout.Activation;
import io.eddy.rollout.Activation.Terms;
import io.eddy.rollout.Scope;
import io.eddy.rollout.ServingVersion;

/** Activations for tests of the engine. */
public final class EngineFixture {
  public static final String MODEL = "m";

  private EngineFixture() {}

  /** Returns a version that serves all series. */
  public static ServingVersion serving(Model model, long epoch) {
    return new ServingVersion(activation(model, epoch), model);
  }

  static Activation activation(Model model, long epoch) {
    return new Activation(MODEL, epoch, model.version(), Terms.serving(Scope.all(), null), "");
  }
}
