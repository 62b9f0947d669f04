package io.eddy.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eddy.dataset.SeriesData;
import io.eddy.series.InvalidRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchmarkDataTest {
  private static final String TAXI_HEADER =
      "timestamp,passenger_count,timeofday,dayofweek\ndatetime,int,int,int\nT,,,\n";

  @TempDir Path folder;

  private BenchmarkData data = new BenchmarkData(Path.of(""));

  @BeforeEach
  void open() {
    data = new BenchmarkData(folder);
  }

  @Test
  void joinsM4TrainingAndTestValues() throws IOException {
    write(
        "Hourly-train.csv",
        "\"V1\",\"V2\",\"V3\",\"V4\"\n\"H1\",\"5\",\"6.5\",\"7\"\n\"H2\",\"1\",\"\",\"\"\n");
    write("Hourly-test.csv", "\"V1\",\"V2\",\"V3\"\n\"H1\",\"8\",\"9\"\n\"H2\",\"2\",\"3\"\n");

    List<SeriesData> series = data.m4Hourly(2);

    assertThat(series).extracting(SeriesData::name).containsExactly("H1", "H2");
    assertThat(series.get(0).values()).containsExactly(5, 6.5, 7, 8, 9);
    assertThat(series.get(1).values()).containsExactly(1, 2, 3);
    assertThat(series.get(1).timestampsMs())
        .containsExactly(
            time("2000-01-01T00:00:00Z"),
            time("2000-01-01T01:00:00Z"),
            time("2000-01-01T02:00:00Z"));
  }

  @Test
  void rejectsM4SeriesWithGap() throws IOException {
    Path train = write("Hourly-train.csv", "V1,V2,V3\nH1,NA,7\n");
    write("Hourly-test.csv", "V1,V2\nH1,8\n");

    assertThatThrownBy(() -> data.m4Hourly(1))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessage(
            train
                + " line 2, column V3: expected an empty column after the first empty one, got"
                + " '7'");
  }

  @Test
  void namesM4SeriesWithTooFewTestValues() throws IOException {
    write("Hourly-train.csv", "V1,V2\nH1,7\nH2,7\n");
    Path test = write("Hourly-test.csv", "V1,V2\nH1,8\n");

    assertThatThrownBy(() -> data.m4Hourly(1))
        .hasMessage(test + ": expected 1 values of series H2, got 0");
  }

  @Test
  void skipsThreeHeaderLinesOfTaxiData() throws IOException {
    write(
        "nyc_taxi_full.csv",
        TAXI_HEADER + "2014-07-01 00:00:00,10844,0,1\n2014-07-01 00:30:00,8127,30,1\n");

    SeriesData taxi = data.nycTaxi();

    assertThat(taxi.name()).isEqualTo("nyc-taxi");
    assertThat(taxi.values()).containsExactly(10844, 8127);
    assertThat(taxi.timestampsMs()[1]).isEqualTo(time("2014-07-01T00:30:00Z"));
  }

  @Test
  void readsTransformerColumnsPlainOrGzip() throws IOException {
    String text = "date,HUFL,OT\n2016-07-01 00:00:00,5.8,30.5\n2016-07-01 01:00:00,5.7,-27\n";
    write("ETTh1.csv", text);
    try (var out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("ETTm1.csv.gz")))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(data.ettH1()).extracting(SeriesData::name).containsExactly("HUFL", "OT");
    assertThat(data.ettM1().get(1).values()).containsExactly(30.5, -27);
  }

  @Test
  void namesMissingFileAndItsPublisher() {
    assertThatThrownBy(data::nycTaxi)
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageStartingWith(
            folder + ": neither nyc_taxi_full.csv nor nyc_taxi_full.csv.gz found")
        .hasMessageContaining("numenta/htmresearch");
    assertThatThrownBy(() -> data.m4Hourly(48)).hasMessageContaining("Mcompetitions/M4-methods");
    assertThatThrownBy(data::ettM1).hasMessageContaining("zhouhaoyi/ETDataset");
  }

  @Test
  void namesLineAndColumnOfInvalidNumber() throws IOException {
    Path taxi = write("nyc_taxi_full.csv", TAXI_HEADER + "2014-07-01 00:00:00,many,0,1\n");
    Path ett = write("ETTh1.csv", "date,OT\nnoon,1\n");
    Path other = write("ETTm1.csv", "time,OT\n2016-07-01 00:00:00,1\n");

    assertThatThrownBy(data::nycTaxi)
        .hasMessage(taxi + " line 4, column passenger_count: expected a number, got 'many'");
    assertThatThrownBy(data::ettH1)
        .hasMessage(
            ett
                + " line 2, column date: expected an ISO-8601 time or epoch milliseconds, got"
                + " 'noon'");
    assertThatThrownBy(data::ettM1)
        .hasMessage(other + " line 1: column date is missing; the header is time,OT");
  }

  @Test
  void rejectsFilesWithoutValues() throws IOException {
    Path taxi = write("nyc_taxi_full.csv", TAXI_HEADER);
    Path ett = write("ETTh1.csv", "date,OT\n");

    assertThatThrownBy(data::nycTaxi).hasMessage(taxi + ": no values");
    assertThatThrownBy(data::ettH1).hasMessage(ett + ": no values");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static long time(String text) {
    return Instant.parse(text).toEpochMilli();
  }
}
