package io.eddy.bench.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import java.util.List;

/** Prints the result of a measurement of growth as text or JSON. */
public final class GrowthReport {
  private static final List<StreamMeasure> MEASURES =
      List.of(StreamMeasure.EVENTS_PER_SECOND, StreamMeasure.CPU, StreamMeasure.BROKER_CPU);

  private final List<GrowthCase> cases;

  public GrowthReport(List<GrowthCase> cases) {
    this.cases = List.copyOf(cases);
  }

  /** Prints a line for each case, with the medians of its rounds. */
  public void print(Console console) {
    console.println("CPU of the stream's process, medians of the rounds");
    Table table =
        Table.indented()
            .right("series")
            .right("steps before")
            .right("Eddy, events/s")
            .right("bare, events/s")
            .right("Eddy, µs/event")
            .right("bare, µs/event")
            .right("Eddy / bare");
    for (GrowthCase growthCase : cases) {
      StreamResult result = growthCase.result();
      StreamMeasure rate = StreamMeasure.EVENTS_PER_SECOND;
      StreamMeasure cpu = StreamMeasure.CPU;
      table.row(
          "%,d".formatted(growthCase.keys()),
          "%,d".formatted(growthCase.steps()),
          rate.format(result.eddy(rate.value())),
          rate.format(result.bare(rate.value())),
          cpu.format(result.eddy(cpu.value())),
          cpu.format(result.bare(cpu.value())),
          "%.2f".formatted(result.ratio(cpu.value())));
    }
    table.print(console);
  }

  /** Returns the result as JSON. */
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    for (GrowthCase growthCase : cases) {
      ObjectNode child =
          node.withArray("cases")
              .addObject()
              .put("keys", growthCase.keys())
              .put("stepsBefore", growthCase.steps());
      ObjectNode eddy = child.putObject("eddy");
      ObjectNode bare = child.putObject("bare");
      for (StreamMeasure measure : MEASURES) {
        eddy.put(measure.key(), growthCase.result().eddy(measure.value()));
        bare.put(measure.key(), growthCase.result().bare(measure.value()));
      }
    }
    return node;
  }
}
