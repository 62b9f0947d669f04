package io.eddy.dataset;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.eddy.series.InvalidRecordException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads CSV files with a header line, plain or gzip, line by line. */
public final class CsvFile {
  private CsvFile() {}

  /**
   * Reads a file.
   *
   * @param expected description of the expected header, for the error message of an empty file
   * @param reader receives the header and returns the consumer of the lines
   * @throws InvalidRecordException if the file is invalid; the message names file, line and column
   */
  public static void read(
      Path file, String expected, Function<CsvHeader, Consumer<CsvLine>> reader) {
    try (InputStream bytes = open(file);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofCsvRecord(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
      Iterator<CsvRecord> lines = csv.iterator();
      if (!lines.hasNext()) {
        throw new InvalidRecordException("%s is empty: expected a header with %s", file, expected);
      }
      CsvHeader header = CsvHeader.of(file, lines.next().getFields());
      Consumer<CsvLine> sink = reader.apply(header);
      while (lines.hasNext()) {
        sink.accept(new CsvLine(header, lines.next()));
      }
    } catch (NoSuchFileException e) {
      throw new InvalidRecordException("%s: no such file", file);
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      if (isNotUtf8(e)) {
        throw new InvalidRecordException("%s is not valid UTF-8: save it as UTF-8", file);
      }
      throw new InvalidRecordException("%s: reading failed: %s", file, e.getMessage());
    }
  }

  private static boolean isNotUtf8(@Nullable Throwable error) {
    return error != null
        && (error instanceof CharacterCodingException || isNotUtf8(error.getCause()));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    return file.toString().endsWith(".gz")
        ? new GZIPInputStream(bytes, 1 << 16)
        : new BufferedInputStream(bytes, 1 << 16);
  }
}
