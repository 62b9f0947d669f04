package io.eddy.dataset.csv;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.series.InvalidRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated CSV files: each is read or rejected with a message that names the file. */
final class FuzzedCsvTest {
  private static final List<String> FILES =
      List.of(
          """
          series,timestamp,value,load
          a,2026-01-01T00:00:00Z,1.5,3
          a,2026-01-01T01:00:00Z,,4
          "b, ""c"" d",2026-01-01T00:00:00Z,-2e3,NA
          b,2026-01-01T01:00:00Z,7,5
          """,
          """
          sep=;
          # exported
          Zeit;Nord;Süd
          ;kW;kW
          31.12.2025 23:00;1,5;2.000,25
          01.01.2026 00:00;-1,5;
          01.01.2026 01:00;3;n/a
          """,
          "date\ttime\tvalue\n2026-01-01\t00:15\t1\n2026-01-01\t00:30\t2\n",
          "t|x\n1767225600|1\n1767229200|2\n1767232800|0x10\n",
          "V1,V2,V3,V4\nH1,605,586,586\nH2,3124,2990,2862\n",
          "month,value\n2025-11,1\n2025-12,2\n2026-01,3\n");

  @TempDir Path folder;

  private final DecoderFuzzer fuzzer = new DecoderFuzzer(250, InvalidRecordException.class);

  private void read(byte[] bytes) throws IOException {
    Path file = folder.resolve("file.csv");
    Files.write(file, bytes);
    var unused = CsvObservations.read(file);
  }

  @Test
  void files() {
    fuzzer.fuzz(this::read, FILES.stream().map(text -> text.getBytes(UTF_8)).toList());
  }

  @Test
  void filesWithCovariates() {
    fuzzer.fuzz(
        bytes -> {
          Path file = folder.resolve("file.csv");
          Files.write(file, bytes);
          var unused = CsvObservations.read(file, CsvOptions.DETECT, List.of("load"));
        },
        List.of(FILES.get(0).getBytes(UTF_8)));
  }

  @Test
  void otherEncodingsAndGzip() {
    fuzzer.fuzz(
        this::read,
        List.of(
            ("\uFEFF" + FILES.get(0)).getBytes(StandardCharsets.UTF_16LE),
            ("\uFEFF" + FILES.get(1)).getBytes(UTF_8),
            gzip(FILES.get(0)),
            gzip(FILES.get(1))));
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
