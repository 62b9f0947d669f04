package io.eddy.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyHashTest {
  /** Expected values are from an independent implementation of the specification. */
  @ParameterizedTest
  @CsvSource({
    "'',efd01f60ba992926,936769",
    "a,82a2a958a9bece5b,510294",
    "sensor-1,d9272224b5783dc7,848253",
    "sensor-2,d25d04701dd983c8,821731",
    "plant-7/pump-3,0a399ad4e50f6b8b,39941",
    "Zürich,24b22821293c05d0,143343",
    "気温,e4acb8b790cc32f,55828",
    "🌡,bd03dce09b64ab98,738340",
  })
  void hashAndBucketMatchReference(String key, String hash, int bucket) {
    assertThat(KeyHash.hash(key)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    assertThat(KeyHash.bucket(key)).isEqualTo(bucket);
  }

  /** Expected values are from an independent implementation of the specification. */
  @ParameterizedTest
  @CsvSource({
    "'',437339",
    "a,397840",
    "sensor-1,425319",
    "sensor-2,69960",
    "plant-7/pump-3,536859",
  })
  void delayMatchesReference(String key, long delayMs) {
    assertThat(KeyHash.delay(key, 600_000)).isEqualTo(delayMs);
  }

  @Test
  void delayIsLessThanMaximumPeriod() {
    long spanMs = Activation.Timing.MAX_SPREAD_MS;
    long[] delays =
        IntStream.range(0, 10_000).mapToLong(i -> KeyHash.delay("sensor-" + i, spanMs)).toArray();

    assertThat(java.util.Arrays.stream(delays)).allMatch(delay -> 0 <= delay && delay < spanMs);
    assertThat(java.util.Arrays.stream(delays).filter(delay -> delay < spanMs / 2).count())
        .isBetween(4750L, 5250L);
  }

  @Test
  void hashesUtf8BytesOfAnyString() {
    SplittableRandom random = new SplittableRandom(7);
    for (int run = 0; run < 2000; run++) {
      StringBuilder key = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        // Includes unpaired surrogates.
        key.append((char) random.nextInt(random.nextBoolean() ? 0x100 : 0x10000));
      }
      assertThat(KeyHash.hash(key.toString())).isEqualTo(ofBytes(key.toString()));
    }
  }

  @Test
  void numberedKeysAreUniform() {
    int[] tenths = new int[10];
    IntStream.range(0, 100_000)
        .forEach(i -> tenths[KeyHash.bucket("sensor-" + i) / (KeyHash.BUCKETS / 10)]++);

    // Five standard deviations of a binomial distribution with n = 100,000 and p = 0.1.
    assertThat(IntStream.of(tenths)).allMatch(count -> 9525 <= count && count <= 10475);
  }

  private static long ofBytes(String key) {
    long h = 0xcbf29ce484222325L;
    for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (octet & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
