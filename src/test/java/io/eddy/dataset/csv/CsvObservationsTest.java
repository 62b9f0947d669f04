package io.eddy.dataset.csv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.dataset.SeriesCollector;
import io.eddy.dataset.SeriesData;
import io.eddy.series.Aggregation;
import io.eddy.series.Covariates;
import io.eddy.series.FutureCovariates;
import io.eddy.series.Interval;
import io.eddy.series.InvalidRecordException;
import io.eddy.series.Observation;
import io.eddy.series.Sampling;
import io.eddy.series.SteppedSeries;
import io.eddy.series.time.TimestampFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvObservationsTest {
  @TempDir Path folder;

  @Test
  void readsColumnsInAnyOrderAndSortsByTime() throws IOException {
    Path file =
        write(
            """
            room,value,timestamp,series
            x,2,2026-01-01T01:00:00Z,a
            x,1,2026-01-01T00:00:00Z,a
            "y,z",3,2026-01-01T01:00:00+01:00,"b,c"
            """);

    List<SeriesData> series = CsvObservations.read(file).series();

    assertThat(series).extracting(SeriesData::name).containsExactly("a", "b,c");
    assertThat(series.get(0).values()).containsExactly(1, 2);
    assertThat(series.get(0).timestampsMs()[0]).isEqualTo(series.get(1).timestampsMs()[0]);
  }

  @Test
  void skipsMissingValuesAndKeepsOrderOfEqualTimestamps() throws IOException {
    Path file = write("series,timestamp,value\na,1,\na,2,NA\na,3,5\na,3,6\n");

    assertThat(milliseconds(file, List.of()).get(0).values()).containsExactly(5, 6);
  }

  @Test
  void readsRequestedCovariates() throws IOException {
    Path file =
        write(
            """
            series,load,timestamp,value,plan,note
            a,2,2,20,,x
            a,1,1,10,7,
            a,9,3,,9,y
            a,NaN,4,40,8,
            """);

    SeriesData series = milliseconds(file, List.of("plan", "load")).get(0);

    assertThat(series.values()).containsExactly(10, 20, 40);
    assertThat(series.observations())
        .extracting(Observation::covariates)
        .containsExactly(
            new Covariates(Map.of("load", 1.0, "plan", 7.0)),
            new Covariates(Map.of("load", 2.0)),
            new Covariates(Map.of("plan", 8.0)));
    assertThat(series.first(2).covariates().names()).containsExactly("load", "plan");
  }

  @Test
  void laterLinesProvideFutureCovariates() throws IOException {
    Path file =
        write(
            """
            series,timestamp,value,load,plan
            b,5,,8,
            a,10,1,1,7
            a,11,,99,
            a,20,,2,8
            a,25,,3,
            a,40,4,4,9
            a,40,,77,
            a,60,,6,
            a,70,,7,
            a,15,5,,
            """);

    List<SeriesData> series = milliseconds(file, List.of("load", "plan"));
    SeriesData data = series.get(0).withFutureCovariates(List.of("load"), Interval.ofMillis(10), 5);

    assertThat(series).extracting(SeriesData::name).containsExactly("a");
    assertThat(series.get(0).observations())
        .allSatisfy(
            observation ->
                assertThat(observation.futureCovariates()).isEqualTo(FutureCovariates.NONE));
    assertThat(data.values()).containsExactly(1, 5, 4);
    assertThat(data.covariates().value("load", 0)).isEqualTo(1);
    assertThat(data.observations())
        .extracting(Observation::futureCovariates)
        .containsExactly(
            FutureCovariates.of(Map.of("load", new double[] {3, Double.NaN, 4, Double.NaN, 6})),
            FutureCovariates.of(Map.of("load", new double[] {3, Double.NaN, 4, Double.NaN, 6})),
            FutureCovariates.of(Map.of("load", new double[] {Double.NaN, 6, 7})));
    SteppedSeries stepped = data.stepped(new Sampling(Duration.ofMillis(10), Aggregation.LAST, 3));
    assertThat(stepped.size()).isEqualTo(4);
    assertThat(stepped.futureCovariates(3).values("load")).containsExactly(Double.NaN, 6, 7);
    assertThat(stepped.futureCovariates(1)).isEqualTo(FutureCovariates.NONE);
  }

  @Test
  void keepsFutureCovariatesOfObservations() {
    SeriesCollector collector = new SeriesCollector();
    for (int i = 0; i < 200; i++) {
      FutureCovariates own =
          i == 150 ? FutureCovariates.of(Map.of("load", new double[] {-1})) : FutureCovariates.NONE;
      Covariates covariates = new Covariates(Map.of("load", (double) i, "plan", 2.0 * i));
      collector.add(new Observation("a", 10L * i, i, covariates, own));
    }

    SeriesData data =
        collector
            .toList()
            .get(0)
            .withFutureCovariates(List.of("load", "plan"), Interval.ofMillis(10), 2);

    assertThat(data.observations().get(7).futureCovariates())
        .isEqualTo(FutureCovariates.of(Map.of("plan", new double[] {16, 18})));
    assertThat(data.observations().get(150).futureCovariates())
        .isEqualTo(
            FutureCovariates.of(
                Map.of("load", new double[] {-1}, "plan", new double[] {302, 304})));
    assertThat(data.first(151).observations().get(150).futureCovariates())
        .isEqualTo(data.observations().get(150).futureCovariates());
  }

  @Test
  void rejectsFutureRowsThatSpanTooManySteps() throws IOException {
    Path file = write("series,timestamp,value,load\na,10,1,1\na,99999999999999,,2\n");
    SeriesData series = milliseconds(file, List.of("load")).get(0);

    assertThatThrownBy(() -> series.withFutureCovariates(List.of("load"), Interval.ofMillis(10), 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("; check for a wrong timestamp");
  }

  @Test
  void alignsCovariatesWithValuesInLongFile() throws IOException {
    StringBuilder text = new StringBuilder("series,timestamp,value,load\n");
    for (int i = 999; i >= 0; i--) {
      text.append("a,").append(i).append(',').append(2 * i).append(',').append(3 * i).append('\n');
    }

    SeriesData series = milliseconds(write(text.toString()), List.of("load")).get(0);

    for (int i = 0; i < 1000; i++) {
      assertThat(series.covariates().value("load", i)).isEqualTo(3 * i);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "series,timestamp,value;a,1,2 | line 1: column load is missing; the header is"
            + " series,timestamp,value",
        "series,timestamp,value,load;a,1,2,full | line 2, column load: expected a number, got"
            + " 'full'; if this line has units or types, remove it",
        "series,timestamp,value,load;a,1,2,1e36 | line 2, column load: expected a number within"
            + " ±1e35, got '1e36'",
        "series,timestamp,value,load;a,1,2,-1e999 | line 2, column load: expected a finite"
            + " number, got '-1e999'",
      })
  void invalidCovariateNamesLineAndColumn(String text, String message) throws IOException {
    Path file = write(text.replace(';', '\n'));

    assertThatThrownBy(() -> milliseconds(file, List.of("load")))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(file + " " + message);
  }

  @Test
  void readsTimestampsWithoutZoneAsUtc() throws IOException {
    Path file =
        write(
            """
            series,timestamp,value
            a,1970-01-02,1
            a,1970-01-02 00:00:01,2
            b,1970-01-02T01:00:02,3
            """);

    assertThat(CsvObservations.read(file).series().get(0).timestampsMs())
        .containsExactly(86_400_000, 86_401_000);
  }

  @Test
  void ignoresByteOrderMark() throws IOException {
    Path file = write("\uFEFFseries,timestamp,value\na,1,-.5e1\n");

    assertThat(milliseconds(file, List.of()).get(0).values()).containsExactly(-5);
  }

  @Test
  void rejectsFileThatIsNotUtf8() throws IOException {
    Path file = folder.resolve("x.csv");
    Files.write(file, "series,timestamp,value\n\u00e9,1,2\n".getBytes(ISO_8859_1));

    assertThatThrownBy(() -> milliseconds(file, List.of()))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            file
                + " is not valid UTF-8: save it as UTF-8, or name its encoding, such as --encoding windows-1252");
  }

  @Test
  void readsGzip() throws IOException {
    Path file = folder.resolve("x.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          "series,timestamp,value\na,1,2\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    assertThat(milliseconds(file, List.of()).get(0).values()).containsExactly(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "series,timestamp,value;a,1,x | line 2, column value: expected a number, got 'x'; if"
            + " this line has units or types, remove it",
        "series,timestamp,value;a,1,2;a,noon,2 | line 3, column timestamp: expected epoch"
            + " milliseconds, got text of the shape aaaa: 'noon'",
        "series,timestamp,value;a,1,2,5 | line 2: expected 3 columns, got 4; a field that contains the"
            + " separator, such as a decimal comma, must be in double quotes",
        "series,timestamp,value;a,1,3d | line 2, column value: expected a number, got '3d'",
        "series,timestamp,value;a,1,0x1p3 | line 2, column value: expected a number, got '0x1p3'",
        "series,timestamp,value;a,1,-1e36 | line 2, column value: expected a number within ±1e35,"
            + " got '-1e36'",
        "series,timestamp,value;a,1,1e999 | line 2, column value: expected a finite number, got"
            + " '1e999'",
        "series,timestamp,value,value;a,1,2,3 | line 1: column value occurs twice; if the"
            + " header has several lines, join them to one",
        "series,timestamp,value;,1,2 | line 2, column series: expected a name, got ''",
        "series,timestamp,value;a,1 | line 2: expected 3 columns, got 2",
        "series,moment,value;a,1,2 | line 1: no column of times was recognised (if another line has"
            + " the column names, give --header-line); the header is series,moment,value. Name the"
            + " columns, for example --columns series=series,timestamp=COLUMN,value=value",
      })
  void invalidFieldNamesLineAndColumn(String text, String message) throws IOException {
    Path file = write(text.replace(';', '\n'));

    assertThatThrownBy(() -> milliseconds(file, List.of()))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(file + " " + message);
  }

  @Test
  void rejectsEmptyOrMissingFile() throws IOException {
    Path empty = write("");
    Path missing = folder.resolve("missing.csv");

    assertThatThrownBy(() -> milliseconds(empty, List.of()))
        .hasMessage(
            empty
                + " is empty: expected a header, such as series,timestamp,value, and lines of data");
    assertThatThrownBy(() -> milliseconds(missing, List.of()))
        .hasMessage(missing + ": no such file");
  }

  /** Reads a file whose times are epoch milliseconds, of any size. */
  private static List<SeriesData> milliseconds(Path file, List<String> covariates) {
    CsvOptions options =
        new CsvOptions(
            TextOptions.DETECT,
            ColumnOptions.DETECT,
            NumberOptions.DETECT,
            new TimeOptions(TimestampFormat.MS, null),
            null);
    return CsvObservations.read(file, options, covariates).series();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("x.csv"), text);
  }
}
