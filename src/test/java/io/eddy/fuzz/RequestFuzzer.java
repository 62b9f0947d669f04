package io.eddy.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends mutated HTTP requests to a server on this machine. Each must be answered or its connection
 * closed within seconds, without an internal error, and the server must answer valid requests
 * afterwards.
 */
public final class RequestFuzzer {
  private static final int TIMEOUT_MS = 20_000;
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final int port;
  private final DecoderFuzzer fuzzer;

  public RequestFuzzer(int port, int rounds) {
    this.port = port;
    fuzzer = new DecoderFuzzer(rounds);
  }

  /** Returns a request with typical headers. */
  public static byte[] get(String path, String... headers) {
    String head =
        "GET %s HTTP/1.1\r\nHost: localhost:8080\r\nAccept-Encoding: gzip, deflate;q=0.5\r\n"
                .formatted(path)
            + "Last-Event-ID: 3-18215\r\nIf-None-Match: \"0123456789abcdef\", W/\"x\"\r\n";
    for (String header : headers) {
      head += header + "\r\n";
    }
    return (head + "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Fuzzes the server; {@code check} is a valid request, which is answered 200 at the end. */
  public void fuzz(List<byte[]> examples, byte[] check) throws IOException {
    fuzzer.fuzz(
        request -> {
          String answer = send(request);
          if (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 ")) {
            throw new IllegalStateException(answer);
          }
          if (answer.contains("HTTP/1.1 500")) {
            throw new IllegalStateException(answer);
          }
        },
        examples);
    String answer = send(check);
    if (!answer.startsWith("HTTP/1.1 200")) {
      throw new AssertionError("the server does not answer afterwards: " + answer);
    }
  }

  /** Returns the answer, or its beginning if it is a stream of events or long. */
  private String send(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MS);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        read(socket.getInputStream(), answer);
      } catch (SocketException e) {
        // The server has closed the connection before it read the whole request.
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  private static void read(InputStream input, ByteArrayOutputStream answer) throws IOException {
    byte[] part = new byte[8192];
    int read;
    while ((read = input.read(part)) >= 0) {
      answer.write(part, 0, read);
      boolean isStream =
          answer.size() < 4096
              && answer.toString(StandardCharsets.UTF_8).contains("text/event-stream");
      if (isStream || answer.size() > MAX_ANSWER_BYTES) {
        return;
      }
    }
  }
}
