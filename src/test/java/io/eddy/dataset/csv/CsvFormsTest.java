package io.eddy.dataset.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.series.InvalidRecordException;
import io.eddy.series.time.TimestampFormat;
import io.eddy.series.time.Zones;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of CSV files, one row per form. In the tables, ~ stands for a line break. */
class CsvFormsTest {
  private static final Instant NEW_YEAR = Instant.parse("2024-01-01T00:00:00Z");

  @TempDir Path folder;

  static Stream<Arguments> layouts() {
    return Stream.of(
        form("Eddy", "series,timestamp,value~a,2024-01-01T00:00Z,5", "series; timestamp; value; a"),
        form(
            "other order",
            "value,room,timestamp,series~5,x,2024-01-01T00:00Z,a",
            "series; timestamp; value; a"),
        form("Nixtla", "unique_id,ds,y~H1,2024-01-01 00:00:00,5", "unique_id; ds; y; H1"),
        form("Prophet", "ds,y~2024-01-01,5", "null; ds; y; file"),
        form("Prophet with regressors", "ds,y,temp,promo~2024-01-01,5,3,0", "null; ds; y; file"),
        form(
            "Numenta",
            "timestamp,value~2024-01-01 00:00:00.000000,5",
            "null; timestamp; value; file"),
        form(
            "Numenta with labels",
            "timestamp,value,label~2024-01-01 00:00:00,5,0",
            "null; timestamp; value; file"),
        form(
            "GluonTS",
            ",item_id,timestamp,target~0,A,2024-01-01,5",
            "item_id; timestamp; target; A"),
        form("pandas Series", ",temp~2024-01-01,5~2024-01-02,6", "null; #1; temp; file"),
        form(
            "pandas, range index",
            ",date,temp~0,2024-01-01,5~1,2024-01-02,6",
            "null; date; temp; file"),
        form(
            "pandas, index read again",
            "Unnamed: 0,ds,y~0,2024-01-01,5~1,2024-01-02,6",
            "null; ds; y; file"),
        form("Darts, one component", "time,0~2024-01-01,5", "null; time; 0; file"),
        form(
            "Monash, AirPassengers",
            "\"Month\",\"#Passengers\"~\"2024-01\",5",
            "null; Month; #Passengers; file"),
        form(
            "FRED", "observation_date,UNRATE~2024-01-01,5", "null; observation_date; UNRATE; file"),
        form(
            "Influx annotated",
            "#group,false,false,true,false~#datatype,string,long,dateTime:RFC3339,double~"
                + "#default,_result,,,~,result,table,_time,_value~,,0,2024-01-01T00:00:00Z,5",
            "null; _time; _value; file"),
        form("sunspots", "YEAR,SUNACTIVITY~2024,5", "null; YEAR; SUNACTIVITY; file"),
        form("ISO weeks", "week,cases~2024-W01,5", "null; week; cases; file"),
        form("serial days", "Zeit,Wert~45292.0,5", "null; Zeit; Wert; file"),
        form("Yahoo prices", "Date,Close~2024-01-01,5", "null; Date; Close; file"),
        form(
            "date and time",
            "Date;Time;Power~01/01/2024;00:00:00;5~31/01/2024;00:00:00;5",
            "null; Date+Time; Power; file"),
        form(
            "German date and time",
            "Datum;Uhrzeit;Wert~01.01.2024;00:00;5",
            "null; Datum+Uhrzeit; Wert; file"),
        form(
            "ETT, one column per series",
            "date,HUFL,HULL,OT~2024-01-01 00:00:00,5,6,7",
            "null; date; HUFL, HULL, OT; HUFL"),
        form(
            "wide with an empty column",
            "date,a,b~2024-01-01,5,~2024-01-02,5,",
            "null; date; a; file"),
        form("upper case", "UNIQUE_ID,DS,Y~H1,2024-01-01,5", "UNIQUE_ID; DS; Y; H1"),
        form(
            "blanks in the header",
            " series , timestamp , value ~ a , 2024-01-01 , 5 ",
            "series; timestamp; value; a"),
        form(
            "primary key",
            "id,timestamp,value~7,2024-01-01,5~8,2024-01-02,6~9,2024-01-03,6",
            "null; timestamp; value; file"));
  }

