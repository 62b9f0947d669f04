package io.eddy.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The valid range of a numeric option, or of each of its values. For a duration the bounds are
 * milliseconds. {@link OptionCheck} checks it before the command runs.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Within {
  double min() default 0;

  double max() default Double.MAX_VALUE;

  /** Returns whether {@link #min} itself is invalid. */
  boolean isMinExclusive() default false;

  /** Returns whether {@link #max} itself is invalid. */
  boolean isMaxExclusive() default false;
}
