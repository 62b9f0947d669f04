package io.eddy.kafka.rocksdb;

import org.rocksdb.CompressionType;

/** Compression of new files. The lower-case names are values of a setting. */
public enum Compression {
  NONE(CompressionType.NO_COMPRESSION),
  LZ4(CompressionType.LZ4_COMPRESSION),
  ZSTD(CompressionType.ZSTD_COMPRESSION);

  private final CompressionType type;

  Compression(CompressionType type) {
    this.type = type;
  }

  CompressionType type() {
    return type;
  }
}
