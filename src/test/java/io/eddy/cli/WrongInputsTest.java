package io.eddy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.cli.terminal.Hints;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Inputs that are wrong as a whole, in every command that reads them, and what is suggested. */
class WrongInputsTest {
  @TempDir static Path folder;

  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void writeFiles() throws Exception {
    Files.write(folder.resolve("m"), Models.file(Models.specification(CellKind.GRU, 4, 12), 1));
    Files.writeString(folder.resolve("header.csv"), "series,timestamp,value\n");
    Files.writeString(folder.resolve("empty.csv"), "");
    Files.writeString(folder.resolve("x.properties"), "topic.events = readings\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --csv F --out @/out",
        "forecast --model @/m --csv F --out @/out",
        "backtest --model @/m --csv F",
        "feed --csv F --bootstrap-servers 127.0.0.1:1",
        "inspect @/m --context F",
        "inspect @/m --gradients --csv F",
      })
  void csvWithoutObservationsIsError(String command) {
    for (String file : new String[] {"header.csv", "empty.csv"}) {
      err.getBuffer().setLength(0);
      String path = folder.resolve(file).toString();

      assertThat(run(command.replace("F", path))).as(err.toString()).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("eddy: " + path)
          .contains(file.equals("empty.csv") ? "is empty" : "has no observations");
    }
  }

  @Test
  void hintRepeatsSettingsOfUser() {
    String config = folder.resolve("x.properties").toString();

    assertThat(run("models list --config " + config + " --bootstrap-servers 127.0.0.1:1"))
        .isEqualTo(1);
    assertThat(err.toString())
        .startsWith("eddy: no broker answers at 127.0.0.1:1: start one (`eddy broker --port 1`)");

    CommandLine commands = Main.commandLine();
    var parsed = commands.parseArgs("verify", "--config", config, "--bootstrap-servers", "b:1");
    assertThat(
            Hints.complete(
                "topic x is missing: run `eddy topics create`", parsed.subcommand().commandSpec()))
        .isEqualTo(
            "topic x is missing: run `eddy topics create --config %s --bootstrap-servers b:1`"
                .formatted(config));
  }

  private int run(String words) {
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(new StringWriter()));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(words.replace("@", folder.toString()).split(" ", -1));
  }
}
