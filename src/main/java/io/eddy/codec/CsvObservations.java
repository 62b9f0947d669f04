package io.eddy.codec;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.eddy.series.Observation;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Observations of a CSV file: columns {@code series}, {@code timestamp}, {@code value} in any
 * order, others passed over; plain or gzip. Times are ISO-8601 (UTC where they name no zone) or
 * epoch milliseconds. A value that is empty, NA or NaN is a measurement that is missing, and is
 * skipped.
 */
public final class CsvObservations {
  private static final Set<String> MISSING = Set.of("", "NA", "NaN", "nan", "null");

  /** A decimal number, or a word for one that is not finite: less than Java's parser takes. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?((\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?|Infinity)");

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private CsvObservations() {}

  /** Reads the whole file, by series and in order of time. */
  public static List<SeriesData> readSeries(Path file) {
    SeriesCollector collector = new SeriesCollector();
    read(file, collector::add);
    return collector.toList();
  }

  /**
   * Reads the file line by line.
   *
   * @throws InvalidRecordException that names file, line and column where it is not of that form
   */
  public static void read(Path file, Consumer<Observation> sink) {
    try (InputStream bytes = open(file);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofCsvRecord(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
      Iterator<CsvRecord> lines = csv.iterator();
      if (!lines.hasNext()) {
        throw new InvalidRecordException(
            "%s is empty: expected a header with series, timestamp and value", file);
      }
      List<String> header = header(lines.next());
      int series = column(file, header, "series");
      int timestamp = column(file, header, "timestamp");
      int value = column(file, header, "value");
      while (lines.hasNext()) {
        Line line = new Line(file, lines.next(), header);
        String text = line.field(value).strip();
        if (!MISSING.contains(text)) {
          sink.accept(new Observation(line.name(series), line.time(timestamp), line.number(value)));
        }
      }
    } catch (NoSuchFileException e) {
      throw new InvalidRecordException("%s: no such file", file);
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      if (isNotUtf8(e)) {
        throw new InvalidRecordException("%s is no UTF-8: save it as UTF-8", file);
      }
      throw new InvalidRecordException("%s cannot be read: %s", file, e.getMessage());
    }
  }

  private static boolean isNotUtf8(@Nullable Throwable error) {
    return error != null
        && (error instanceof CharacterCodingException || isNotUtf8(error.getCause()));
  }

  /** The columns' names; a byte order mark before the first is no part of it. */
  private static List<String> header(CsvRecord first) {
    List<String> names = new ArrayList<>(first.getFields());
    if (names.get(0).startsWith(BYTE_ORDER_MARK)) {
      names.set(0, names.get(0).substring(BYTE_ORDER_MARK.length()));
    }
    names.replaceAll(String::strip);
    return names;
  }

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    return file.toString().endsWith(".gz")
        ? new GZIPInputStream(bytes, 1 << 16)
        : new java.io.BufferedInputStream(bytes, 1 << 16);
  }

  private static int column(Path file, List<String> header, String name) {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new InvalidRecordException(
          "%s line 1: column %s is missing; the header is %s",
          file, name, String.join(",", header));
    }
    if (header.lastIndexOf(name) != index) {
      throw new InvalidRecordException("%s line 1: column %s is there twice", file, name);
    }
    return index;
  }

  /** One line, with the coordinates that an error names. */
  private record Line(Path file, CsvRecord record, List<String> header) {
    String field(int column) {
      if (record.getFieldCount() != header.size()) {
        throw new InvalidRecordException(
            "%s line %d: expected %d columns, got %d",
            file, record.getStartingLineNumber(), header.size(), record.getFieldCount());
      }
      return record.getField(column);
    }

    String name(int column) {
      String name = field(column);
      if (name.isEmpty()) {
        throw wrong(column, "a name");
      }
      return name;
    }

    double number(int column) {
      String text = field(column).strip();
      if (!NUMBER.matcher(text).matches()) {
        throw wrong(column, "a number");
      }
      double number = Double.parseDouble(text);
      if (!Double.isFinite(number)) {
        throw wrong(column, "a finite number");
      }
      if (!Observation.isWithinReach(number)) {
        throw wrong(column, "a number within ±1e35");
      }
      return number;
    }

    long time(int column) {
      String text = field(column).strip();
      try {
        if (text.chars().allMatch(Character::isDigit)) {
          return Long.parseLong(text);
        }
        String iso = text.indexOf(':') < 0 ? text + "T00:00" : text.replace(' ', 'T');
        boolean hasZone = iso.endsWith("Z") || iso.matches(".*[+-]\\d\\d(:?\\d\\d)?");
        return hasZone && iso.indexOf('T') > 0
            ? OffsetDateTime.parse(iso).toInstant().toEpochMilli()
            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
      } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
        throw wrong(column, "an ISO-8601 time or epoch milliseconds");
      }
    }

    private InvalidRecordException wrong(int column, String expected) {
      return new InvalidRecordException(
          "%s line %d, column %s: expected %s, got '%s'",
          file, record.getStartingLineNumber(), header.get(column), expected, field(column));
    }
  }
}
