package io.eddy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The stream benchmark with processes of its own, in small. */
@Tag("slow")
final class BenchStreamIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void comparesBothStreams() throws Exception {
    JsonNode json =
        run(
            "--keys 200 --events 4000 --warm-up 2000 --units 8 --horizon 4 --quantiles 3"
                + " --partitions 2 --rounds 2 --rate 200 --rate-time 2s");

    assertThat(json.at("/rounds")).hasSize(2);
    assertThat(json.at("/bytesPerEvent/state").asDouble()).isBetween(50.0, 2000.0);
    assertThat(json.at("/bytesPerEvent/result").asDouble()).isBetween(50.0, 1000.0);
    for (JsonNode round : json.at("/rounds")) {
      for (String stream : List.of("eddy", "bare")) {
        JsonNode turn = round.get(stream);
        assertThat(turn.get("eventsPerSecond").asDouble()).isPositive();
        assertThat(turn.get("cpuUs").asDouble()).isPositive();
        assertThat(turn.get("p50Ms").asDouble())
            .isPositive()
            .isLessThanOrEqualTo(turn.get("p99Ms").asDouble());
      }
    }
    assertThat(json.at("/ratio/eventsPerSecond").asDouble()).isPositive();
  }

  @Test
  void timesRestore() throws Exception {
    JsonNode json = run("--restore --keys 500 --warm-up 1000 --units 8 --horizon 4 --quantiles 3");

    assertThat(json.at("/keys").asInt()).isEqualTo(500);
    assertThat(json.at("/restoreSeconds").asDouble()).isPositive();
    assertThat(json.at("/changelogBytes").asLong()).isGreaterThan(500 * 50);
    assertThat(json.at("/stateBytes").asLong()).isPositive();
  }

  private JsonNode run(String arguments) throws Exception {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("bench", "stream", "--json"));
    all.addAll(List.of(arguments.split(" ")));
    assertThat(commands.execute(all.toArray(String[]::new))).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }
}
