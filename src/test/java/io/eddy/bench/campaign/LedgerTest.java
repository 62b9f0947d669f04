package io.eddy.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private static final int EVENTS = 3000;
  private static final int HASH = 17;

  private final Ledger ledger = new Ledger(2);

  @BeforeEach
  void sendAndForecast() {
    for (int i = 0; i < EVENTS; i++) {
      ledger.acknowledged(1, i, seconds(i), HASH);
      ledger.event(1, i, HASH);
      ledger.forecast(1, i, i, seconds(i + (i == 1000 ? 40 : 2)));
    }
  }

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count + 1);
  }

  @Test
  void oneForecastForEachEventIsEven() {
    assertThat(ledger.balance()).isEqualTo(new Ledger.Balance(EVENTS, 0, 0, 0, 0, 0));
    assertThat(ledger.balance().isEven()).isTrue();
    assertThat(ledger.pending()).isZero();
  }

  @Test
  void eventWithoutForecastIsLost() {
    ledger.acknowledged(0, 0, 1, HASH);
    ledger.event(0, 0, HASH);

    assertThat(ledger.pending()).isOne();
    assertThat(ledger.pendingByPartition())
        .containsExactly("partition 0: 1 events without a forecast, offsets 0 to 0");
    assertThat(ledger.balance().lost()).isOne();
    assertThat(ledger.balance().isEven()).isFalse();
  }

  @Test
  void secondForecastIsDuplicate() {
    ledger.forecast(1, 5, 5, seconds(9));

    assertThat(ledger.balance().duplicated()).isOne();
  }

  @Test
  void forecastFromOtherOriginIsDuplicateUnlessEventIsLate() {
    ledger.forecast(1, 5, 6, seconds(9));
    assertThat(ledger.balance().duplicated()).isOne();

    ledger.late(1, 5);
    assertThat(ledger.balance().duplicated()).isZero();
    assertThat(ledger.revising()).isOne();

    ledger.forecast(1, 5, 6, seconds(10));
    assertThat(ledger.balance().duplicated()).isOne();
  }

  @Test
  void lateEventNeedsNoForecast() {
    ledger.late(0, 0);
    ledger.acknowledged(0, 0, 1, HASH);
    ledger.event(0, 0, HASH);

    assertThat(ledger.pending()).isZero();
    assertThat(ledger.balance().isEven()).isTrue();
  }

  @Test
  void forecastWithoutEventIsUnexpected() {
    ledger.forecast(1, EVENTS, EVENTS, seconds(9));

    assertThat(ledger.balance().unexpected()).isOne();
  }

  @Test
  void acknowledgedEventMustBeOnTopic() {
    ledger.acknowledged(1, EVENTS, seconds(1), HASH);
    ledger.forecast(1, EVENTS, EVENTS, seconds(2));

    assertThat(ledger.balance().missingEvents()).isOne();
  }

  @Test
  void eventWithOtherBytesIsMissing() {
    ledger.event(1, 7, HASH + 1);

    assertThat(ledger.balance().missingEvents()).isOne();
  }

  @Test
  void eventOnTopicNeedsForecastWithoutAcknowledgement() {
    ledger.event(0, 0, HASH);

    assertThat(ledger.balance().unacknowledged()).isOne();
    assertThat(ledger.balance().lost()).isOne();
  }

  @Test
  void longestWaitIsOfEventsWithinPeriod() {
    assertThat(ledger.longestWaitNs(seconds(0), seconds(999))).isEqualTo(2_000_000_000L);
    assertThat(ledger.longestWaitNs(seconds(990), seconds(1010))).isEqualTo(40_000_000_000L);
    assertThat(ledger.longestWaitNs(seconds(EVENTS), seconds(EVENTS + 9))).isZero();
  }
}
