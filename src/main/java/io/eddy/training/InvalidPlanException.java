package io.eddy.training;

/** A {@link ModelPlan} contradicts itself or does not suit the data. */
public final class InvalidPlanException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  InvalidPlanException(String message) {
    super(message);
  }

  InvalidPlanException(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
