package io.eddy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class BenchOverloadCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String arguments) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("bench", "overload"));
    all.addAll(List.of(arguments.split(" ")));
    return commands.execute(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--heap 1 | eddy: --heap: expected a size such as 512m or 2g, got 1",
        "--flood schemas | eddy: --flood: expected none, series or invalid, got schemas",
        "--keys 0 | eddy: --keys: expected a whole number from 1 to 10000000, got 0",
        "--set rocksdb.memory=1 | eddy: --set: rocksdb.memory: expected",
      })
  void reportsErrorInOneLine(String arguments, String message) {
    assertThat(run(arguments)).isEqualTo(2);

    assertThat(err.toString()).startsWith(message);
  }

  /** Broker and serve are processes of their own. */
  @ParameterizedTest
  @Tag("slow")
  @ValueSource(strings = {"none", "series", "invalid"})
  void overloadIsSurvived(String flood) {
    int code =
        run(
            "--keys 2000 --events 20000 --duration PT30S --heap 256m --set rocksdb.memory=64MiB"
                + " --flood "
                + flood);

    assertThat(code).as("%s%s", out, err).isZero();
    assertThat(out.toString()).contains("0 lost; verify: consistent");
  }
}
