package io.eddy.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SparklineTest {
  @Test
  void barsCoverTheScale() {
    Sparkline line = new Sparkline("▁▂▃▄▅▆▇█", 0, 7);

    assertThat(line.of(new double[] {0, 1, 3.5, 7, Double.NaN, 9, -2})).isEqualTo("▁▂▅█ █▁");
  }

  @Test
  void constantIsInTheMiddle() {
    assertThat(new Sparkline("_.-:=+*#", 5, 5).of(new double[] {5, 5})).isEqualTo("==");
  }

  @Test
  void shrinksToMeans() {
    assertThat(Sparkline.shrink(new double[] {1, 3, 5, Double.NaN, 8}, 2)).containsExactly(2, 6.5);
    assertThat(Sparkline.shrink(new double[] {1, 3}, 2)).containsExactly(1, 3);
  }

  @Test
  void readsSizeOfTerminal() {
    assertThat(TerminalSize.of("50 132\n", "1", "2")).isEqualTo(new TerminalSize(50, 132));
    assertThat(TerminalSize.of("", "30", "100")).isEqualTo(new TerminalSize(30, 100));
    assertThat(TerminalSize.of("0 0", null, "x")).isEqualTo(new TerminalSize(24, 80));
  }

  @Test
  void screenRedrawsInPlace() {
    StringWriter out = new StringWriter();
    Screen screen = new Screen(new PrintWriter(out));

    screen.draw(List.of("a", "b"));
    screen.draw(List.of("c"));
    screen.draw(List.of("d"));

    assertThat(out)
        .hasToString(
            "a\033[Kb\033[K\033[J\r\033[2Ac\033[K\033[J\r\033[1Ad\033[K\033[J"
                .replace("\033[K", "\033[K\n"));
  }
}
