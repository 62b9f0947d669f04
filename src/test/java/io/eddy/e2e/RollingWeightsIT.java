package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.kafka.record.PublishedForecast;
import io.eddy.kafka.registry.ModelRegistry;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.model.ModelSpecification;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two forecasters in processes of their own, under everything that may happen to them while weights
 * roll on: twenty switches over every cell and two sizes, some at once and some at an event time, a
 * rollback, three kills in the midst of a switch, and a restart of the broker. Then {@code eddy
 * verify} is asked.
 */
final class RollingWeightsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SERIES = 200;
  private static final int PARTITIONS = 4;
  private static final int SWITCHES = 20;
  private static final Set<Integer> SWITCHES_WITH_A_KILL = Set.of(4, 9, 14);
  private static final int SWITCH_WITH_A_RESTART = 11;
  private static final int ROLLBACK = 17;
  private static final String MODEL = "sensors";
  private static final TopicNames TOPICS = TopicNames.DEFAULT;

  /** Every cell in two sizes, the larger one with a dilated layer and less to rebuild from. */
  private static final List<byte[]> VERSIONS =
      List.of(
          plain(CellKind.GRU, 1),
          dilated(CellKind.LSTM, 2),
          plain(CellKind.RNN_TANH, 3),
          dilated(CellKind.GRU, 4),
          plain(CellKind.LSTM, 5),
          dilated(CellKind.RNN_TANH, 6));

  @TempDir Path folder;

  private final InProcessBroker broker = new InProcessBroker();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private final ModelRegistry registry = new ModelRegistry(client, TOPICS);

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void exactlyOnceLosesNothingDoublesNothingAndChangesNoBit() throws Exception {
    Run run = run("exactly_once_v2");

    EddyProcess.Result result = verify(run);

    assertThat(result.exitCode()).as(result.output()).isZero();
    JsonNode figures = new ObjectMapper().readTree(result.output());
    assertThat(figures.get("consistent").asBoolean()).isTrue();
    assertThat(List.of("lost", "duplicated", "unexpected", "different"))
        .allSatisfy(fault -> assertThat(figures.get(fault).asLong()).isZero());
    assertThat(List.of("expected", "found", "compared"))
        .allSatisfy(figure -> assertThat(figures.get(figure).asInt()).isEqualTo(run.usable()));
    assertThat(figures.get("dropped").asInt()).isEqualTo(run.late());
    assertThat(figures.get("deadLettered").asInt()).isEqualTo(run.unreadable());
    assertThat(run.seen()).as("forecasts sent, those rolled back too").isGreaterThan(run.usable());
  }

  @Test
  void atLeastOnceDoesNotPassForExactlyOnce() throws Exception {
    Run run = run("at_least_once");

    EddyProcess.Result result = verify(run);

    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    JsonNode figures = new ObjectMapper().readTree(result.output());
    assertThat(figures.get("consistent").asBoolean()).isFalse();
    assertThat(figures.get("differences")).isNotEmpty();
  }

  /**
   * What went in, and what was sent.
   *
   * @param usable events that give a forecast
   * @param late events
   * @param unreadable events
   * @param seen forecasts that were sent, committed or not
   */
  private record Run(Path config, int usable, int late, int unreadable, int seen) {}

  private Run run(String guarantee) throws Exception {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.create(TOPICS, PARTITIONS);
    }
    for (byte[] version : VERSIONS) {
      registry.publisher().publish(MODEL, version);
    }
    registry.rollout().activate(MODEL, ModelVersion.of(VERSIONS.get(0)), null, "the first");
    Path config = config("steady", guarantee);
    try (EventRounds events = new EventRounds(client, TOPICS.events(), SERIES);
        ForecastCollector forecasts =
            new ForecastCollector(client, TOPICS.forecasts(), PARTITIONS);
        GroupView group = new GroupView(client, "eddy", TOPICS.events());
        ServeProcess steady = new ServeProcess(config, folder.resolve("steady.log"));
        Victim victim = new Victim(config("victim", guarantee), folder.resolve("victim.log"))) {
      Script script = new Script(events, forecasts, group, victim);
      script.play();
      until(() -> group.isDone(PARTITIONS));
      forecasts.look();
      assertThat(victim.stop()).as(ServeProcess.said(folder.resolve("victim.log"))).isZero();
      assertThat(steady.stop()).as(ServeProcess.said(folder.resolve("steady.log"))).isZero();
      return new Run(config, events.usable(), events.late(), events.unreadable(), forecasts.seen());
    }
  }

  /** The instance that is killed. */
  private static final class Victim implements AutoCloseable {
    private final Path config;
    private final Path log;
    private ServeProcess process;

    Victim(Path config, Path log) throws IOException {
      this.config = config;
      this.log = log;
      process = new ServeProcess(config, log);
    }

    void killAndStartAgain() throws IOException, InterruptedException {
      process.kill();
      process = new ServeProcess(config, log);
    }

    int stop() throws InterruptedException {
      return process.stop();
    }

    @Override
    public void close() throws InterruptedException {
      process.close();
    }
  }

  /** What happens, in its order. */
  private final class Script {
    private final EventRounds events;
    private final ForecastCollector forecasts;
    private final GroupView group;
    private final Victim victim;

    Script(EventRounds events, ForecastCollector forecasts, GroupView group, Victim victim) {
      this.events = events;
      this.forecasts = forecasts;
      this.group = group;
      this.victim = victim;
    }

    void play() throws Exception {
      until(() -> !group.partitionsOf("victim").isEmpty());
      until(() -> !group.partitionsOf("steady").isEmpty());
      sendAndAwait(25);
      for (int number = 1; number <= SWITCHES; number++) {
        long epoch = activate(number);
        if (SWITCHES_WITH_A_KILL.contains(number)) {
          killInMidSwitch(epoch);
        }
        if (number == SWITCH_WITH_A_RESTART) {
          events.send(3);
          broker.restart();
        }
        until(
            () -> {
              sendAndAwait(1);
              return forecasts.movedTo(epoch) == SERIES;
            });
      }
    }

    private long activate(int number) {
      byte[] version = VERSIONS.get((number == ROLLBACK ? number - 2 : number) % VERSIONS.size());
      Long fromMs = number % 3 == 0 ? Long.valueOf(events.amidstMs()) : null;
      return registry
          .rollout()
          .activate(MODEL, ModelVersion.of(version), fromMs, "switch " + number)
          .epoch();
    }

    /** SIGKILL as soon as a series of the victim has moved, and nothing of that is committed. */
    private void killInMidSwitch(long epoch) throws Exception {
      until(
          () -> {
            events.send(1);
            events.flush();
            forecasts.look();
            Set<Integer> held = group.partitionsOf("victim");
            Map<Integer, Long> committed = group.committed();
            return forecasts.hasCome(
                forecast ->
                    forecast.forecast().origin().served().epoch() == epoch
                        && held.contains(forecast.source().partition())
                        && isOpen(forecast, committed));
          });
      victim.killAndStartAgain();
    }

    private static boolean isOpen(PublishedForecast forecast, Map<Integer, Long> committed) {
      return forecast.source().offset()
          >= committed.getOrDefault(forecast.source().partition(), 0L);
    }

    private void sendAndAwait(int rounds) throws Exception {
      events.send(rounds);
      events.flush();
      until(
          () -> {
            forecasts.look();
            return forecasts.answered() == events.usable();
          });
    }
  }

  private static void until(Callable<Boolean> condition) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE)
        .until(condition);
  }

  private EddyProcess.Result verify(Run run) throws IOException, InterruptedException {
    return EddyProcess.run(
        folder.resolve("verify.log"), "verify", "--json", "--config", run.config().toString());
  }

  private Path config(String instance, String guarantee) throws IOException {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "model",
            MODEL,
            "threads",
            "1",
            "state.dir",
            folder.resolve(instance + "-state").toString(),
            "kafka.client.id",
            instance,
            "kafka.processing.guarantee",
            guarantee,
            "kafka.session.timeout.ms",
            "6000",
            "kafka.heartbeat.interval.ms",
            "1000",
            // So long that a kill comes before it.
            "kafka.commit.interval.ms",
            "3000",
            "kafka.transaction.timeout.ms",
            "6000"));
    // Random weights are far worse than seasonal naive.
    settings.put("rollback.max-error-above-naive", "off");
    Path file = folder.resolve(instance + ".properties");
    try (var writer = Files.newBufferedWriter(file)) {
      settings.store(writer, null);
    }
    return file;
  }

  private static byte[] plain(CellKind kind, long seed) {
    return Models.file(Models.specification(kind, 8, 24), seed);
  }

  private static byte[] dilated(CellKind kind, long seed) {
    ModelSpecification specification = Models.specification(kind, 16, 12);
    return Models.file(Models.withLayers(specification, List.of(1, 4), 3), seed);
  }
}
