package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
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
                "2,instance-kill,instance-1,-,2,1",
                "8,broker-kill,broker-2,-,3,2",
                "14,network-cut,instance-2,broker-1,5,3",
                "21,state-wiped,instance-2,-,2,4",
                "23,registry-away,registry,-,3,1",
                "28,rolling-upgrade,cluster,-,2,2"),
            "--brokers=3",
            "--instances=2",
            "--duration=PT34S",
            "--late=5",
            "--other-build=" + otherBuild());

    JsonNode report = JSON.readTree(result.output());
    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(report.path("faults").findValuesAsText("detail"))
        .hasSize(6)
        .noneMatch(detail -> detail.startsWith("not carried out"));
    assertThat(report.path("ledger").path("acknowledged").asLong())
        .isEqualTo(report.path("events").asLong());
    assertThat(report.path("verify").path("compared").asLong()).isGreaterThan(1000);
    assertThat(report.path("revising").asLong()).isPositive();
  }

  /** Returns the class path of this build under another version. */
  private String otherBuild() throws IOException {
    Path other = folder.resolve("other.jar");
    try (JarFile jar = new JarFile(EddyProcess.jar().toFile())) {
      Manifest manifest = new Manifest(jar.getManifest());
      manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "0.0.1-other");
      manifest.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(other), manifest)) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            out.putNextEntry(new JarEntry(entry.getName()));
            jar.getInputStream(entry).transferTo(out);
          }
        }
      }
    }
    return other + File.pathSeparator + EddyProcess.jar().resolveSibling("lib").resolve("*");
  }

  /** The control: the campaign finds a fault that exists. */
  @Test
  void findsRepeatedForecast() throws Exception {
    EddyProcess.Result result =
        run(
            List.of("2,forecast-repeated,cluster,-,0,1"),
            "--brokers=1",
            "--instances=1",
            "--duration=PT10S");

    JsonNode report = JSON.readTree(result.output());
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(report.path("ledger").path("duplicated").asLong()).isEqualTo(1);
    assertThat(report.path("verify").path("duplicated").asLong()).isEqualTo(1);
    assertThat(report.path("verify").path("consistent").asBoolean()).isFalse();
  }

  private EddyProcess.Result run(List<String> faults, String... options)
      throws IOException, InterruptedException {
    Path schedule = folder.resolve("schedule.csv");
    Files.write(schedule, faults);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "campaign",
                "--json",
                "--schedule=" + schedule,
                "--folder=" + folder.resolve("campaign")));
    arguments.addAll(List.of(options));
    return EddyProcess.runDevelopment(folder.resolve("log"), arguments.toArray(new String[0]));
  }
}
