package io.eddy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OrderedParallelExecutorTest {
  private final List<Integer> taken = new ArrayList<>();

  @Test
  void passesResultsOnInTaskOrder() {
    CountDownLatch second = new CountDownLatch(1);
    List<Callable<Integer>> tasks =
        List.of(
            () -> {
              second.await();
              return 1;
            },
            () -> {
              second.countDown();
              return 2;
            });

    OrderedParallelExecutor.run(tasks, 2, taken::add);

    assertThat(taken).containsExactly(1, 2);
  }

  @Test
  void limitsTasksAheadOfConsumer() {
    AtomicInteger begun = new AtomicInteger();
    List<Integer> ahead = new ArrayList<>();
    List<Callable<Integer>> tasks =
        IntStream.range(0, 40).<Callable<Integer>>mapToObj(i -> begun::incrementAndGet).toList();

    OrderedParallelExecutor.run(
        tasks,
        3,
        result -> {
          taken.add(result);
          ahead.add(begun.get() - taken.size());
        });

    assertThat(taken).hasSize(40);
    assertThat(ahead).allMatch(count -> count < 6);
  }

  @Test
  void throwsTaskErrorAfterEarlierResults() {
    List<Callable<Integer>> tasks =
        List.of(
            () -> 1,
            () -> {
              throw new IllegalArgumentException("the second");
            },
            () -> 3);

    assertThatThrownBy(() -> OrderedParallelExecutor.run(tasks, 2, taken::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the second");
    assertThat(taken).containsExactly(1);
  }
}