  private static Arguments form(String name, String text, String expected) {
    return Arguments.of(name, text, expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layouts")
  void detectsColumns(String name, String text, String expected) throws IOException {
    CsvData data = read(text);

    CsvSummary.Columns columns = data.summary().columns();
    assertThat(
            "%s; %s; %s; %s"
                .formatted(
                    columns.series(),
                    columns.timestamp(),
                    String.join(", ", columns.values()),
                    data.series().get(0).name()))
        .isEqualTo(expected);
    assertThat(data.series().get(0).values()[0]).isEqualTo(5);
    assertThat(Instant.ofEpochMilli(data.series().get(0).timestampsMs()[0])).isEqualTo(NEW_YEAR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "date,store,item,sales~2024-01-01,1,2,5 | series=store+item,timestamp=date,value=sales |"
            + " 1/2=5.0",
        "date,store,in,out~2024-01-01,1,5,6 | series=store,value=in+out | 1/in=5.0 1/out=6.0",
        "date,store,in,out~2024-01-01,1,5,6 | series=store,timestamp=date,value=* | 1/in=5.0"
            + " 1/out=6.0",
        "date,store,in,out~2024-01-01,1,5,6 | value=out | file=6.0",
        "when,what~2024-01-01,5 | timestamp=when,value=what | file=5.0",
        "year,month,day,pm2.5~2024,1,1,5 | timestamp=year+month+day,value=pm2.5 | file=5.0",
        "a+b,t,v~x,2024-01-01,5 | series=a+b,timestamp=t,value=v | x=5.0",
        "time,Temp (C), in,out~2024-01-01,5,6,7 | timestamp=time,value=Temp (C) | file=5.0",
        ",v~2024-01-01,5 | timestamp=1,value=2 | file=5.0",
        "unique_id,ds,y,yhat~H1,2024-01-01,5,6 | value=yhat | H1=6.0",
      })
  void optionNamesColumns(String text, String columns, String expected) throws IOException {
    TimeOptions times =
        columns.contains("year")
            ? new TimeOptions(TimestampFormat.of("yyyy M d"), null)
            : TimeOptions.DETECT;

    CsvData data =
        read(
            text,
            new CsvOptions(
                TextOptions.DETECT,
                ColumnOptions.parse(columns, ColumnOptions.Names.DEFAULT),
                NumberOptions.DETECT,
                times,
                null));

    assertThat(
            data.series().stream()
                .map(series -> series.name() + "=" + series.values()[0])
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "date,store,item,sales~2024-01-01,1,1,5~2024-01-01,1,2,5 | the value may be in the columns"
            + " store, item, sales | --columns series=store+item,timestamp=date,value=sales",
        "timestamp,value,device~2024-01-01,5,a~2024-01-02,5,b | the column device may tell series"
            + " apart | --columns series=device,timestamp=timestamp,value=value",
        "date,variable,value~2024-01-01,a,5~2024-01-01,b,5 | the column variable may tell series"
            + " apart | series=variable,timestamp=date",
        "date,timestamp,y~2024-01-01,2024-01-02,5 | the time may be in the columns date, timestamp |"
            + " --columns",
        "timestamp,value,ds,y~2024-01-01,5,2024-01-01,6 | may be in the columns | --columns",
        "start,end,load~2024-01-01,2024-01-02,5 | times are in the columns start, end | --columns"
            + " timestamp=start,value=load",
        "year,month,sales~2024,1,5 | the time may be in the columns year, month | --columns",
        "date,hour,load~2024-01-01,0,5~2024-01-01,1,6 | times occur several times | --columns",
        "entity_id,state,last_changed~a,5,2024-01-01~b,6,2024-01-01 | the column entity_id may tell"
            + " series apart | --columns series=entity_id,timestamp=last_changed,value=state",
        "a,b,c~1,2,3 | no column of times was recognised | --header-line",
        "ds,note~2024-01-01,warm | no column has numbers | --columns",
        "series,date,in,out~a,2024-01-01,5,6 | the value may be in the columns in, out | --columns"
            + " series=series,timestamp=date,value=in",
        "date,in,out~2024-01-01,5,6~2024-01-01,5,6 | 1 of 2 times occur several times | --columns",
        "timestamp,value,value~2024-01-01,1,2 | line 1: column value occurs twice | value",
        "timestamp,a,a~2024-01-01,1,2 | line 1: column a occurs twice | a",
        "Page,2024-01-01,2024-01-02~a,1,2 | the column names are times | transpose",
        "timestamp,value~1,5~2,6~3,7 | such as row numbers | --timestamp-format",
        "time,value~1949.0,112~1949.0833,118 | the format of the times is not known |"
            + " --timestamp-format",
        "date,value~01/02/2024,5~02/02/2024,6 | dates that are read as both | --timestamp-format",
        "ts,value~1704067200,5~1704067200000,6 | look like epoch seconds | --timestamp-format",
        "ts,value~2024-01-01T00:00Z,5~1704067200000,6 | 1 numbers and 1 ISO-8601 times |"
            + " --timestamp-format",
        "ts,value~2024-01-01T00:00Z,5~2024-01-01T01:00,6 | 1 times have a zone and 1 have none |"
            + " --zone",
        "a,2024-01-01,5~b,2024-01-01,6 | line 1 looks like data | --header-line 0",
        "1704067200000,5~1704070800000,6 | line 1 looks like data | --header-line 0",
        "#time,value~2024-01-01,5~2024-01-02,6 | line 2 looks like data | --header-line",
        "value~1~2 | expected several columns | --separator",
        "a;b,c~1;2,3 | columns may be separated by ',' or ';' | --separator",
        "time,temp~-,degC~2024-01-01,5~2024-01-02,5 | got text of the shape - | units or types",
        ",a,a~,min,max~2024-01-01,5,6~2024-01-02,5,6 | line 1: column a occurs twice | join them",
        "time,temp~Jan 2000,5~Feb 2000,6 | found text of the shape aaa dddd | MMM yyyy",
        "time,temp~2024-01-01,degC~2024-01-01,5~2024-01-02,5 | line 2, column temp: expected a"
            + " number, got 'degC' | units or types",
        "series,timestamp,value~#1,2024-01-01,5 | line 2 begins with # and has all columns | quote",
        "series,timestamp,value~a,2024-01-01 | line 2: expected 3 columns, got 2 | 3 columns",
        "time,value~2024-01-01,1,5 | line 2: expected 2 columns, got 3 | double quotes",
        "time,value~2024-01-01,5~2024-01-02,\"6~2024-01-03,7 | line 3, column value: expected a"
            + " number | got '6",
        "time,value~2024-13-01,5~2024-01-02,5 | line 2, column time | 2024-13-01",
      })
  void rejectsWhatCanBeReadInTwoWays(String text, String problem, String advice) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith(folder.resolve("file.csv").toString())
        .hasMessageContaining(problem)
        .hasMessageContaining(advice);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "time,temp~ISO,degC | 2",
        "time,temp~,m3/h | 2",
        ",temp~city,Turin~time, | 2 3",
      })
  void skipsFurtherLinesOfHeader(String lines, String skipped) throws IOException {
    CsvData data = read(lines + "~2024-01-01,5~2024-01-02,6");

    assertThat(data.series()).hasSize(1);
    assertThat(data.series().get(0).values()).containsExactly(5, 6);
    assertThat(data.summary().text().skippedLines()).isEqualTo(numbers(skipped));
  }

