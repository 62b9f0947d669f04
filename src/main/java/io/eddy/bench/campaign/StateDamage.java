package io.eddy.bench.campaign;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Damages the state folder of an instance that does not run. */
final class StateDamage {
  private StateDamage() {}

  /** Deletes everything in a folder. */
  static void wipe(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(folder)) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  /**
   * Truncates a file and returns a description; files of one kind are chosen as often as another.
   */
  static String truncate(Path folder, Random random) throws IOException {
    Path file = choose(folder, random);
    if (file == null) {
      return "no file";
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      long size = (long) (open.length() * random.nextDouble());
      open.setLength(size);
      return "%s truncated to %d bytes".formatted(folder.relativize(file), size);
    }
  }

  /** Flips a bit of a file and returns a description. */
  static String flip(Path folder, Random random) throws IOException {
    Path file = choose(folder, random);
    if (file == null) {
      return "no file";
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      long at = (long) (open.length() * random.nextDouble());
      int bit = random.nextInt(8);
      open.seek(at);
      int old = open.read();
      open.seek(at);
      open.write(old ^ (1 << bit));
      return "%s: bit %d of byte %d flipped".formatted(folder.relativize(file), bit, at);
    }
  }

  private static @Nullable Path choose(Path folder, Random random) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      List<Path> files =
          paths.filter(path -> Files.isRegularFile(path) && isUsed(path)).sorted().toList();
      List<String> kinds = files.stream().map(StateDamage::kind).distinct().sorted().toList();
      if (kinds.isEmpty()) {
        return null;
      }
      String kind = kinds.get(random.nextInt(kinds.size()));
      List<Path> candidates = files.stream().filter(path -> kind(path).equals(kind)).toList();
      return candidates.get(random.nextInt(candidates.size()));
    }
  }

  /** Returns whether a file has content that is read again; logs and locks have not. */
  private static boolean isUsed(Path path) {
    try {
      String name = name(path);
      return Files.size(path) > 0 && !name.startsWith("LOG") && !name.equals("LOCK");
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns a file's kind: its name without digits. */
  private static String kind(Path path) {
    return name(path).replaceAll("[0-9]", "");
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
