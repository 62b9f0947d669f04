package io.eddy.cli.option;

import io.eddy.dataset.SeriesData;
import io.eddy.dataset.csv.CsvData;
import io.eddy.dataset.csv.CsvObservations;
import io.eddy.dataset.csv.CsvOptions;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.ModelFile;
import io.eddy.rollout.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads model files, and observations with the covariates of a model. */
public final class ModelSource {
  private static final long MAX_BYTES = Manifest.MAX_SIZE;

  private ModelSource() {}

  /**
   * Returns the content of a file.
   *
   * @throws UsageException if the file does not exist
   * @throws InvalidModelException if the file cannot be read
   */
  public static byte[] bytes(Path file) {
    OptionCheck.requireReadable(file);
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidModelException(
            "%s: expected at most %d bytes, got %d", file, MAX_BYTES, Files.size(file));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read %s: %s", file, e.getMessage());
    }
  }

  /** Reads the observations of a CSV file with the covariates of a model. */
  public static CsvData readCsv(Model model, Path csv, CsvOptions options) {
    CsvData data =
        CsvObservations.read(csv, options, model.specification().inputs().covariateNames());
    return new CsvData(withFutureCovariates(model.specification(), data.series()), data.summary());
  }

  /** Adds to each observation the future values of the covariates that a model requires. */
  public static List<SeriesData> withFutureCovariates(
      ModelSpecification specification, List<SeriesData> data) {
    List<String> names = specification.inputs().futureNames();
    return names.isEmpty()
        ? data
        : data.stream()
            .map(
                series ->
                    series.withFutureCovariates(
                        names,
                        specification.sampling().interval(),
                        specification.output().horizon()))
            .toList();
  }

  /**
   * Reads a model file.
   *
   * @throws InvalidModelException if the file cannot be read or is invalid
   */
  public static Model read(Path file) {
    byte[] bytes = bytes(file);
    try {
      return ModelFile.read(bytes);
    } catch (InvalidModelException e) {
      throw new InvalidModelException("%s: %s", file, e.getMessage());
    }
  }
}
