package io.eddy.bench.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Prints the result of a benchmark as text or JSON. */
public final class StreamReport {
  private final StreamPlan plan;
  private final StreamResult result;

  public StreamReport(StreamPlan plan, StreamResult result) {
    this.plan = plan;
    this.result = result;
  }

  /** Prints the figures of every round and their medians. */
  public void print(Console console) {
    StreamResult.RecordBytes bytes = result.bytes();
    console.println(
        "%,d series, %,d events per turn after 2 × %,d to warm up, %d partitions, %d threads,"
            + " %d instances",
        plan.load().keys(),
        plan.load().events(),
        plan.load().warmUp(),
        plan.load().topic().partitions(),
        plan.streams().threads(),
        plan.streams().instances());
    console.println(
        "bytes per event: state %.0f, and %.0f in other keys; result %.0f; on the broker's disk %.0f",
        bytes.seriesState(), bytes.otherState(), bytes.result(), bytes.broker());
    for (StreamMeasure measure : measures()) {
      console.println("%n%s", measure.label());
      table(measure).print(console);
    }
  }

  private List<StreamMeasure> measures() {
    StreamTurn turn = result.rounds().get(0).eddy();
    return Arrays.stream(StreamMeasure.values())
        .filter(measure -> measure.isMeasured(turn))
        .toList();
  }

  private Table table(StreamMeasure measure) {
    Table table = Table.indented().left("");
    for (int round = 1; round <= result.rounds().size(); round++) {
      table.right("round " + round);
    }
    table.right("median");
    ToDoubleFunction<StreamTurn> value = measure.value();
    row(table, "Eddy", measure, round -> value.applyAsDouble(round.eddy()), result.eddy(value));
    row(table, "bare", measure, round -> value.applyAsDouble(round.bare()), result.bare(value));
    List<Object> ratios = new ArrayList<>(List.of("Eddy / bare"));
    for (StreamRound round : result.rounds()) {
      ratios.add(ratio(value.applyAsDouble(round.eddy()) / value.applyAsDouble(round.bare())));
    }
    ratios.add(ratio(result.ratio(value)));
    table.row(ratios.toArray());
    return table;
  }

  private void row(
      Table table,
      String name,
      StreamMeasure measure,
      ToDoubleFunction<StreamRound> value,
      double median) {
    List<Object> cells = new ArrayList<>(List.of(name));
    for (StreamRound round : result.rounds()) {
      cells.add(measure.format(value.applyAsDouble(round)));
    }
    cells.add(measure.format(median));
    table.row(cells.toArray());
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }

  /** Returns the result as JSON: the plan, the medians and the rounds. */
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("keys", plan.load().keys())
        .put("events", plan.load().events())
        .put("warmUp", plan.load().warmUp())
        .put("partitions", plan.load().topic().partitions())
        .put("threads", plan.streams().threads())
        .put("instances", plan.streams().instances())
        .put("rate", plan.latency().rate());
    StreamResult.RecordBytes bytes = result.bytes();
    node.putObject("bytesPerEvent")
        .put("state", bytes.seriesState())
        .put("otherState", bytes.otherState())
        .put("result", bytes.result())
        .put("brokerDisk", bytes.broker());
    ObjectNode eddy = node.putObject("eddy");
    ObjectNode bare = node.putObject("bare");
    ObjectNode ratio = node.putObject("ratio");
    for (StreamMeasure measure : measures()) {
      eddy.put(measure.key(), result.eddy(measure.value()));
      bare.put(measure.key(), result.bare(measure.value()));
      ratio.put(measure.key(), result.ratio(measure.value()));
    }
    for (StreamRound round : result.rounds()) {
      ObjectNode child = node.withArray("rounds").addObject();
      put(child.putObject("eddy"), round.eddy());
      put(child.putObject("bare"), round.bare());
    }
    return node;
  }

  private void put(ObjectNode node, StreamTurn turn) {
    for (StreamMeasure measure : measures()) {
      node.put(measure.key(), measure.value().applyAsDouble(turn));
    }
  }
}
