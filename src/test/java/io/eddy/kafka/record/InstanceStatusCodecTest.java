package io.eddy.kafka.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.forecast.Forecast;
import io.eddy.kafka.record.InstanceStatus.SeriesCount;
import io.eddy.model.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InstanceStatusCodecTest {
  private static final ModelVersion VERSION = new ModelVersion("5".repeat(64));

  @Test
  void decodesEncodedStatus() {
    InstanceStatusCodec codec = new InstanceStatusCodec();

    assertThat(codec.decode(codec.encode(status(5)))).isEqualTo(status(5));
  }

  private static InstanceStatus status(long waiting) {
    return new InstanceStatus(
        new InstanceStatus.Id("eddy", "i", "m"),
        Instant.ofEpochMilli(1_700_000_000_000L),
        new InstanceStatus.Versions(List.of(VERSION), Map.of()),
        List.of(new SeriesCount(1, new Forecast.Served(VERSION, 3), 12, waiting)),
        Map.of("invalid", 7L));
  }
}
