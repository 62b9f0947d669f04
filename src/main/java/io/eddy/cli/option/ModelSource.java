package io.eddy.cli.option;

import io.eddy.dataset.CsvObservations;
import io.eddy.dataset.SeriesData;
import io.eddy.model.InvalidModelException;
import io.eddy.model.Model;
import io.eddy.model.ModelSpecification;
import io.eddy.model.io.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Model files on disk, and the data that they are for. */
public final class ModelSource {
  private static final long MAX_BYTES = io.eddy.rollout.Manifest.MAX_SIZE;

  private ModelSource() {}

  /** The file's bytes; an {@link InvalidModelException} names the file where it cannot be read. */
  public static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidModelException(
            "%s has %d bytes: at most %d are taken", file, Files.size(file), MAX_BYTES);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InvalidModelException("%s: no such file", file);
    } catch (IOException e) {
      throw new InvalidModelException("%s cannot be read: %s", file, e.getMessage());
    }
  }

  /** The observations that a CSV holds, with the covariates that a model takes. */
  public static List<SeriesData> data(Model model, Path csv) {
    return lookingAhead(
        model.specification(),
        CsvObservations.readSeries(csv, model.specification().inputs().covariateNames()));
  }

  /** The same observations, each with what a model wants to know ahead. */
  public static List<SeriesData> lookingAhead(
      ModelSpecification specification, List<SeriesData> data) {
    List<String> names = specification.inputs().futureNames();
    return names.isEmpty()
        ? data
        : data.stream()
            .map(
                one ->
                    one.withFutureCovariates(
                        names,
                        specification.sampling().interval(),
                        specification.output().horizon()))
            .toList();
  }

  /** The model; an {@link InvalidModelException} names the file and what is wrong with it. */
  public static Model read(Path file) {
    byte[] bytes = bytes(file);
    try {
      return ModelFile.read(bytes);
    } catch (InvalidModelException e) {
      throw new InvalidModelException("%s: %s", file, e.getMessage());
    }
  }
}
