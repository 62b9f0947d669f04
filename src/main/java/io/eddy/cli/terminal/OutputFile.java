package io.eddy.cli.terminal;

import io.eddy.kafka.config.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: beside its place first, then moved into it. */
public final class OutputFile {
  private OutputFile() {}

  /** Something that writes lines. */
  public interface Content {
    void write(BufferedWriter out) throws IOException;
  }

  /** Says at once, before the work is done, that a file cannot be written there. */
  public static void requireFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException(file + " cannot be written: there is no folder " + folder);
    }
    if (Files.isDirectory(file)) {
      throw new UsageException(file + " cannot be written: it is a folder");
    }
  }

  public static void write(Path file, byte[] bytes) {
    replace(file, part -> Files.write(part, bytes));
  }

  public static void write(Path file, Content content) {
    replace(
        file,
        part -> {
          try (BufferedWriter out = Files.newBufferedWriter(part)) {
            content.write(out);
          }
        });
  }

  private interface Filler {
    void fill(Path part) throws IOException;
  }

  private static void replace(Path file, Filler filler) {
    Path part = null;
    try {
      if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        // A device, a pipe or a link: a move would put a plain file in its place.
        filler.fill(file);
        return;
      }
      String name = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part";
      part = file.toAbsolutePath().resolveSibling(name);
      filler.fill(part);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      part = null;
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
    } finally {
      if (part != null) {
        part.toFile().delete();
      }
    }
  }
}
