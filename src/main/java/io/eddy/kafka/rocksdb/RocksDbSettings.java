package io.eddy.kafka.rocksdb;

/** Settings of all databases of a process. */
public record RocksDbSettings(Memory memory, WriteBuffers writeBuffers, Files files) {
  public static final RocksDbSettings DEFAULT =
      new RocksDbSettings(
          new Memory(256L << 20, 0.5),
          new WriteBuffers(16L << 20, 3),
          new Files(Compaction.UNIVERSAL, Compression.NONE, Files.UNLIMITED, Files.PROCESSORS));

  /**
   * Memory that all databases share.
   *
   * @param bytes size of the block cache, to which write buffers are charged
   * @param writeBufferShare largest part of it that write buffers use, from 0 to 1
   */
  public record Memory(long bytes, double writeBufferShare) {
    public static final long MIN_BYTES = 16L << 20;

    /** Returns the memory that the write buffers of all databases use together. */
    long writeBufferBytes() {
      return (long) (bytes * writeBufferShare);
    }
  }

  /**
   * Write buffers of one database.
   *
   * @param bytes size at which a write buffer is flushed
   * @param count number of write buffers, including those that are being flushed
   */
  public record WriteBuffers(long bytes, int count) {}

  /**
   * Files of one database.
   *
   * @param maxOpen number of files that are kept open, or {@link #UNLIMITED}
   * @param threads number of threads that flush and compact, or {@link #PROCESSORS}; all databases
   *     share them
   */
  public record Files(Compaction compaction, Compression compression, int maxOpen, int threads) {
    public static final int UNLIMITED = -1;

    /** As many threads as there are processors, at least two. */
    public static final int PROCESSORS = 0;
  }
}
