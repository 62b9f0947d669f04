package io.eddy.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one right to use a folder, in this process and among processes.
 *
 * <p>A file's lock alone does not do within a process: on Linux, closing any channel of the file
 * gives up the lock that another channel holds. So the file is not opened again while it is held.
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
   * Takes the lock.
   *
   * @throws IllegalStateException where it is taken
   */
  static FolderLock take(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw taken(folder);
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
      throw taken(folder);
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

  private static IllegalStateException taken(Path folder) {
    return new IllegalStateException(
        "folder %s is in use by another broker: choose another one".formatted(folder));
  }
}
