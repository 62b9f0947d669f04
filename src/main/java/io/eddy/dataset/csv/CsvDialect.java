package io.eddy.dataset.csv;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import io.eddy.dataset.csv.SampleLines.Line;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.NumberText;
import io.eddy.series.time.EpochUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Separator and header of a CSV file.
 *
 * @param separator character between two fields
 * @param header column names
 * @param firstLine number of the first line that may hold data
 * @param sample fields of the first lines with data
 * @param skipped numbers of the lines after the header that hold further names, or units
 */
record CsvDialect(
    char separator,
    CsvHeader header,
    long firstLine,
    List<List<String>> sample,
    List<Long> skipped) {
  private static final int MAX_COMPARED_LINES = 50;
  private static final int MAX_SKIPPED_LINES = 3;

  /** Number of the line of a header that does not exist. */
  private static final int NO_HEADER = 0;

  /**
   * Detects what the options do not state.
   *
   * @throws InvalidRecordException if the separator or the header cannot be told
   */
  static CsvDialect detect(Path file, CsvInput input, TextOptions options) {
    List<Line> lines = SampleLines.of(input);
    List<Line> rows = lines.stream().filter(Line::hasColumns).toList();
    if (rows.isEmpty()) {
      throw new InvalidRecordException(
          "%s is empty: expected a header, such as series,timestamp,value, and lines of data",
          file);
    }
    int wanted = options.headerLine() == null ? -1 : options.headerLine();
    Line header = wanted > 0 ? line(file, lines, wanted) : rows.get(0);
    List<Line> data =
        wanted == NO_HEADER
            ? rows
            : rows.stream().filter(line -> line.number() > header.number()).toList();
    char separator = separator(file, lines, header, data, options);
    List<List<String>> lineFields =
        data.stream().map(line -> fields(line.text(), separator)).toList();
    int names = wanted == NO_HEADER ? 0 : nameLines(lineFields);
    List<List<String>> sample = lineFields.subList(names, lineFields.size());
    List<Long> skipped = data.stream().limit(names).map(Line::number).toList();
    String text = header.isComment() ? header.text().substring(1) : header.text();
    CsvHeader named =
        wanted == NO_HEADER
            ? CsvHeader.numbered(file, fields(text, separator).size())
            : CsvHeader.of(file, header.number(), fields(text, separator), sample);
    if (wanted < 0) {
      requireNames(named, lines);
    }
    long last = skipped.isEmpty() ? header.number() : skipped.get(names - 1);
    long firstLine = wanted == NO_HEADER ? header.number() : last + 1;
    return new CsvDialect(separator, named, firstLine, sample, skipped);
  }

  /** Returns how many lines after the header hold further names, or units, and no data. */
  private static int nameLines(List<List<String>> lines) {
    int names = 0;
    while (names < lines.size() && areNames(lines.get(names))) {
      names++;
    }
    return names <= MAX_SKIPPED_LINES && names < lines.size() ? names : 0;
  }

  /** Returns whether no field of a line can be a time, a number, or a word for a missing value. */
  private static boolean areNames(List<String> fields) {
    return fields.stream()
        .map(String::strip)
        .filter(field -> !field.isEmpty())
        .noneMatch(field -> MissingWords.isMissing(field) || ColumnContents.isData(field));
  }

  private static Line line(Path file, List<Line> lines, int number) {
    return lines.stream()
        .filter(line -> line.number() == number && !line.text().isBlank())
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRecordException(
                    "%s line %d is no header: it is blank or does not exist; see --header-line",
                    file, number));
  }

  /** Returns the fields of a line. */
  static List<String> fields(String line, char separator) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .commentStrategy(CommentStrategy.NONE)
        .skipEmptyLines(false)
        .allowMissingFields(true)
        .allowExtraFields(true)
        .ofSingleCsvRecord(line)
        .getFields();
  }

  private static char separator(
      Path file, List<Line> lines, Line header, List<Line> data, TextOptions options) {
    if (options.separator() != null) {
      return options.separator();
    }
    if (lines.get(0).isSeparator()) {
      return lines.get(0).text().charAt(4);
    }
    List<Character> candidates =
        TextOptions.SEPARATORS.stream().filter(c -> columns(header, c) > 1).toList();
    if (candidates.isEmpty()) {
      throw new InvalidRecordException(
          "%s line %d: expected several columns, separated by , ; tab or |; --separator names"
              + " another separator",
          file, header.number());
    }
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    List<Character> regular = candidates.stream().filter(c -> isRegular(header, data, c)).toList();
    if (regular.size() == 1) {
      return regular.get(0);
    }
    throw new InvalidRecordException(
        "%s line %d: columns may be separated by %s: choose with --separator",
        file,
        header.number(),
        String.join(" or ", candidates.stream().map(TextOptions::describe).toList()));
  }

  private static int columns(Line line, char separator) {
    return line.text().indexOf(separator) < 0 ? 1 : fields(line.text(), separator).size();
  }

  /** Returns whether all lines have as many columns as the header. */
  private static boolean isRegular(Line header, List<Line> data, char separator) {
    int columns = columns(header, separator);
    return data.stream()
        .limit(MAX_COMPARED_LINES)
        .allMatch(line -> columns(line, separator) == columns);
  }

  private static void requireNames(CsvHeader header, List<Line> lines) {
    List<String> names = header.names().stream().filter(name -> !name.isEmpty()).toList();
    long times = names.stream().filter(CsvDialect::isTime).count();
    if (times > 1) {
      throw new InvalidRecordException(
          "%s line %d: the column names are times; expected one line per time: transpose the table",
          header.file(), header.line());
    }
    if (times == 0 && !names.stream().allMatch(NumberText::isNumber)) {
      return;
    }
    boolean isCommented =
        lines.stream().anyMatch(line -> line.isComment() && line.number() < header.line());
    throw new InvalidRecordException(
        "%s line %d looks like data, not like a header with column names: %sadd a header line, or"
            + " give --header-line 0 and the positions of the columns, such as"
            + " --columns series=1,timestamp=2,value=3",
        header.file(),
        header.line(),
        isCommented ? "if a line that begins with # is the header, give --header-line, or " : "");
  }

  /** Returns whether a text is a time, or a number that probably is one. */
  static boolean isTime(String text) {
    if (NumberText.isNumber(text)) {
      return text.length() >= 10 && EpochUnit.of(Double.parseDouble(text)) != null;
    }
    return ColumnContents.isTime(text);
  }

  /** Returns the indexes of all columns. */
  static List<Integer> all(CsvHeader header) {
    return new ArrayList<>(IntStream.range(0, header.names().size()).boxed().toList());
  }
}
