package io.eddy.training;

import java.util.Optional;

/** Stores the checkpoint of a training, so that a training that was stopped can be resumed. */
public interface CheckpointStore {
  /** Returns the checkpoint to resume from, or empty to start a new training. */
  Optional<byte[]> last();

  /** Replaces the stored checkpoint atomically. */
  void save(byte[] checkpoint);

  /** A store that keeps no checkpoint. */
  CheckpointStore NONE =
      new CheckpointStore() {
        @Override
        public Optional<byte[]> last() {
          return Optional.empty();
        }

        @Override
        public void save(byte[] checkpoint) {}
      };
}
