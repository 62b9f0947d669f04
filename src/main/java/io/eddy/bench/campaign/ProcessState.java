package io.eddy.bench.campaign;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Describes the processes of a campaign, to explain why events are not processed. */
final class ProcessState {
  private static final String SERVER = "HTTP server: ";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LOG_LINES = 5;
  private static final String STACK = "\t";

  private ProcessState() {}

  /** Returns a line for a process and the last lines of its log, and lets it log its threads. */
  static List<String> describe(ManagedProcess process) throws IOException, InterruptedException {
    List<String> log = Files.exists(process.log()) ? Files.readAllLines(process.log()) : List.of();
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s%s".formatted(process.name(), process.state(), ready(process, log)));
    List<String> messages = log.stream().filter(line -> !line.startsWith(STACK)).toList();
    messages
        .subList(Math.max(0, messages.size() - LOG_LINES), messages.size())
        .forEach(line -> lines.add("  " + line));
    process.logThreads();
    return lines;
  }

  /**
   * Returns the answer to a request for the readiness of a forecaster; empty of other processes.
   */
  private static String ready(ManagedProcess process, List<String> log)
      throws InterruptedException {
    String url = "";
    for (String line : log) {
      url = line.startsWith(SERVER) ? line.substring(SERVER.length()) : url;
    }
    if (url.isEmpty() || process.pid() < 0) {
      return "";
    }
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(url + "/health/ready"))
                      .timeout(TIMEOUT)
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      return "; ready: %d %s".formatted(response.statusCode(), response.body().strip());
    } catch (IOException e) {
      return "; ready: " + e;
    }
  }
}
