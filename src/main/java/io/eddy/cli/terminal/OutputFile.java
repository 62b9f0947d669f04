package io.eddy.cli.terminal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes files atomically: the content is written to a temporary file in the same folder, which
 * then replaces the file.
 */
public final class OutputFile {
  private OutputFile() {}

  /** Writes the content of a text file. */
  public interface Content {
    void write(BufferedWriter out) throws IOException;
  }

  /**
   * Checks that a file can be created.
   *
   * @throws UsageException if its folder does not exist, or the file is a folder
   */
  public static void requireFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException("cannot write %s: no such folder: %s".formatted(file, folder));
    }
    if (Files.isDirectory(file)) {
      throw new UsageException("cannot write %s: it is a folder".formatted(file));
    }
  }

  /** Writes a binary file. */
  public static void write(Path file, byte[] bytes) {
    replace(file, temporary -> Files.write(temporary, bytes));
  }

  /** Writes a text file in UTF-8. */
  public static void write(Path file, Content content) {
    replace(
        file,
        temporary -> {
          try (BufferedWriter out = Files.newBufferedWriter(temporary)) {
            content.write(out);
          }
        });
  }

  private interface FileWriter {
    void write(Path temporary) throws IOException;
  }

  private static void replace(Path file, FileWriter writer) {
    Path temporary = null;
    try {
      if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        // Write through devices, pipes and links: a move would replace them with a regular file.
        writer.write(file);
        return;
      }
      String name = "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part";
      temporary = file.toAbsolutePath().resolveSibling(name);
      writer.write(temporary);
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      temporary = null;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    } finally {
      if (temporary != null) {
        temporary.toFile().delete();
      }
    }
  }
}
