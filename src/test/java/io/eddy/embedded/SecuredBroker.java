package io.eddy.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/**
 * A broker with an authorizer that denies by default, and listeners for SASL over TLS, SASL in
 * plain text, TLS with and without client certificates.
 *
 * <p>Whoever connects to the listener in plain text is a super user.
 */
public final class SecuredBroker implements AutoCloseable {
  private final TestCertificate authority = TestCertificate.authority("authority");
  private final Path folder;
  private final DataFolder data;
  private final KafkaNode node;
  private final Path trust;

  /** The listeners, named by their security protocols where there is one of a kind. */
  public enum Listener {
    PLAINTEXT,
    SASL_SSL,
    SASL_PLAINTEXT,
    /** TLS that demands a client certificate. */
    SSL,
    /** SASL over TLS with an expired certificate. */
    EXPIRED,
    /** SASL over TLS with a certificate of another host. */
    OTHER_HOST
  }

  /**
   * Starts a broker.
   *
   * @param folder for key stores and trust stores
   */
  public SecuredBroker(Path folder) throws IOException {
    this.folder = folder;
    TestCertificate broker = valid("broker", "127.0.0.1", "localhost");
    TestCertificate other = valid("other", "kafka.example.org");
    TestCertificate expired =
        authority.sign("expired", Instant.now().minus(Duration.ofDays(10)), "127.0.0.1");
    trust = TestCertificate.writeTrustStore(folder.resolve("trust.p12"), authority);
    Map<String, String> settings = new HashMap<>();
    settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
    settings.put("allow.everyone.if.no.acl.found", "false");
    settings.put("super.users", "User:ANONYMOUS");
    settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        "listener.security.protocol.map",
        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,"
            + "SSL:SSL,EXPIRED:SASL_SSL,OTHER_HOST:SASL_SSL");
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", TestCertificate.PASSWORD);
    settings.put("ssl.truststore.type", "PKCS12");
    keyStore(settings, Listener.SASL_SSL, broker);
    keyStore(settings, Listener.EXPIRED, expired);
    keyStore(settings, Listener.OTHER_HOST, other);
    keyStore(settings, Listener.SSL, broker);
    settings.put("listener.name.ssl.ssl.client.auth", "required");
    for (Listener listener : Listener.values()) {
      settings.put(
          prefix(listener) + "scram-sha-512.sasl.jaas.config",
          "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }
    data = DataFolder.open(null);
    node =
        KafkaNode.start(
            0,
            data.path(),
            List.of("SASL_SSL", "SASL_PLAINTEXT", "SSL", "EXPIRED", "OTHER_HOST"),
            settings);
  }

  private TestCertificate valid(String name, String... hosts) {
    return authority.sign(name, Instant.now().plus(Duration.ofDays(1)), hosts);
  }

  private static String prefix(Listener listener) {
    return "listener.name." + listener.name().toLowerCase(Locale.ROOT) + ".";
  }

  private void keyStore(
      Map<String, String> settings, Listener listener, TestCertificate certificate) {
    String prefix = prefix(listener);
    Path store = certificate.writeKeyStore(folder.resolve(listener + ".p12"));
    settings.put(prefix + "ssl.keystore.location", store.toString());
    settings.put(prefix + "ssl.keystore.password", TestCertificate.PASSWORD);
    settings.put(prefix + "ssl.keystore.type", "PKCS12");
    settings.put(prefix + "ssl.key.password", TestCertificate.PASSWORD);
  }

  public String bootstrapServers(Listener listener) {
    return BoundSockets.HOST + ":" + node.port(listener.name());
  }

  /** Returns the trust store with the certificates of all listeners. */
  public Path trust() {
    return trust;
  }

  /** Returns the client settings of a super user. */
  public Map<String, Object> superUser() {
    return Map.of("bootstrap.servers", bootstrapServers(Listener.PLAINTEXT));
  }

  /** Creates a user for SCRAM, or changes its password. */
  public void addUser(String name, String password) {
    try (Admin admin = Admin.create(superUser())) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns the settings of a client that authenticates with a password. */
  public Map<String, String> client(Listener listener, String user, String password) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers(listener));
    settings.put(
        "security.protocol", listener == Listener.SASL_PLAINTEXT ? "SASL_PLAINTEXT" : "SASL_SSL");
    settings.put("sasl.mechanism", "SCRAM-SHA-512");
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
                .formatted(user)
            + " password=\"%s\";".formatted(password));
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", TestCertificate.PASSWORD);
    return settings;
  }

  /** Returns the settings of a client that authenticates with a certificate of a name. */
  public Map<String, String> certificateClient(String commonName) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers(Listener.SSL));
    settings.put("security.protocol", "SSL");
    settings.put("ssl.truststore.location", trust.toString());
    settings.put("ssl.truststore.password", TestCertificate.PASSWORD);
    Path store = valid(commonName, "localhost").writeKeyStore(folder.resolve(commonName + ".p12"));
    settings.put("ssl.keystore.location", store.toString());
    settings.put("ssl.keystore.password", TestCertificate.PASSWORD);
    return settings;
  }

  @Override
  public void close() {
    node.close();
    data.close();
  }
}
