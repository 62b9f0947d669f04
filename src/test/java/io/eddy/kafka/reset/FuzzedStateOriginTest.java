package io.eddy.kafka.reset;

import io.eddy.fuzz.DecoderFuzzer;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.topics.BrokerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutated records of a state's origin, as of a damaged disk. */
final class FuzzedStateOriginTest {
  @TempDir Path folder;

  @Test
  void origins() throws IOException {
    LocalState state =
        new LocalState(
            new SettingSources()
                .environment(Map.of())
                .assignments(List.of("state.dir=" + folder))
                .load()
                .deployment());
    StateOrigin origin = new StateOrigin(state);
    Map<String, String> topics = Map.of("events", "AAAA", "models", "BBBB");
    origin.require("cluster", topics, Map.of());
    Path file = state.folder().resolve("origin.properties");
    byte[] valid = Files.readAllBytes(file);

    new DecoderFuzzer(500, BrokerException.class)
        .fuzz(
            bytes -> {
              Files.write(file, bytes);
              origin.require("cluster", topics, Map.of());
            },
            List.of(valid));
  }
}