  private static List<Long> numbers(String text) {
    return Arrays.stream(text.split(" ", -1)).map(Long::valueOf).toList();
  }

  @Test
  void countsIntegersThatAreRounded() throws IOException {
    CsvData data =
        read(
            "time,value~2024-01-01,9007199254740993~2024-01-02,9007199254740992~2024-01-03,-9007199254740995");

    assertThat(data.summary().counts().roundedIntegers()).isEqualTo(2);
  }

  /** A series column whose first thousand lines have one series. */
  @Test
  void rejectsLateSeriesColumn() {
    StringBuilder text = new StringBuilder("timestamp,value,device");
    for (int i = 0; i < 3000; i++) {
      text.append("~%s,5,%s".formatted(NEW_YEAR.plusSeconds(60L * i), i < 2500 ? "a" : "b"));
    }

    assertThatThrownBy(() -> read(text.toString()))
        .hasMessageContaining("line 2502: the column device may tell series apart");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "comma | time,value~T,1.5",
        "semicolon | time;value~T;1.5",
        "decimal comma | time;value~T;1,5",
        "tab | time\tvalue~T\t1.5",
        "tab, decimal comma | time\tvalue~T\t1,5",
        "pipe | time¦value~T¦1.5",
        "comma in the header | time;temp, outdoor~T;1.5",
        "separator line | sep=;~time;value~T;1,5",
        "quoted | \"time\",\"value\"~\"T\",\"1.5\"",
        "byte order mark, quoted | \uFEFF\"time\";\"value\"~\"T\";\"1,5\"",
        "comments | # station 7~# unit: C, hourly~time,value~# begin~T,1.5~# end",
        "blank lines | ~~time,value~~T,1.5~   ~,~",
        "trailing separators | time,value,~T,1.5,",
        "trailing separators of lines | time,value~T,1.5,,",
        "thousands dot is decimal with commas | time,value~T,1.500",
        "plus | time,value~T,+1.5",
        "exponent | time,value~T,15e-1",
        "decimal comma, exponent | time;value~T;15,0E-1",
        "leading zeros | time;value~T;01.500",
        "no trailing line break | time,value~T,1.5",
      })
  void readsText(String name, String text) throws IOException {
    for (String lineBreak : new String[] {"\n", "\r\n", "\r"}) {
      CsvData data =
          read(text.replace("T", "2024-01-01T00:00:00Z").replace('¦', '|').replace("~", lineBreak));

      assertThat(data.series().get(0).values()).as(name).containsExactly(1.5);
      assertThat(data.series().get(0).timestampsMs()).containsExactly(NEW_YEAR.toEpochMilli());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "NA", "na", "N/A", "n/a", "#N/A", "#NA", "?", "NULL", "null", "None", "none",
        "\\N", "NaN", "nan", "NAN", "-nan", "<NA>", "-", "--", ".", "..", "Inf", "-inf", "Infinity",
        "1.#QNAN", "NaT", "n.a.", "-9999", "M"
      })
  void missingWordIsNoValue(String word) throws IOException {
    CsvOptions options =
        new CsvOptions(
            TextOptions.DETECT,
            ColumnOptions.DETECT,
            new NumberOptions(null, Set.of("-9999", "M")),
            TimeOptions.DETECT,
            null);

    CsvData data =
        read("time;value~2024-01-01T00:00Z;%s~2024-01-01T01:00Z;5".formatted(word), options);

    assertThat(data.series().get(0).values()).containsExactly(5);
    assertThat(data.summary().counts().missingValues()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "time,value~T,\"1,5\" | expected a number with a decimal point (--decimal , reads",
        "time,value~T,\"1,234\" | expected a number with a decimal point (--decimal , reads",
        "time,value~T,\"1,234.5\" | expected a number without thousands separators",
        "time;value~T;1.234,5 | expected a number without thousands separators",
        "time;value~T;1.234.567 | expected a number without thousands separators",
        "time;value~T;1 234,5 | expected a number without thousands separators",
        "time;value~T;1'234 | expected a number without thousands separators",
        "time;value~T;1_000 | expected a number without thousands separators",
        "time;value~T;1.234 | give --decimal . if it is",
        "time;value~T;1,234 | give --decimal , if it is",
        "time\tvalue~T\t12.345 | give --decimal . if it is",
        "time;value~T;1,5~T;1.5 | expected a number with a decimal comma (--decimal . reads",
        "time;value~T;1.5~T;1,5 | expected a number with a decimal point (--decimal , reads",
        "time,value~T,5% | expected a number without a percent sign",
        "time,value~T,$5 | expected a number without a currency",
        "time,value~T,5 € | expected a number without a currency",
        "time,value~T,5d | expected a number, got '5d'",
        "time,value~T,0x1p3 | expected a number, got '0x1p3'",
        "time,value~T,1e999 | expected a finite number",
        "time,value~T,1e36 | expected a number within ±1e35",
        "time,value~T,#DIV/0! | expected a number, got '#DIV/0!'",
        "time,value~T,true | expected a number, got 'true'",
      })
  void rejectsNumbersOfOtherForms(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("T", "2024-01-01T00:00:00Z")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ". | 1.234 | 1.234",
        ", | 1,234 | 1.234",
        ". | 12.345 | 12.345",
        ", | -12,5 | -12.5",
      })
  void optionDecidesDecimalSeparator(char decimal, String number, double expected)
      throws IOException {
    CsvOptions options =
        new CsvOptions(
            TextOptions.DETECT,
            ColumnOptions.DETECT,
            new NumberOptions(decimal, Set.of()),
            TimeOptions.DETECT,
            null);

    CsvData data = read("time;value~2024-01-01T00:00Z;" + number, options);

    assertThat(data.series().get(0).values()).containsExactly(expected);
  }

  /** A number of three decimals is no proof; one of another form is, wherever it is. */
  @Test
  void laterNumberProvesDecimalSeparator() throws IOException {
    String text = "time;value~2024-01-01T00:00Z;4.216~2024-01-01T00:01Z;5.360~";

    assertThatThrownBy(() -> read(text)).hasMessageContaining("--decimal .");
    assertThat(read(text + "2024-01-01T00:02Z;0.418").series().get(0).values())
        .containsExactly(4.216, 5.36, 0.418);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1704067200 | s",
        "1704067200.0 | s",
        "1704067200000 | ms",
        "1704067200000000 | us",
        "1704067200000000000 | ns",
        "20240101 | yyyyMMdd",
        "20240101000000 | yyyyMMddHHmmss",
        "45292.0 | excel",
        "2024-01-01 | iso-8601",
        "2024-01-01 00:00 | iso-8601",
        "2024/01/01 00:00:00 | iso-8601",
        "2024-01-01T01:00:00+0100 | iso-8601",
        "'Mon, 01 Jan 2024 00:00:00 GMT' | rfc-1123",
        "01.01.2024 00:00 | d.M.yyyy H:mm",
      })
  void detectsFormatOfTimes(String time, String format) throws IOException {
    CsvData data = read("time;value~%s;5".formatted(time.replace("'", "")));

    assertThat(data.summary().times().format().id()).isEqualTo(format);
    assertThat(data.series().get(0).timestampsMs()).containsExactly(NEW_YEAR.toEpochMilli());
  }

  /** The order of day and month shows after the lines from which columns are detected. */
  @Test
  void laterTimeDecidesOrderOfDayAndMonth() throws IOException {
    String text =
        IntStream.range(0, 3000)
            .mapToObj(i -> "~%02d/01/%d,5".formatted(1 + i % 12, 2020 + i / 12 % 3))
            .collect(Collectors.joining("", "date,value", "~31/01/2024,6"));

    CsvData data = read(text);

    assertThat(data.summary().times().format().id()).isEqualTo("d/M/yyyy");
    assertThat(data.series().get(0).timestampsMs()[3000])
        .isEqualTo(Instant.parse("2024-01-31T00:00:00Z").toEpochMilli());
  }

  @Test
  void laterTimeInOtherUnitIsRejected() {
    String text =
        IntStream.range(0, 3000)
            .mapToObj(i -> "~%d,5".formatted((1_704_067_200L + i) * (i < 2000 ? 1 : 1000)))
            .collect(Collectors.joining("", "ts,value", ""));

    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("2000 that look like epoch seconds, 1000 that look like epoch");
  }

  @Test
  void readsLocalTimesInZone() throws IOException {
    CsvOptions options =
        new CsvOptions(
            TextOptions.DETECT,
            ColumnOptions.DETECT,
            NumberOptions.DETECT,
            new TimeOptions(TimestampFormat.AUTO, Zones.of("Europe/Berlin")),
            null);

    CsvData data =
        read(
            "time,value~2024-01-01 01:00,5~2024-03-31 02:30,6~2024-10-27 02:30,7"
                + "~2024-10-27T02:30+01:00,8",
            options);

    assertThat(data.series().get(0).timestampsMs())
        .containsExactly(
            NEW_YEAR.toEpochMilli(),
            Instant.parse("2024-03-31T01:30:00Z").toEpochMilli(),
            Instant.parse("2024-10-27T00:30:00Z").toEpochMilli(),
            Instant.parse("2024-10-27T01:30:00Z").toEpochMilli());
    assertThat(data.summary().times().counts().ambiguous()).isEqualTo(1);
    assertThat(data.summary().times().counts().nonexistent()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"UTF-16BE", "UTF-16LE", "UTF-8"})
  void readsByteOrderMark(Charset charset) throws IOException {
    bytes(
        ("\uFEFF" + "série,timestamp,value\né,2024-01-01,5\n")
            .replace("série", "series")
            .getBytes(charset));

    assertThat(CsvObservations.read(folder.resolve("file.csv")).series().get(0).name())
        .isEqualTo("é");
  }

  @Test
  void optionNamesEncoding() throws IOException {
    bytes("Gerät;Zeit;Wert\nKühler;2024-01-01;1,5\n".getBytes(Charset.forName("windows-1252")));
    Path file = folder.resolve("file.csv");
    CsvOptions options =
        new CsvOptions(
            new TextOptions(Charset.forName("windows-1252"), null, null),
            ColumnOptions.parse("series=Gerät", ColumnOptions.Names.DEFAULT),
            NumberOptions.DETECT,
            TimeOptions.DETECT,
            null);

    assertThatThrownBy(() -> CsvObservations.read(file)).hasMessageContaining("--encoding");
    assertThat(CsvObservations.read(file, options, List.of()).series().get(0).name())
        .isEqualTo("Kühler");
  }

  @ParameterizedTest
  @CsvSource({"file.csv", "file.csv.gz", "file"})
  void readsGzipByContent(String name) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write("ds,y\n2024-01-01,5\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve(name), compressed.toByteArray());

    assertThat(CsvObservations.read(file).series().get(0).name()).isEqualTo("file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50415231150415 | is a Parquet file, not CSV: convert it",
        "4f626a0104 | is an Avro file",
        "4f524311 | is an ORC file",
        "4152524f57310000 | is an Arrow file",
        "504b0304140006005b436f6e74656e745f54797065735d2e786d6c | is an Excel file (.xlsx), not CSV:"
            + " save it",
        "d0cf11e0a1b11ae1 | is an Excel file (.xls)",
        "504b030414000000646174612e637376 | is a zip archive, not CSV: extract",
        "28b52ffd0458 | is compressed by zstd, not CSV: decompress",
        "425a6839314159 | is compressed by bzip2",
        "fd377a585a0000 | is compressed by xz",
        "04224d186040 | is compressed by lz4",
        "53514c69746520666f726d6174203300 | is an SQLite database",
        "89484446 | is an HDF5 file",
        "5b7b2264223a317d5d | is a JSON file, not CSV: convert",
        "7b2264223a317d0a7b7d | is a JSON file",
        "3c21444f43545950452068746d6c3e | is an XML or HTML file",
        "74002c007600 | contains zero bytes",
        "fffe000074000000 | is UTF-32",
      })
  void rejectsOtherFileByName(String hex, String message) throws IOException {
    bytes(HexFormat.of().parseHex(hex));

    assertThatThrownBy(() -> CsvObservations.read(folder.resolve("file.csv")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0 | a,2024-01-01,5~b,2024-01-01,6 | series=1,timestamp=2,value=3",
        "0 | 2024-01-01,5~2024-01-02,6 | timestamp=1,value=2",
        "1 | #ds,y~2024-01-01,5 | timestamp=ds",
        "4 | latitude,longitude~52.52,13.41~~time,temp~2024-01-01T00:00,5 | timestamp=time",
        "3 | Station: X~Unit: C~time;temp~2024-01-01;5 | timestamp=time",
      })
  void optionNamesHeaderLine(int line, String text, String columns) throws IOException {
    CsvOptions options =
        new CsvOptions(
            new TextOptions(null, null, line),
            ColumnOptions.parse(columns, ColumnOptions.Names.DEFAULT),
            NumberOptions.DETECT,
            TimeOptions.DETECT,
            null);

    CsvData data = read(text, options);

    assertThat(data.series().get(0).values()[0]).isEqualTo(5);
    assertThat(data.series().get(0).timestampsMs()[0]).isEqualTo(NEW_YEAR.toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unique_id,ds,y | expected series=COLUMN,timestamp=COLUMN,value=COLUMN",
        "time=ds | unknown part 'time': expected series, timestamp or value",
        "series= | expected series=COLUMN",
        "series=a,series=b | series occurs twice; join several columns by +",
      })
  void rejectsOtherFormsOfColumnsOption(String option, String message) {
    assertThatThrownBy(() -> ColumnOptions.parse(option, ColumnOptions.Names.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "series=a | date,a,value~2024-01-01,,5 | column a: expected a name",
        "series=a+b | date,a,b,value~2024-01-01,x/y,z,5 | without the separator '/'",
        "series=c | date,a,value~2024-01-01,x,5 | column c is missing; the header is date,a,value",
        "timestamp=date,value=date | date,value~2024-01-01,5 | column date is named twice",
      })
  void rejectsInvalidNamesOfSeries(String columns, String text, String message) {
    CsvOptions options =
        new CsvOptions(
            TextOptions.DETECT,
            ColumnOptions.parse(columns, ColumnOptions.Names.DEFAULT),
            NumberOptions.DETECT,
            TimeOptions.DETECT,
            null);

    assertThatThrownBy(() -> read(text, options)).hasMessageContaining(message);
  }

  private CsvData read(String text) throws IOException {
    return read(text, CsvOptions.DETECT);
  }

  private CsvData read(String text, CsvOptions options) throws IOException {
    return CsvObservations.read(
        bytes(text.replace('~', '\n').getBytes(StandardCharsets.UTF_8)), options, List.of());
  }

  private Path bytes(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file.csv"), bytes);
  }
}
