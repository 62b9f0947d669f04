package io.eddy.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.eddy.cli.terminal.Console;
import io.eddy.kafka.event.EventFormat;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

final class StreamResultTest {
  private static final StreamResult.RecordBytes BYTES =
      new StreamResult.RecordBytes(1300, 170, 2100, 3000);
  private static final StreamPlan PLAN =
      new StreamPlan(
          new StreamPlan.Load(
              100_000, 300_000, 400_000, new StreamPlan.EventTopic(4, EventFormat.JSON)),
          new StreamPlan.Streams(1, 1, List.of()),
          new StreamPlan.Latency(5000, Duration.ofSeconds(10)),
          3);

  private static StreamTurn turn(double eventsPerSecond, double cpuNs) {
    return new StreamTurn(eventsPerSecond, cpuNs, 10_000, new Latencies(50, 90, 120, 40_000));
  }

  private static StreamRound round(double eddy, double bare) {
    return new StreamRound(turn(eddy, 60_000), turn(bare, 40_000));
  }

  @Test
  void ratioIsMedianOfRoundsNotRatioOfMedians() {
    StreamResult result =
        new StreamResult(BYTES, List.of(round(10, 20), round(30, 40), round(20, 10)));

    assertThat(result.eddy(StreamTurn::eventsPerSecond)).isEqualTo(20);
    assertThat(result.bare(StreamTurn::eventsPerSecond)).isEqualTo(20);
    assertThat(result.ratio(StreamTurn::eventsPerSecond)).isEqualTo(0.75);
  }

  @Test
  void medianOfTwoRoundsIsTheirMean() {
    StreamResult result = new StreamResult(BYTES, List.of(round(10, 20), round(30, 40)));

    assertThat(result.eddy(StreamTurn::eventsPerSecond)).isEqualTo(20);
  }

  @Test
  void needsRounds() {
    assertThatThrownBy(() -> new StreamResult(BYTES, List.of()))
        .hasMessage("rounds: expected at least one");
  }

  @Test
  void turnIsDifferenceOfMarks() {
    StreamTurn.Mark begin = new StreamTurn.Mark(1_000_000_000, 500, 7_000, 1_000);
    StreamTurn.Mark end = new StreamTurn.Mark(3_000_000_000L, 1500, 47_000_000, 11_001_000);

    StreamTurn turn = end.since(begin);

    assertThat(turn.eventsPerSecond()).isEqualTo(500);
    assertThat(turn.cpuNs()).isCloseTo(46_993, within(1e-9));
    assertThat(turn.brokerCpuNs()).isCloseTo(11_000, within(1e-9));
    assertThat(turn.latencies()).isNull();
  }

  @Test
  void marksNeedEventsBetweenThem() {
    StreamTurn.Mark mark = new StreamTurn.Mark(0, 5, 0, 0);

    assertThatThrownBy(() -> mark.since(mark)).hasMessage("expected events between the marks");
  }

  @Test
  void reportsFiguresOfEveryRound() {
    StreamResult result =
        new StreamResult(BYTES, List.of(round(25_000, 50_000), round(30_000, 50_000)));

    assertThat(text(result))
        .contains("100,000 series, 300,000 events per turn after 2 × 400,000 to warm up")
        .containsPattern("(?m)^ *Eddy +25,000 +30,000 +27,500$")
        .containsPattern("(?m)^ *Eddy / bare +0.50 +0.60 +0.55$")
        .containsPattern("(?s)CPU of the stream per event, µs.*Eddy / bare +1.50 +1.50 +1.50")
        .containsPattern("(?s)p99, ms.*Eddy +90.0 +90.0 +90.0");
  }

  @Test
  void leavesOutLatenciesThatWereNotMeasured() {
    StreamTurn untimed = new StreamTurn(100, 1000, 500, null);
    StreamResult result = new StreamResult(BYTES, List.of(new StreamRound(untimed, untimed)));

    assertThat(text(result)).contains("events/s").doesNotContain("p99");
    assertThat(new StreamReport(PLAN, result).json().at("/eddy").has("p99Ms")).isFalse();
  }

  @Test
  void jsonHasMediansAndRounds() {
    JsonNode json =
        new StreamReport(PLAN, new StreamResult(BYTES, List.of(round(25_000, 50_000)))).json();

    assertThat(json.at("/keys").asInt()).isEqualTo(100_000);
    assertThat(json.at("/bytesPerEvent/result").asDouble()).isEqualTo(2100);
    assertThat(json.at("/ratio/eventsPerSecond").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/eddy/cpuUs").asDouble()).isEqualTo(60);
    assertThat(json.at("/bare/p999Ms").asDouble()).isEqualTo(120);
    assertThat(json.at("/rounds/0/eddy/brokerCpuUs").asDouble()).isEqualTo(10);
  }

  @Test
  void growsInPowersOfTen() {
    assertThat(StreamBenchmark.sizes(100_000)).containsExactly(1000, 10_000, 100_000);
    assertThat(StreamBenchmark.sizes(25_000)).containsExactly(1000, 10_000, 25_000);
    assertThat(StreamBenchmark.sizes(10)).containsExactly(10);
  }

  @Test
  void growthReportHasALineForEachCase() {
    StreamResult result = new StreamResult(BYTES, List.of(round(25_000, 50_000)));
    GrowthReport report =
        new GrowthReport(
            List.of(new GrowthCase(1000, 2, result), new GrowthCase(100, 10_000, result)));
    StringWriter out = new StringWriter();

    report.print(console(out));

    assertThat(out.toString())
        .containsPattern("(?m)^ *1,000 +2 +25,000 +50,000 +60.0 +40.0 +1.50$")
        .containsPattern("(?m)^ *100 +10,000 ");
    assertThat(report.json().at("/cases/1/stepsBefore").asLong()).isEqualTo(10_000);
  }

  @Test
  void restoreRateLeavesOutTimeOfStart() {
    RestoreBenchmark.Result result =
        new RestoreBenchmark.Result(100_000, 4, 9, 200 << 20, 100 << 20);

    assertThat(result.keysPerSecond()).isEqualTo(20_000);
    assertThat(new RestoreReport(result).json().at("/restoreSeconds").asDouble()).isEqualTo(9);
  }

  private static String text(StreamResult result) {
    StringWriter out = new StringWriter();
    new StreamReport(PLAN, result).print(console(out));
    return out.toString();
  }

  private static Console console(StringWriter out) {
    PrintWriter writer = new PrintWriter(out, true);
    return new Console(writer, writer, CommandSpec.create());
  }
}
