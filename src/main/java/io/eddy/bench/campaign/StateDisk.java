package io.eddy.bench.campaign;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small file system in memory for the state of each instance, which can be filled. It needs the
 * permission to mount.
 */
final class StateDisk implements AutoCloseable {
  private static final String FILLER = "filler";
  private static final int SIZE_MIB = 192;

  private final List<Path> mounted = new ArrayList<>();

  /** Mounts a file system on a folder; returns whether that is permitted. */
  boolean mount(Path folder) throws IOException, InterruptedException {
    boolean isMounted =
        run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=%dm".formatted(SIZE_MIB),
                "tmpfs",
                folder.toString())
            == 0;
    if (isMounted) {
      mounted.add(folder);
    }
    return isMounted;
  }

  /** Fills the file system of a folder. */
  static void fill(Path folder) {
    byte[] block = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
      for (int i = 0; i < SIZE_MIB << 4; i++) {
        out.write(block);
      }
    } catch (IOException e) {
      // The file system is full, as intended.
    }
  }

  static void free(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(FILLER));
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Path folder : mounted) {
      int unused = run("umount", "-l", folder.toString());
    }
    mounted.clear();
  }
}
