package io.eddy.bench.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Prints the result of an overload as text or JSON. */
public final class OverloadReport {
  private static final double MIB = 1 << 20;

  private final OverloadPlan plan;
  private final OverloadResult result;

  public OverloadReport(OverloadPlan plan, OverloadResult result) {
    this.plan = plan;
    this.result = result;
  }

  /** Prints the result. */
  public void print(Console console) {
    OverloadResult.Input input = result.input();
    console.println(
        "%,d series, %d partitions, %d threads, heap %s, flood: %s",
        plan.stream().load().keys(),
        plan.stream().load().topic().partitions(),
        plan.stream().streams().threads(),
        plan.heap(),
        plan.flood().name().toLowerCase(Locale.ROOT));
    console.println(
        "capacity %,.0f events/s; input %,.0f events/s (%.1f times) for %.0f s",
        result.capacity(),
        input.perSecond(),
        input.perSecond() / result.capacity(),
        input.seconds());
    console.println(
        "waiting events at most %,d, reported by the metrics %,d; none %.0f s after the overload%n",
        input.maxWaiting(), result.max(MemorySample::lag), result.recoverySeconds());
    Table table =
        Table.indented().left("").right("first third").right("second").right("last").right("max");
    row(table, "resident memory, MiB", MIB, MemorySample::residentBytes);
    row(table, "heap, MiB", MIB, MemorySample::heapBytes);
    row(table, "open files", 1, MemorySample::openFiles);
    row(table, "lines of a scrape", 1, MemorySample::metricLines);
    table.print(console);
    OverloadResult.Outcome outcome = result.outcome();
    console.println(
        "%n%,d events: %,d forecasts, %,d dead letters, %,d lost; verify: %s",
        outcome.events(),
        outcome.forecasts(),
        outcome.deadLetters(),
        outcome.lost(),
        verification(outcome.verify()));
    result.problems().forEach(problem -> console.println("FAILED: %s", problem));
  }

  private static String verification(int exitCode) {
    return exitCode == OverloadResult.NOT_VERIFIED
        ? "not run"
        : exitCode == 0 ? "consistent" : "exit code " + exitCode;
  }

  private void row(Table table, String name, double unit, ToLongFunction<MemorySample> figure) {
    List<Long> thirds = result.thirds(figure);
    table.row(
        name,
        format(thirds.get(0) / unit),
        format(thirds.get(1) / unit),
        format(thirds.get(2) / unit),
        format(result.max(figure) / unit));
  }

  private static String format(double value) {
    return "%,.0f".formatted(value);
  }

  /** Returns the result as JSON. */
  public ObjectNode json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    OverloadResult.Outcome outcome = result.outcome();
    json.put("keys", plan.stream().load().keys())
        .put("heap", plan.heap())
        .put("capacity", result.capacity())
        .put("eventsPerSecond", result.input().perSecond())
        .put("seconds", result.input().seconds())
        .put("maxWaiting", result.input().maxWaiting())
        .put("maxReportedLag", result.max(MemorySample::lag))
        .put("recoverySeconds", result.recoverySeconds())
        .put("events", outcome.events())
        .put("forecasts", outcome.forecasts())
        .put("deadLetters", outcome.deadLetters())
        .put("lost", outcome.lost())
        .put("exitCode", outcome.exitCode());
    result
        .memory()
        .forEach(
            sample ->
                json.withArray("samples")
                    .addObject()
                    .put("residentBytes", sample.residentBytes())
                    .put("heapBytes", sample.heapBytes())
                    .put("openFiles", sample.openFiles())
                    .put("lag", sample.lag())
                    .put("metricLines", sample.metricLines()));
    result.problems().forEach(json.withArray("problems")::add);
    return json;
  }
}
