package io.eddy.kafka.state;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** Values under keys, as bytes. */
interface ByteStore {
  byte @Nullable [] get(Bytes key);

  /** Stores a value; null deletes the present one. */
  void put(Bytes key, byte @Nullable [] value);
}
