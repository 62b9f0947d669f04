package io.eddy.cli.option;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The section of the help that lists an option, for commands with many options. The annotation of a
 * class applies to its options that have none.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.TYPE})
public @interface OptionGroup {
  /** Sections in the order of the help. */
  enum Section {
    COMMON("Common options"),
    DATA("Data"),
    MODEL("Model"),
    FORECAST("Forecast"),
    TRAINING("Training"),
    OUTPUT("Output"),
    CONNECTION("Connection and settings"),
    ADVANCED("Advanced"),
    GENERAL("General");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  Section value();
}
