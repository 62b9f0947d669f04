package io.eddy.bench.stream;

import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Publishes more events than {@code serve} can process, and measures its memory meanwhile. All of
 * them must be processed afterwards.
 */
public final class Overload implements AutoCloseable {
  private static final long BATCH_MS = 100;
  private static final Duration STALL_TIMEOUT = Duration.ofMinutes(5);
  private static final double NS = TimeUnit.SECONDS.toNanos(1);

  private final OverloadPlan plan;
  private final BenchSession session;
  private final List<MemorySample> memory = new ArrayList<>();
  private long maxWaiting;
  private long sampledNs = System.nanoTime();

  /**
   * Starts a broker.
   *
   * @param model file of the model that Eddy serves
   * @param progress receives a line for each step
   */
  public Overload(OverloadPlan plan, byte[] model, Consumer<String> progress)
      throws InterruptedException {
    this.plan = plan;
    session = new BenchSession(plan.stream(), model, progress);
  }

  /** Runs the overload. */
  public OverloadResult run() throws IOException, InterruptedException {
    SeriesEvents known = session.events("sensor-", plan.stream().load().keys());
    BenchCluster.Server server =
        session.cluster().startServer(List.of("-Xms" + plan.heap(), "-Xmx" + plan.heap()));
    session.report("creating %,d series", known.keys());
    session.load().load(known, known.keys());
    var unused = awaitAll(server, false);
    session.report("measuring the capacity");
    double capacity = capacity(server, known);
    session.report("publishing %,.0f events per second", plan.factor() * capacity);
    OverloadResult.Input input = overload(server, known, plan.factor() * capacity);
    session.report("waiting until all events are processed");
    double recovery = recover(server);
    int exitCode = server.process().end();
    int verify = plan.isVerified() ? verify() : OverloadResult.NOT_VERIFIED;
    session.report("counting forecasts and dead letters");
    return new OverloadResult(capacity, input, memory, recovery, outcome(exitCode, verify));
  }

  /** Returns the events per second while events wait. */
  private double capacity(BenchCluster.Server server, SeriesEvents known)
      throws IOException, InterruptedException {
    session.load().load(known, plan.stream().load().events());
    StreamTurn.Mark from = server.stream().await(0);
    StreamTurn.Mark to = awaitAll(server, false);
    double seconds = (to.timeNs() - from.timeNs()) / NS;
    return Math.max(1, to.events() - from.events()) / Math.max(0.1, seconds);
  }

  private OverloadResult.Input overload(
      BenchCluster.Server server, SeriesEvents known, double perSecond)
      throws IOException, InterruptedException {
    FloodEvents events =
        new FloodEvents(known, session.events("new-", Integer.MAX_VALUE), plan.flood());
    long sentBefore = session.load().sent();
    long beginNs = System.nanoTime();
    long lengthNs = plan.length().toNanos();
    long passedNs;
    while ((passedNs = System.nanoTime() - beginNs) < lengthNs) {
      long due = (long) (perSecond * passedNs / NS);
      session.load().load(events::next, due - (session.load().sent() - sentBefore));
      sample(server);
      TimeUnit.MILLISECONDS.sleep(BATCH_MS);
    }
    double seconds = (System.nanoTime() - beginNs) / NS;
    return new OverloadResult.Input(
        (session.load().sent() - sentBefore) / seconds,
        seconds,
        maxWaiting,
        plan.stream().load().topic().partitions());
  }

  /** Takes a sample if the last one is a second old. */
  private void sample(BenchCluster.Server server) throws IOException, InterruptedException {
    if (System.nanoTime() - sampledNs < NS) {
      return;
    }
    sampledNs = System.nanoTime();
    StreamTurn.Mark mark = server.stream().await(0);
    maxWaiting = Math.max(maxWaiting, session.load().sent() - mark.events());
    memory.add(MemorySample.of(server.process().pid(), URI.create(server.url() + "/metrics")));
  }

  private double recover(BenchCluster.Server server) throws IOException, InterruptedException {
    StreamTurn.Mark begin = server.stream().await(0);
    StreamTurn.Mark end = awaitAll(server, true);
    return (end.timeNs() - begin.timeNs()) / NS;
  }

  /** Waits until all events are committed. Other than a benchmark, it may wait for minutes. */
  private StreamTurn.Mark awaitAll(BenchCluster.Server server, boolean isSampled)
      throws IOException, InterruptedException {
    StreamTurn.Mark progress = server.stream().await(0);
    while (progress.events() < session.load().sent()) {
      TimeUnit.MILLISECONDS.sleep(BATCH_MS);
      if (isSampled) {
        sample(server);
      }
      StreamTurn.Mark now = server.stream().await(0);
      if (now.events() > progress.events()) {
        progress = now;
      } else if (now.timeNs() - progress.timeNs() > STALL_TIMEOUT.toNanos()) {
        throw server.process().failure("has committed no event for " + STALL_TIMEOUT);
      }
    }
    return progress;
  }

  /** Returns the exit code of verify, and reports its output if it is not 0. */
  private int verify() throws InterruptedException {
    session.report("running verify");
    JavaProcess verify = session.cluster().startVerify();
    int exitCode = verify.await();
    if (exitCode != 0) {
      session.report("%s", verify.log());
    }
    return exitCode;
  }

  private OverloadResult.Outcome outcome(int exitCode, int verify) {
    TopicReader reader =
        new TopicReader(Map.of("bootstrap.servers", session.cluster().bootstrapServers()));
    return new OverloadResult.Outcome(
        session.load().sent(),
        count(reader, TopicNames.DEFAULT.forecasts()),
        count(reader, TopicNames.DEFAULT.deadLetters()),
        exitCode,
        verify);
  }

  private static long count(TopicReader reader, String topic) {
    long[] count = {0};
    var unused = reader.read(topic, record -> count[0]++);
    return count[0];
  }

  @Override
  public void close() {
    session.close();
  }
}
