package io.eddy.dataset.csv;

import io.eddy.series.InvalidRecordException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** Kinds of files that are no CSV files, by their first bytes. */
enum FileKind {
  PARQUET("a Parquet file", Advice.CONVERT, text("PAR1")),
  ORC("an ORC file", Advice.CONVERT, text("ORC")),
  ARROW("an Arrow file", Advice.CONVERT, text("ARROW1")),
  FEATHER("a Feather file", Advice.CONVERT, text("FEA1")),
  AVRO("an Avro file", Advice.CONVERT, text("Obj\u0001")),
  XLS("an Excel file (.xls)", Advice.SPREADSHEET, bytes(0xd0, 0xcf, 0x11, 0xe0)),
  ZIP("a zip archive", Advice.EXTRACT, bytes('P', 'K', 3, 4)),
  ZSTD("compressed by zstd", Advice.DECOMPRESS, bytes(0x28, 0xb5, 0x2f, 0xfd)),
  BZIP2("compressed by bzip2", Advice.DECOMPRESS, text("BZh")),
  XZ("compressed by xz", Advice.DECOMPRESS, bytes(0xfd, '7', 'z', 'X', 'Z')),
  LZ4("compressed by lz4", Advice.DECOMPRESS, bytes(4, 0x22, 0x4d, 0x18)),
  SEVEN_ZIP("a 7z archive", Advice.EXTRACT, bytes('7', 'z', 0xbc, 0xaf)),
  SQLITE("an SQLite database", Advice.CONVERT, text("SQLite format 3")),
  HDF5("an HDF5 file", Advice.CONVERT, bytes(0x89, 'H', 'D', 'F')),
  NETCDF("a NetCDF file", Advice.CONVERT, text("CDF\u0001")),
  NETCDF_64("a NetCDF file", Advice.CONVERT, text("CDF\u0002")),
  PDF("a PDF file", Advice.CONVERT, text("%PDF-"));

  private static final int TAR_MARK = 257;

  private static final class Advice {
    static final String CONVERT = "convert it to CSV, for example with DuckDB or pandas";
    static final String SPREADSHEET = "save it as CSV (UTF-8) in the spreadsheet program";
    static final String EXTRACT = "extract the CSV file first";
    static final String DECOMPRESS = "decompress it first, or compress it by gzip";

    private Advice() {}
  }

  private final String description;
  private final String advice;

  @SuppressWarnings("ImmutableEnumChecker")
  private final byte[] start;

  FileKind(String description, String advice, byte[] start) {
    this.description = description;
    this.advice = advice;
    this.start = start;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /**
   * Checks the first bytes of a file.
   *
   * @throws InvalidRecordException if it is of a known kind other than text
   */
  static void requireText(Path file, byte[] head) {
    for (FileKind kind : values()) {
      if (starts(head, 0, kind.start)) {
        throw kind == ZIP && isWorkbook(head)
            ? rejected(file, "an Excel file (.xlsx)", Advice.SPREADSHEET)
            : rejected(file, kind.description, kind.advice);
      }
    }
    if (starts(head, TAR_MARK, text("ustar"))) {
      throw rejected(file, "a tar archive", Advice.EXTRACT);
    }
  }

  private static boolean isWorkbook(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return text.contains("[Content_Types].xml") || text.contains("xl/") || text.contains("_rels/");
  }

  private static boolean starts(byte[] head, int from, byte[] start) {
    return head.length >= from + start.length
        && Arrays.equals(head, from, from + start.length, start, 0, start.length);
  }

  /**
   * Checks the first characters of a file.
   *
   * @throws InvalidRecordException if it is JSON, XML or HTML
   */
  static void requireCsv(Path file, String sample) {
    String text = sample.stripLeading();
    if (text.startsWith("{") || text.matches("(?s)\\[\\s*[{\\[\"].*")) {
      throw rejected(file, "a JSON file", "convert it to CSV, for example with jq -r … @csv");
    }
    if (text.startsWith("<")) {
      throw rejected(file, "an XML or HTML file", "check where it comes from");
    }
  }

  private static InvalidRecordException rejected(Path file, String kind, String advice) {
    return new InvalidRecordException("%s is %s, not CSV: %s", file, kind, advice);
  }
}
