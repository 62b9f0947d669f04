package io.eddy.kafka.rocksdb;

import org.rocksdb.CompactionStyle;

/** Strategy by which files are merged. The lower-case names are values of a setting. */
public enum Compaction {
  /** Writes less, uses more space for some time. */
  UNIVERSAL(CompactionStyle.UNIVERSAL),
  /** Uses less space, writes more. */
  LEVEL(CompactionStyle.LEVEL);

  private final CompactionStyle style;

  Compaction(CompactionStyle style) {
    this.style = style;
  }

  CompactionStyle style() {
    return style;
  }
}
