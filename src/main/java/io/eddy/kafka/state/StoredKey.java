package io.eddy.kafka.state;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** The keys of the stores, as their changelog topics have them. */
public enum StoredKey {
  /** The name of a series. */
  STATE {
    @Override
    public String series(byte[] key) {
      return new String(key, StandardCharsets.UTF_8);
    }
  },
  /** A part of a series, in the window store and the shadow store. */
  PART {
    @Override
    public String series(byte[] key) {
      return StoreKeys.seriesOfPart(Bytes.wrap(key));
    }
  },
  /** A part of a series' undo log. */
  UNDO {
    @Override
    public String series(byte[] key) {
      return StoreKeys.seriesOfUndo(key);
    }
  };

  /** Returns the series of a key; empty for a value of the whole partition. */
  public abstract String series(byte[] key);
}
