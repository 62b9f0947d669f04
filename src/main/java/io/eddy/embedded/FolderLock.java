package io.eddy.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a folder, within this process and between processes.
 *
 * <p>A file lock is not enough within a process: on Linux, closing any channel of the file releases
 * the lock that another channel holds. Therefore the file is not opened again while it is locked.
 */
final class FolderLock implements AutoCloseable {
  static final String FILE = "broker.lock";

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Acquires the lock.
   *
   * @throws IllegalStateException if it is held already
   */
  static FolderLock acquire(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw inUse(folder);
    }
    FileChannel locked = null;
    try {
      locked = lock(real.resolve(FILE));
    } finally {
      if (locked == null) {
        HELD.remove(real);
      }
    }
    if (locked == null) {
      throw inUse(folder);
    }
    return new FolderLock(real, locked);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(folder);
  }

  private static @Nullable FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      return null;
    }
    return channel;
  }

  private static IllegalStateException inUse(Path folder) {
    return new IllegalStateException(
        "folder %s is in use by another broker; choose another folder".formatted(folder));
  }
}
