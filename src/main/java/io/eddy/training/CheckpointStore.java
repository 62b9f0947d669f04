package io.eddy.training;

import java.util.Optional;

/** Where a training leaves, after every epoch, all that it needs to go on after a kill. */
public interface CheckpointStore {
  /** The one to go on from; empty where the training is to begin. */
  Optional<byte[]> last();

  /** Keeps one in place of the one before, whole or not at all. */
  void save(byte[] checkpoint);

  /** Keeps none. */
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
