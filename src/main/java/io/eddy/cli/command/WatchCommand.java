package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.option.Within;
import io.eddy.cli.report.WatchBoard;
import io.eddy.cli.report.WatchLine;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.Screen;
import io.eddy.cli.terminal.StopSignal;
import io.eddy.cli.terminal.TerminalSize;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.topics.TopicFollower;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy watch}. */
@Command(
    name = "watch",
    description = {
      "Shows the committed forecasts of each series as they arrive, until Ctrl-C.",
      "A line has the last values and the median forecast as bars, the median and the interval of"
          + " the next step, and the mean absolute error so far, compared with seasonal naive.",
      "On a terminal the lines of the series with the latest forecasts are redrawn in place;"
          + " otherwise every forecast is a line."
    },
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long FRAME_NS = 250_000_000L;
  private static final long SIZE_NS = 1_000_000_000L;

  /** Lines of a frame that are not a series: title, header, number of others, cursor. */
  private static final int OTHER_LINES = 4;

  private static final int PLAIN_WIDTH = 160;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--series",
      paramLabel = "NAME",
      description = "Show this series; may be repeated. Default: all series.")
  private List<String> names = List.of();

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Show the series whose names start with PREFIX.")
  private @Nullable String prefix;

  @Within(min = 1, max = 10_000)
  @Option(
      names = "--max-series",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Maximum number of series on the terminal, those with the latest forecasts; at most as"
              + " many as fit. Default: ${DEFAULT-VALUE}.")
  private int maxSeries;

  @Within(max = 1_000_000)
  @Option(
      names = "--history",
      paramLabel = "N",
      defaultValue = "2000",
      description =
          "Number of records of each partition to begin with, from the end of the events, forecasts"
              + " and scores. Default: ${DEFAULT-VALUE}.")
  private int history;

  @Override
  public Integer call() {
    EddyConfig settings = connection.settings();
    Console console = Console.of(spec);
    try (StopSignal stop = new StopSignal()) {
      TopicReader reader = new TopicReader(settings.client());
      Map<TopicPartition, Long> begins = new HashMap<>();
      Map<TopicPartition, Long> ends = new HashMap<>();
      TopicNames topics = settings.stream().topics();
      for (String topic : List.of(topics.source(), topics.forecasts(), topics.scores())) {
        Map<TopicPartition, Long> first = reader.beginningOffsets(topic);
        ends.putAll(reader.endOffsets(topic));
        first.forEach(
            (partition, offset) ->
                begins.put(
                    partition, Math.max(offset, ends.getOrDefault(partition, offset) - history)));
      }
      WatchBoard board = new WatchBoard(settings.stream(), this::isWanted);
      try (TopicFollower follower = new TopicFollower(settings.client(), begins)) {
        Set<String> known = catchUp(board, follower, ends, stop);
        if (Screen.isTerminal()) {
          redraw(console, board, follower, stop);
        } else {
          printLines(console, board, follower, stop, known);
        }
      }
    }
    return ExitCode.OK;
  }

  private boolean isWanted(String series) {
    return (names.isEmpty() && prefix == null)
        || names.contains(series)
        || (prefix != null && series.startsWith(prefix));
  }

  /** Reads what the topics held at the start; returns the series that have a forecast. */
  private static Set<String> catchUp(
      WatchBoard board, TopicFollower follower, Map<TopicPartition, Long> ends, StopSignal stop) {
    Set<String> known = new TreeSet<>();
    while (!stop.isRequested() && !follower.isPast(ends)) {
      known.addAll(update(board, follower));
    }
    return known;
  }

  /** Takes the next records; returns the series of their forecasts. */
  private static Set<String> update(WatchBoard board, TopicFollower follower) {
    Set<String> updated = new TreeSet<>();
    for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
      String series = board.add(record);
      if (series != null) {
        updated.add(series);
      }
    }
    return updated;
  }

  private void redraw(Console console, WatchBoard board, TopicFollower follower, StopSignal stop) {
    Screen screen = new Screen(console.out());
    boolean hasColor = System.getenv("NO_COLOR") == null;
    TerminalSize size = TerminalSize.current();
    long sizedNs = System.nanoTime();
    long drawnNs = sizedNs - FRAME_NS;
    while (!stop.isRequested()) {
      long now = System.nanoTime();
      if (now - sizedNs >= SIZE_NS) {
        size = TerminalSize.current();
        sizedNs = now;
      }
      if (now - drawnNs >= FRAME_NS) {
        int limit = Math.max(1, Math.min(maxSeries, size.rows() - OTHER_LINES));
        List<String> frame = board.frame(new WatchLine(size.columns(), hasColor), limit);
        screen.draw(follower.isReachable() ? frame : withWarning(frame));
        drawnNs = now;
      }
      update(board, follower);
    }
  }

  private static List<String> withWarning(List<String> frame) {
    List<String> lines = new ArrayList<>(frame);
    lines.set(0, "no broker answers; waiting");
    return lines;
  }

  /** Prints a line for each series, then one for each forecast. */
  private static void printLines(
      Console console,
      WatchBoard board,
      TopicFollower follower,
      StopSignal stop,
      Set<String> known) {
    WatchLine layout = new WatchLine(PLAIN_WIDTH, false);
    console.println("%s", board.header(layout));
    known.forEach(series -> console.println("%s", board.line(layout, series)));
    while (!stop.isRequested() && !console.out().checkError()) {
      for (ConsumerRecord<byte[], byte[]> record : follower.poll(POLL)) {
        String series = board.add(record);
        if (series != null) {
          console.println("%s", board.line(layout, series));
        }
      }
    }
  }
}
