package io.eddy.cli.option;

import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.SeriesData;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that process the series of a file. */
public final class SeriesFileOptions {
  @InputFile
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description =
          CsvFormatOptions.FILE
              + " Lines without a value have future values of a model's covariates.")
  private Path csv = Path.of("");

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Write a plot (.svg or .png) of one series.")
  private @Nullable Path plot;

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Series of --plot. Default: the first one.")
  private @Nullable String plotted;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Mixin private final CsvFormatOptions format = new CsvFormatOptions();
  @Mixin private final SettingsOptions settings = new SettingsOptions();

  /**
   * Checks the combination of the options.
   *
   * @throws UsageException if they contradict each other
   */
  public void requireValid() {
    if (plot == null && plotted != null) {
      throw new UsageException("--series: chooses the series of --plot, which is missing");
    }
  }

  public Path csv() {
    return csv;
  }

  /** Returns the file of the plot; null for none. */
  public @Nullable Path plot() {
    return plot;
  }

  public boolean isJson() {
    return isJson;
  }

  public CsvFormatOptions format() {
    return format;
  }

  public SettingsOptions settings() {
    return settings;
  }

  /**
   * Returns the series to plot; null without a plot or without series.
   *
   * @throws UsageException if the file does not have it
   */
  public @Nullable SeriesData plotted(List<SeriesData> series) {
    if (plot == null || series.isEmpty()) {
      return null;
    }
    return series.stream()
        .filter(candidate -> plotted == null || candidate.name().equals(plotted))
        .findFirst()
        .orElseThrow(
            () -> new UsageException("--series: %s has no series '%s'".formatted(csv, plotted)));
  }
}
