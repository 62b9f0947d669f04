package io.eddy.kafka.reset;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.eddy.kafka.config.Deployment;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.topics.BrokerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStateTest {
  @TempDir Path folder;

  @Test
  void createsMissingFolder() {
    LocalState state = state(folder.resolve("a/b"));

    state.requireUsable();

    assertThat(state.folder()).isEqualTo(folder.resolve("a/b/eddy")).isEmptyDirectory();
  }

  @Test
  void rejectsFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatIllegalStateException()
        .isThrownBy(() -> state(file).requireUsable())
        .withMessageStartingWith("state.dir: %s is not a directory; set state.dir to", file);
  }

  @Test
  void rejectsFolderWithoutWritePermission() throws IOException {
    Path readOnly = Files.createDirectory(folder.resolve("read-only"));
    assertThat(readOnly.toFile().setWritable(false)).isTrue();
    assumeFalse(Files.isWritable(readOnly), "this user may write everywhere");

    assertThatIllegalStateException()
        .isThrownBy(() -> state(readOnly).requireUsable())
        .withMessageContaining("cannot write to")
        .withMessageContaining("permission denied");
  }

  @Test
  void rejectsFolderInUse() throws IOException {
    LocalState state = state(folder);
    state.requireUsable();
    Path lock = state.folder().resolve(".lock");
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(channel.lock().isValid()).isTrue();

      assertThatIllegalStateException()
          .isThrownBy(state::requireUsable)
          .withMessageContaining("is in use by another process");
    }
    state.requireUsable();
  }

  @Test
  void acceptsStateOfSameOriginOnly() {
    StateOrigin origin = new StateOrigin(state(folder));
    origin.require("one", Map.of("events", "A", "models", "B"), Map.of());
    origin.require("one", Map.of("events", "A", "models", "B"), Map.of());

    assertThatBrokerException(() -> origin.require("two", Map.of("events", "A"), Map.of()))
        .hasMessageContaining("is of another cluster (one, the present one is two)")
        .hasMessageContaining("`eddy reset --local`");
    assertThatBrokerException(
            () -> origin.require("one", Map.of("events", "C", "models", "B"), Map.of()))
        .hasMessageContaining("topic events was deleted and created again")
        .hasMessageContaining("`eddy reset`");
  }

  @Test
  void keepsFirstIdsOfOutputTopics() {
    StateOrigin origin = new StateOrigin(state(folder));
    assertThat(origin.topics()).isEmpty();
    origin.require("one", Map.of("events", "A"), Map.of("forecasts", "F"));
    origin.require("one", Map.of("events", "A"), Map.of("forecasts", "G", "scores", "S"));

    assertThat(origin.topics()).isEqualTo(Map.of("events", "A", "forecasts", "F", "scores", "S"));
  }

  /** A file that ends anywhere was not written by this program, or only in part. */
  @Test
  void rejectsDamagedOrigin() throws IOException {
    LocalState state = state(folder);
    StateOrigin origin = new StateOrigin(state);
    origin.require("one", Map.of("events", "A", "models", "B"), Map.of());
    Path file = state.folder().resolve("origin.properties");
    byte[] whole = Files.readAllBytes(file);
    assertThat(state.folder()).isDirectoryNotContaining("glob:**.new");

    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatBrokerException(
              () -> origin.require("one", Map.of("events", "A", "models", "B"), Map.of()))
          .hasMessageContaining("origin.properties is damaged")
          .hasMessageContaining("`eddy reset --local`");
      assertThat(Files.size(file)).isEqualTo(length);
    }
    for (int at = new String(whole, US_ASCII).indexOf("cluster"); at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) 0x81;
      Files.write(file, flipped);
      assertThatBrokerException(
          () -> origin.require("one", Map.of("events", "A", "models", "B"), Map.of()));
    }

    Files.write(file, whole);
    origin.require("one", Map.of("events", "A", "models", "B"), Map.of());
  }

  @Test
  void rejectsStateWithoutOrigin() throws IOException {
    LocalState state = state(folder);
    Files.createDirectories(state.folder().resolve("1_0/rocksdb"));

    assertThatBrokerException(() -> new StateOrigin(state).require("one", Map.of(), Map.of()))
        .hasMessageContaining("origin.properties is missing")
        .hasMessageContaining("`eddy reset --local`");
    state.delete();
    new StateOrigin(state).require("one", Map.of(), Map.of());
  }

  /** A process that ended while it wrote the file leaves the old one. */
  @Test
  void keepsOriginIfWriteWasCut() throws IOException {
    LocalState state = state(folder);
    StateOrigin origin = new StateOrigin(state);
    origin.require("one", Map.of("events", "A"), Map.of());
    Files.writeString(state.folder().resolve("origin.properties.new"), "clus");

    assertThatBrokerException(() -> origin.require("two", Map.of("events", "A"), Map.of()));
    origin.require("one", Map.of("events", "A", "models", "B"), Map.of());

    assertThatBrokerException(() -> origin.require("one", Map.of("models", "C"), Map.of()));
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertThatBrokerException(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return Assertions.assertThatThrownBy(call).isInstanceOf(BrokerException.class);
  }

  private static LocalState state(Path stateDir) {
    Deployment deployment =
        new SettingSources().assignments(List.of("state.dir=" + stateDir)).load().deployment();
    return new LocalState(deployment);
  }
}
