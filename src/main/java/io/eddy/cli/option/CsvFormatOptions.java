package io.eddy.cli.option;

import io.eddy.cli.option.OptionGroup.Section;
import io.eddy.cli.terminal.UsageException;
import io.eddy.dataset.csv.ColumnOptions;
import io.eddy.dataset.csv.CsvOptions;
import io.eddy.dataset.csv.NumberOptions;
import io.eddy.dataset.csv.TextOptions;
import io.eddy.dataset.csv.TimeOptions;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.event.EventMapping;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.Zones;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that reads a CSV file. What they do not state is detected. */
@OptionGroup(Section.DATA)
public final class CsvFormatOptions {
  /** Describes the file of the option {@code --csv}. */
  public static final String FILE =
      "CSV file of observations, plain or gzip: series,timestamp,value[,covariate…], or other"
          + " columns and layouts, see --columns.";

  @Option(
      names = "--columns",
      paramLabel = "COLUMNS",
      description =
          "Columns of the CSV file, such as series=store+item,timestamp=date,value=sales. Several"
              + " columns of series are joined to its name; date and time may be two columns; each"
              + " of several columns of values is a series, value=* for all others. Default: usual"
              + " names such as unique_id,ds,y; a file without a column of series has one series,"
              + " or one per column.")
  private @Nullable String columns;

  @Option(
      names = "--series-name",
      paramLabel = "NAME",
      description =
          "Name of the series of a CSV file without a column of series. Default: the name of the"
              + " file.")
  private @Nullable String seriesName;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description =
          "Zone of times in the CSV file that state none, and of the days and months of an interval,"
              + " such as Europe/Berlin. Default: events.zone of the settings, or UTC, with a"
              + " warning if times state no zone.")
  private @Nullable String zone;

  @Option(
      names = "--timestamp-format",
      paramLabel = "FORMAT",
      description =
          "Format of the times in the CSV file: iso-8601, rfc-1123, s, ms, us, ns (since 1970),"
              + " days, excel, or a pattern such as dd/MM/yyyy HH:mm. Default: detected from all"
              + " times.")
  private @Nullable String timestampFormat;

  @Option(
      names = "--separator",
      paramLabel = "CHARACTER",
      description =
          "Separator of the columns of the CSV file, or tab. Default: detected among , ; tab |.")
  private @Nullable String separator;

  @Option(
      names = "--decimal",
      paramLabel = "CHARACTER",
      description =
          "Decimal separator of the CSV file, . or ,. Default: detected, a point if commas separate"
              + " the columns.")
  private @Nullable String decimal;

  @Option(
      names = "--missing",
      paramLabel = "WORD",
      split = ",",
      description =
          "Texts in the CSV file that stand for a missing value, such as -9999, besides the usual"
              + " NA, NaN, null, ? and the like.")
  private List<String> missing = List.of();

  @Within(max = 1000)
  @Option(
      names = "--header-line",
      paramLabel = "N",
      description =
          "Line of the CSV file with the column names; lines before it are skipped. 0: there is"
              + " none, and columns are named by their position, from 1. Default: the first line"
              + " that is neither blank nor a comment (#).")
  private @Nullable Integer headerLine;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "Encoding of the CSV file, such as windows-1252. Default: UTF-8, or UTF-16 with a byte"
              + " order mark.")
  private @Nullable String encoding;

  /**
   * Checks that the options of a file are not given without one.
   *
   * @throws UsageException if they are
   */
  public void requireFile(@Nullable Path file) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("--columns", columns != null);
    given.put("--series-name", seriesName != null);
    given.put("--timestamp-format", timestampFormat != null);
    given.put("--separator", separator != null);
    given.put("--decimal", decimal != null);
    given.put("--missing", !missing.isEmpty());
    given.put("--header-line", headerLine != null);
    given.put("--encoding", encoding != null);
    given.forEach(
        (option, isGiven) -> {
          if (file == null && isGiven) {
            throw new UsageException(option + " requires --csv");
          }
        });
  }

  /** Returns the options; without a zone, times that state none are read as UTC. */
  public CsvOptions options() {
    return options(null, ColumnOptions.Names.DEFAULT.separator());
  }

  /** Returns the options, with defaults from the settings of events. */
  public CsvOptions options(EddyConfig settings) {
    EventMapping events = settings.stream().events();
    return options(events.time().zone(), events.key().separator());
  }

  /** Returns the zone of local times and of calendar periods: UTC if none is set. */
  public ZoneId zone(EddyConfig settings) {
    ZoneId zone = options(settings).times().zone();
    return zone == null ? ZoneOffset.UTC : zone;
  }

  private CsvOptions options(@Nullable ZoneId defaultZone, String nameSeparator) {
    TextOptions text =
        new TextOptions(
            parse("--encoding", encoding, CsvFormatOptions::charset),
            parse("--separator", separator, TextOptions::separatorOf),
            headerLine);
    ColumnOptions.Names names = new ColumnOptions.Names(seriesName, nameSeparator);
    ColumnOptions named = parse("--columns", columns, value -> ColumnOptions.parse(value, names));
    ZoneId ownZone = parse("--zone", zone, Zones::of);
    TimestampFormat format = parse("--timestamp-format", timestampFormat, TimestampFormat::of);
    return new CsvOptions(
        text,
        named == null ? new ColumnOptions(null, null, null, names) : named,
        new NumberOptions(parse("--decimal", decimal, CsvFormatOptions::mark), Set.copyOf(missing)),
        new TimeOptions(
            format == null ? TimestampFormat.AUTO : format,
            ownZone == null ? defaultZone : ownZone),
        null);
  }

  private static <T> @Nullable T parse(
      String option, @Nullable String text, Function<String, T> parser) {
    try {
      return text == null ? null : parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }

  private static Character mark(String text) {
    if (!text.equals(".") && !text.equals(",")) {
      throw new IllegalArgumentException("expected . or , got '%s'".formatted(text));
    }
    return text.charAt(0);
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "expected an encoding such as windows-1252, got '%s'".formatted(name), e);
    }
  }
}
