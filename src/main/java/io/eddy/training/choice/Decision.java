package io.eddy.training.choice;

/**
 * A property of the model that was derived from the data.
 *
 * @param property its name in the report, such as "season"
 * @param value the chosen value, as in the options
 * @param reason why, in a few words
 */
public record Decision(String property, String value, String reason) {
  @Override
  public String toString() {
    return "%s: %s (%s)".formatted(property, value, reason);
  }
}
