package io.eddy.dataset.csv;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.eddy.series.InvalidRecordException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads CSV files, plain or gzip, line by line. */
public final class CsvFile {
  private CsvFile() {}

  /**
   * Reads a file with a header line; comment lines are skipped.
   *
   * @param reader receives the header and returns the consumer of the lines
   * @throws InvalidRecordException if the file is invalid; the message names file, line and column
   */
  public static void read(Path file, Function<CsvHeader, Consumer<CsvLine>> reader) {
    read(
        file,
        TextOptions.DETECT,
        dialect -> {
          Consumer<CsvLine> sink = reader.apply(dialect.header());
          return row -> {
            if (!row.isComment()) {
              sink.accept(new CsvLine(dialect.header(), row));
            }
          };
        });
  }

  /**
   * Reads a file.
   *
   * @param reader receives separator and header, and returns the consumer of the lines of data and
   *     of the comments among them
   * @throws InvalidRecordException if the file is invalid
   */
  static void read(
      Path file, TextOptions options, Function<CsvDialect, Consumer<CsvRecord>> reader) {
    try (CsvInput input = CsvInput.open(file, options.encoding())) {
      CsvDialect dialect = CsvDialect.detect(file, input, options);
      Consumer<CsvRecord> sink = reader.apply(dialect);
      try (CsvReader<CsvRecord> records =
          CsvReader.builder()
              .fieldSeparator(dialect.separator())
              .commentStrategy(CommentStrategy.READ)
              .allowMissingFields(true)
              .allowExtraFields(true)
              .ofCsvRecord(input.reader())) {
        for (CsvRecord row : records) {
          if (row.getStartingLineNumber() >= dialect.firstLine()) {
            sink.accept(row);
          }
        }
      }
    } catch (FileNotFoundException e) {
      throw new InvalidRecordException("%s: no such file", file);
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw failure(file, options.encoding(), e);
    }
  }

  private static InvalidRecordException failure(
      Path file, @Nullable Charset encoding, Exception error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof CharacterCodingException) {
        return encoding == null
            ? new InvalidRecordException(
                "%s is not valid UTF-8: save it as UTF-8, or name its encoding, such as --encoding"
                    + " windows-1252",
                file)
            : new InvalidRecordException("%s is not valid %s; see --encoding", file, encoding);
      }
    }
    return new InvalidRecordException(
        "%s: reading failed: %s%s",
        file,
        error.getMessage(),
        error.getCause() == null ? "" : ": " + error.getCause().getMessage());
  }
}
