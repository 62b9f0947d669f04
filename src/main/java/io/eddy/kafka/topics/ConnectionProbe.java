package io.eddy.kafka.topics;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why clients get no answer. Kafka's clients retry a connection that the broker closes,
 * and then report a timeout: with the wrong security protocol this is all that they report.
 */
final class ConnectionProbe {
  private static final Pattern LOCAL = Pattern.compile("(?:localhost|127\\.0\\.0\\.1):(\\d+)");
  private static final String DEFAULT_PORT = "9092";
  private static final int TIMEOUT_MS = 2000;
  private static final int TLS_ALERT = 0x15;
  private static final int TLS_HANDSHAKE = 0x16;

  private final Map<String, ?> client;
  private final String protocol;

  ConnectionProbe(Map<String, ?> client) {
    this.client = client;
    protocol = protocol(client);
  }

  /** Returns the security protocol of a client. */
  static String protocol(Map<String, ?> client) {
    Object protocol = client.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
    return protocol == null
        ? CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL
        : protocol.toString().strip().toUpperCase(Locale.ROOT);
  }

  /** Returns why no broker answers, if the security protocol matches. */
  String silence() {
    for (String broker : brokers()) {
      if (address(broker).isUnresolved()) {
        return "the host name of the broker at %s cannot be resolved".formatted(broker);
      }
      if (isTls(address(broker)) != null) {
        return "the broker at %s accepts connections but does not answer in time".formatted(broker);
      }
    }
    return "no broker answers at %s: %sname another with --bootstrap-servers"
        .formatted(bootstrapServers(), suggestion());
  }

  /** Suggests to start a broker if the address is on this machine. */
  private String suggestion() {
    Matcher local = LOCAL.matcher(bootstrapServers());
    if (!local.matches()) {
      return "check that it runs and can be reached, or ";
    }
    String port = local.group(1);
    return "start one (`eddy broker%s`) or "
        .formatted(port.equals(DEFAULT_PORT) ? "" : " --port " + port);
  }

  /**
   * Returns how the security protocol of a broker differs from the client's; null if no broker
   * accepts connections, or they use the client's.
   */
  @Nullable String mismatch() {
    for (String broker : brokers()) {
      Boolean isTls = isTls(address(broker));
      if (isTls != null) {
        return mismatch(broker, isTls);
      }
    }
    return null;
  }

  private @Nullable String mismatch(String broker, boolean isTls) {
    boolean isTlsClient = protocol.endsWith("SSL");
    if (isTls && !isTlsClient) {
      return "the broker at %s uses TLS but kafka.security.protocol is %s; set it to SSL or SASL_SSL"
          .formatted(broker, protocol);
    }
    if (!isTls && isTlsClient) {
      return ("the broker at %s does not use TLS but kafka.security.protocol is %s; set it to"
              + " PLAINTEXT or SASL_PLAINTEXT")
          .formatted(broker, protocol);
    }
    if (!protocol.startsWith("SASL_") && expectsSasl(broker)) {
      return ("the broker at %s requires SASL authentication but kafka.security.protocol is %s; set"
              + " it to SASL_%2$s, and set kafka.sasl.mechanism and kafka.sasl.jaas.config")
          .formatted(broker, protocol);
    }
    return null;
  }

  private List<String> brokers() {
    return Stream.of(bootstrapServers().split(",", -1)).map(String::strip).toList();
  }

  /**
   * Returns whether a server answers a TLS client's greeting with a TLS record; null if it accepts
   * no connection. A Kafka broker in plain text closes the connection.
   */
  private static @Nullable Boolean isTls(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(greeting());
        out.flush();
        int first = socket.getInputStream().read();
        return first == TLS_HANDSHAKE || first == TLS_ALERT;
      } catch (IOException e) {
        return false;
      }
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the first message of a TLS client. */
  private static byte[] greeting() throws IOException {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      ByteBuffer message = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), message);
      message.flip();
      byte[] bytes = new byte[message.remaining()];
      message.get(bytes);
      return bytes;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Returns whether a broker answers an attempt to authenticate as an unknown user. */
  private boolean expectsSasl(String broker) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
    settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_" + protocol);
    settings.put(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-512");
    settings.put(
        SaslConfigs.SASL_JAAS_CONFIG,
        "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"eddy-connection-check\" password=\"none\";");
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    try (Admin admin = Admin.create(settings)) {
      var unused = admin.describeCluster().clusterId().get(2L * TIMEOUT_MS, TimeUnit.MILLISECONDS);
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof SaslAuthenticationException
          || e.getCause() instanceof UnsupportedSaslMechanismException;
    } catch (KafkaException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static InetSocketAddress address(String broker) {
    String hostAndPort = broker.replaceFirst("^[^/]*://", "");
    int colon = hostAndPort.lastIndexOf(':');
    return new InetSocketAddress(
        hostAndPort.substring(0, colon).replaceAll("[\\[\\]]", ""),
        Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  private String bootstrapServers() {
    return String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }
}
