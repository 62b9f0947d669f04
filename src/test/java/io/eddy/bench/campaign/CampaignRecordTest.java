package io.eddy.bench.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CampaignRecordTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static ObjectNode part(long seed, boolean isConsistent, double... waits) {
    ObjectNode part = JSON.createObjectNode();
    part.put("seed", seed).put("consistent", isConsistent).put("events", 100);
    for (double wait : waits) {
      part.withArray("/faults").addObject().put("kind", "broker-kill").put("waitSeconds", wait);
    }
    return part;
  }

  @Test
  void continuesWithMissingPart() throws Exception {
    Path file = folder.resolve("record.jsonl");
    new CampaignRecord(file, "--rate 1").add(part(7, true, 3));

    CampaignRecord record = new CampaignRecord(file, "--rate 1");
    assertThat(record.hasSeed(7)).isTrue();
    assertThat(record.hasSeed(8)).isFalse();
    record.add(part(8, true, 1, 2));

    ObjectNode sums = new CampaignRecord(file, "--rate 1").json();
    assertThat(sums.path("events").asLong()).isEqualTo(200);
    assertThat(sums.path("kinds").path(0).path("count").asInt()).isEqualTo(3);
    assertThat(sums.path("kinds").path(0).path("medianSeconds").asDouble()).isEqualTo(2);
  }

  @Test
  void failedPartStays() throws Exception {
    CampaignRecord record = new CampaignRecord(null, "");
    record.add(part(1, false));
    record.add(part(2, true));

    assertThat(record.isConsistent()).isFalse();
  }

  @Test
  void rejectsOtherOptionsAndFiles() throws Exception {
    Path file = folder.resolve("record.jsonl");
    new CampaignRecord(file, "--rate 1").add(part(7, true));

    assertThatThrownBy(() -> new CampaignRecord(file, "--rate 2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--rate 1");

    Files.writeString(file, "no record");
    assertThatThrownBy(() -> new CampaignRecord(file, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
