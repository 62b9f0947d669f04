package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code eddy campaign} with few faults. */
@Tag("slow")
@Timeout(900)
final class CampaignIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void killedProcessesLoseAndRepeatNothing() throws Exception {
    EddyProcess.Result result =
        run(
            List.of(
                "3,instance-kill,instance-1,-,2,1",
                "10,broker-kill,broker-2,-,3,2",
                "18,network-cut,instance-2,broker-1,5,3",
                "26,state-wiped,instance-2,-,2,4"));

    JsonNode report = JSON.readTree(result.output());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(report.path("faults")).hasSize(4);
    assertThat(report.path("ledger").path("acknowledged").asLong())
        .isEqualTo(report.path("events").asLong())
        .isEqualTo(report.path("verify").path("compared").asLong())
        .isGreaterThan(1000);
  }

  /** The control: the campaign finds a fault that exists. */
  @Test
  void findsRepeatedForecast() throws Exception {
    EddyProcess.Result result = run(List.of("15,forecast-repeated,cluster,-,0,1"));

    JsonNode report = JSON.readTree(result.output());
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(report.path("ledger").path("duplicated").asLong()).isEqualTo(1);
    assertThat(report.path("verify").path("duplicated").asLong()).isEqualTo(1);
    assertThat(report.path("verify").path("consistent").asBoolean()).isFalse();
  }

  private EddyProcess.Result run(List<String> faults) throws IOException, InterruptedException {
    Path schedule = folder.resolve("schedule.csv");
    Files.write(schedule, faults);
    return EddyProcess.runDevelopment(
        folder.resolve("log"),
        "campaign",
        "--json",
        "--duration",
        "PT35S",
        "--instances",
        "2",
        "--schedule",
        schedule.toString(),
        "--folder",
        folder.resolve("campaign").toString());
  }
}
