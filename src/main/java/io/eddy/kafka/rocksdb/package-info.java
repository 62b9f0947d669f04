/**
 * Options of the RocksDB databases in which Kafka Streams keeps the state, and the memory that they
 * share.
 *
 * <p>A database is the files and buffers of one state store of one partition. Its write buffers
 * hold recent changes in memory; when one is full, it is flushed to a file. The block cache holds
 * blocks of the files. Depends on Kafka Streams and RocksDB only.
 */
@NullMarked
package io.eddy.kafka.rocksdb;

import org.jspecify.annotations.NullMarked;
