package io.eddy.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who decided an activation, and when.
 *
 * @param name user and host of an operator, or the instance that applied a rule; empty if unknown
 * @param application the application whose promotion controller decided; null for an operator
 * @param at time of the decision; null if unknown
 */
public record Author(String name, @Nullable String application, @Nullable Instant at) {
  /** An unknown author. */
  public static final Author UNKNOWN = new Author("", null, null);

  /** Returns an operator, without a time. */
  public static Author operator(String name) {
    return new Author(name, null, null);
  }

  /** Returns the promotion controller of an application's instance, without a time. */
  public static Author controller(String application, String instance) {
    return new Author(instance, application, null);
  }

  /** Returns this author at a time. */
  public Author at(Instant time) {
    return new Author(name, application, time);
  }
}
