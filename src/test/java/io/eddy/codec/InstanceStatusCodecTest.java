package io.eddy.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.codec.InstanceStatus.SeriesCount;
import io.eddy.forecast.Forecast;
import io.eddy.model.ModelVersion;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InstanceStatusCodecTest {
  private static final ModelVersion VERSION = new ModelVersion("5".repeat(64));

  private static final String WITHOUT_WAITING =
      "c301723fe96da5f2c54508656464790269026d80a0abfef962028001353535353535353535353535"
          + "35353535353535353535353535353535353535353535353535353535353535353535353535353535"
          + "35353535353535353535353500000202800135353535353535353535353535353535353535353535"
          + "35353535353535353535353535353535353535353535353535353535353535353535353535353535"
          + "3535061800";

  @Test
  void whatIsEncodedIsDecodedToTheSame() {
    InstanceStatusCodec codec = new InstanceStatusCodec();

    assertThat(codec.decode(codec.encode(status(5)))).isEqualTo(status(5));
  }

  @Test
  void statusWrittenBeforeSeriesCouldWaitSaysThatNoneDoes() {
    byte[] former = HexFormat.of().parseHex(WITHOUT_WAITING);

    assertThat(new InstanceStatusCodec().decode(former)).isEqualTo(status(0));
  }

  private static InstanceStatus status(long waiting) {
    return new InstanceStatus(
        new InstanceStatus.Id("eddy", "i", "m"),
        Instant.ofEpochMilli(1_700_000_000_000L),
        new InstanceStatus.Versions(List.of(VERSION), Map.of()),
        List.of(new SeriesCount(1, new Forecast.Served(VERSION, 3), 12, waiting)));
  }
}
