package io.eddy.bench.campaign;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Small file systems in files, each mounted on a folder of a broker or an instance, which can be
 * filled and slowed down. They need the permission to mount, and mkfs.ext4 and fsfreeze.
 */
final class TestDisks implements AutoCloseable {
  private static final String FILLER = "filler";

  /** Stops all writes of the file system $0 for 0.4 s, also if the campaign ends meanwhile. */
  private static final String FREEZE = "fsfreeze -f \"$0\" && sleep 0.4; fsfreeze -u \"$0\"";

  private static final long THAWED_MS = 100;

  private final List<Path> mounted = new ArrayList<>();

  /** Mounts a file system on a folder; returns whether that is permitted. */
  boolean mount(Path folder, long mebibytes) throws IOException, InterruptedException {
    Path image = folder.resolveSibling(folder.getFileName() + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(mebibytes << 20);
    }
    boolean isMounted =
        run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())
            && run("mount", "-o", "loop", image.toString(), folder.toString());
    if (isMounted) {
      mounted.add(folder);
      Files.deleteIfExists(folder.resolve("lost+found"));
    }
    return isMounted;
  }

  /** Fills the file system of a folder. */
  static void fill(Path folder) throws IOException, InterruptedException {
    long free = Files.getFileStore(folder).getUsableSpace();
    Path filler = folder.resolve(FILLER);
    boolean unused = run("fallocate", "-l", Long.toString(Math.max(1, free)), filler.toString());
    try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER + "-rest"))) {
      byte[] block = new byte[4 << 10];
      for (long written = 0; written <= free; written += block.length) {
        out.write(block);
      }
    } catch (IOException e) {
      // The file system is full, as intended.
    }
  }

  static void free(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(FILLER));
    Files.deleteIfExists(folder.resolve(FILLER + "-rest"));
  }

  /** Lets all writes to the file system of a folder wait 0.4 s of every 0.5 s. */
  static void slow(Path folder, long lengthMs) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lengthMs);
    while (System.nanoTime() - end < 0) {
      boolean unused = run("sh", "-c", FREEZE, folder.toString());
      Thread.sleep(THAWED_MS);
    }
  }

  /** Runs a command and returns whether it succeeds; false if there is no such command. */
  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Path folder : mounted) {
      boolean unused = run("umount", "-l", folder.toString());
    }
    mounted.clear();
  }
}
