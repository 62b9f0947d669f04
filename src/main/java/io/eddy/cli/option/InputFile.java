package io.eddy.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A path that a command reads. {@link OptionCheck} checks that the file exists before the command
 * runs.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface InputFile {
  /** Returns whether the path is a folder. */
  boolean isFolder() default false;
}
