package io.eddy.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the process at the other end of a connection on the loopback interface, from Linux' tables
 * of sockets under {@code /proc}.
 */
final class SocketOwners {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp6"), Path.of("/proc/net/tcp"));
  private static final int LOCAL_ADDRESS = 1;
  private static final int INODE = 9;

  /** Inode of a connection that its process has closed. */
  private static final String CLOSED = "0";

  private final Supplier<Map<String, Long>> processes;

  /**
   * Creates a finder.
   *
   * @param processes the process ids by name
   */
  SocketOwners(Supplier<Map<String, Long>> processes) {
    this.processes = processes;
  }

  /** Returns the name of the process whose socket is bound to a port; null if it is not known. */
  @Nullable String owner(int port) {
    try {
      String inode = inode(port);
      if (inode == null) {
        return null;
      }
      for (Map.Entry<String, Long> process : processes.get().entrySet()) {
        if (hasSocket(process.getValue(), "socket:[" + inode + "]")) {
          return process.getKey();
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable String inode(int port) throws IOException {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    for (Path table : TABLES) {
      if (!Files.exists(table)) {
        continue;
      }
      for (String line : Files.readAllLines(table)) {
        String[] cells = line.strip().split("\\s+", -1);
        if (cells.length > INODE
            && cells[LOCAL_ADDRESS].endsWith(suffix)
            && !cells[INODE].equals(CLOSED)) {
          return cells[INODE];
        }
      }
    }
    return null;
  }

  private static boolean hasSocket(long pid, String link) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return descriptors.anyMatch(descriptor -> pointsTo(descriptor, link));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean pointsTo(Path descriptor, String link) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(link);
    } catch (IOException e) {
      return false;
    }
  }
}
