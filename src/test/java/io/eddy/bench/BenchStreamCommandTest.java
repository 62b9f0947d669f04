package io.eddy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BenchStreamCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--keys 0 | eddy: --keys: expected a whole number from 1 to 10000000, got 0",
        "--events 10 | eddy: --events: expected a whole number from 100 to 1000000000, got 10",
        "--quantiles 8 | eddy: --quantiles: expected an odd number, so that the median is among them, got 8",
        "--cell cnn | eddy: --cell: expected rnn_tanh, rnn_relu, gru, lstm, slstm or lru, got cnn",
        "--format protobuf | eddy: --format: expected json, avro or double, got 'protobuf'",
        "--guarantee once | eddy: --guarantee: expected exactly_once_v2 or at_least_once, got 'once'",
        "--set kafka.commit.interval=5 | eddy: --set: unknown setting \"kafka.commit.interval\"",
        "--set state.dir=x | eddy: --set: state.dir is set by the benchmark",
        "--growth --restore | eddy: expected only one of --growth and --restore",
        "--rate 5 --rate-time 100ms | eddy: --rate-time: expected at least 10 events, got 0",
      })
  void reportsErrorInOneLine(String arguments, String message) {
    StringWriter err = new StringWriter();
    CommandLine commands = Main.commandLine();
    commands.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("bench", "stream"));
    all.addAll(List.of(arguments.split(" ")));

    assertThat(commands.execute(all.toArray(String[]::new))).isEqualTo(2);

    assertThat(err.toString()).startsWith(message);
  }
}
