package io.eddy.kafka.topics;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.jspecify.annotations.Nullable;

/**
 * Explains failures of Kafka's clients: which permission is missing, why a connection fails, or
 * which client setting is wrong. Messages contain no passwords.
 */
public final class BrokerErrors {
  private static final String REMEDY = "; `eddy acls` prints the ACLs that Eddy needs";

  private final Map<String, ?> client;

  /**
   * Creates an explanation of the failures of clients with these settings.
   *
   * @param client settings of Kafka's clients, with {@code bootstrap.servers}
   */
  public BrokerErrors(Map<String, ?> client) {
    this.client = client;
  }

  /**
   * Returns the exception to throw.
   *
   * @param error thrown by a Kafka client
   * @param operation that was attempted, as an ACL names it, such as {@code Read} or {@code Read on
   *     topic x}
   */
  public BrokerException explain(Throwable error, String operation) {
    if (error instanceof BrokerException known) {
      return known;
    }
    Throwable cause = cause(error);
    if (isTimeout(error)) {
      ConnectionProbe probe = new ConnectionProbe(client);
      String mismatch = probe.mismatch();
      return mismatch == null
          ? BrokerException.unreachable(probe.silence(), cause)
          : new BrokerException(mismatch, cause);
    }
    if (isUnresolved(error)) {
      return new BrokerException(new ConnectionProbe(client).silence(), cause);
    }
    String text = describe(error, operation);
    return new BrokerException(
        text == null
            ? "the broker at %s rejected the request: %s"
                .formatted(bootstrapServers(), cause.getMessage())
            : text,
        cause);
  }

  /**
   * Checks that a broker that accepts connections uses the client's security protocol.
   *
   * @throws BrokerException if it uses another one
   */
  void requireMatchingProtocol() {
    String mismatch = new ConnectionProbe(client).mismatch();
    if (mismatch != null) {
      throw new BrokerException(mismatch, new TimeoutException());
    }
  }

  /**
   * Returns the explanation of a missing permission, a failed authentication or an invalid setting
   * of the client; null if the error is none of these.
   *
   * @param operation that was attempted, as an ACL names it, such as {@code Read} or {@code Read on
   *     topic x}
   */
  public @Nullable String describe(Throwable error, String operation) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthorizationException denied) {
        return denied(permission(denied, operation));
      }
      if (cause instanceof AuthenticationException failed) {
        return "cannot connect to the broker at %s: %s"
            .formatted(bootstrapServers(), authentication(failed));
      }
    }
    return invalidSetting(error);
  }

  /** Returns the message for a permission that is missing, such as {@code Read on topic x}. */
  public String denied(String permission) {
    return "permission denied: %s needs %s%s"
        .formatted(ClientPrincipal.of(client).orElse("this client"), permission, REMEDY);
  }

  private String permission(AuthorizationException denied, String operation) {
    if (operation.contains(" on ")) {
      return operation;
    }
    if (denied instanceof TopicAuthorizationException topics) {
      return topics.unauthorizedTopics().isEmpty()
          ? operation + " on a topic (" + denied.getMessage() + ")"
          : "%s on topic %s"
              .formatted(operation, String.join(", ", new TreeSet<>(topics.unauthorizedTopics())));
    }
    if (denied instanceof GroupAuthorizationException group) {
      return operation + " on group " + group.groupId();
    }
    if (denied instanceof TransactionalIdAuthorizationException) {
      Object id = client.get("transactional.id");
      return "Write on transactional-id " + (id == null ? "(" + denied.getMessage() + ")" : id);
    }
    return denied instanceof ClusterAuthorizationException
        ? operation + " on the cluster"
        : operation + " (" + denied.getMessage() + ")";
  }

  private String authentication(AuthenticationException failed) {
    Object mechanism =
        Objects.requireNonNullElse(
            (Object) client.get(SaslConfigs.SASL_MECHANISM), SaslConfigs.DEFAULT_SASL_MECHANISM);
    if (failed instanceof UnsupportedSaslMechanismException) {
      return "%s; set kafka.sasl.mechanism".formatted(failed.getMessage());
    }
    if (failed instanceof IllegalSaslStateException) {
      return "it expects no SASL authentication; set kafka.security.protocol = "
          + ConnectionProbe.protocol(client)
              .replace("SASL_PLAINTEXT", "PLAINTEXT")
              .replace("SASL_", "");
    }
    if (failed instanceof SaslAuthenticationException) {
      return "it rejects the user name or password%s (%s); check kafka.sasl.jaas.config"
          .formatted(ClientPrincipal.of(client).map(name -> " of " + name).orElse(""), mechanism);
    }
    return failed instanceof SslAuthenticationException ? tls(failed) : root(failed).toString();
  }

  /** Explains a failed TLS handshake. */
  private static String tls(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof CertificateExpiredException) {
        return "its certificate has expired (%s); renew it".formatted(message);
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet (%s); check the clocks".formatted(message);
      }
      if (message.startsWith("No subject alternative") || message.startsWith("No name matching")) {
        return "its certificate is not valid for this host (%s); connect to a name in the certificate"
            .formatted(message);
      }
      if (message.contains("unable to find valid certification path")
          || message.contains("No trusted certificate found")) {
        return "its certificate is not trusted; set kafka.ssl.truststore.location to a trust store"
            + " that contains the certificate of its authority";
      }
      if (message.contains("bad_certificate")
          || message.contains("certificate_required")
          || message.contains("certificate_unknown")
          || message.contains("unknown_ca")) {
        return "it requires a client certificate that it trusts (%s); set kafka.ssl.keystore.location"
            .formatted(message);
      }
    }
    return "the TLS handshake failed: " + root(failed).getMessage();
  }

  /** Explains why a client could not be created; null if the error is another one. */
  private static @Nullable String invalidSetting(Throwable error) {
    String message = String.valueOf(error.getMessage());
    boolean isConstruction =
        error instanceof ConfigException
            || message.startsWith("Failed to construct")
            || message.startsWith("Failed to create new KafkaAdminClient");
    if (!isConstruction) {
      return null;
    }
    boolean isLogin =
        chain(error).anyMatch(cause -> String.valueOf(cause.getMessage()).contains("JAAS"));
    if (isLogin) {
      // The parser's message may contain a part of the password.
      return "kafka.sasl.jaas.config is invalid: expected MODULE required username=\"NAME\""
          + " password=\"PASSWORD\";";
    }
    Throwable root = root(error);
    String outer =
        chain(error)
            .filter(cause -> cause instanceof KafkaException && cause != error && cause != root)
            .reduce((first, second) -> second)
            .map(cause -> cause.getMessage() + ": ")
            .orElse("");
    return "the settings of the Kafka client are invalid: " + outer + text(root);
  }

  private static String text(Throwable error) {
    return error instanceof KafkaException
        ? String.valueOf(error.getMessage())
        : error.getClass().getSimpleName() + ": " + error.getMessage();
  }

  /** Returns whether no broker answered; some requests wrap the timeout of an inner one. */
  private static boolean isTimeout(Throwable error) {
    return chain(error).anyMatch(TimeoutException.class::isInstance);
  }

  private static boolean isUnresolved(Throwable error) {
    return chain(error)
        .anyMatch(
            cause ->
                cause instanceof ConfigException
                    && String.valueOf(cause.getMessage()).contains("No resolvable bootstrap"));
  }

  private static Throwable cause(Throwable error) {
    return error instanceof ExecutionException || error instanceof CompletionException
        ? Optional.ofNullable(error.getCause()).orElse(error)
        : error;
  }

  private static Throwable root(Throwable error) {
    return chain(error).reduce((first, second) -> second).orElse(error);
  }

  private static Stream<Throwable> chain(Throwable error) {
    return Stream.<@Nullable Throwable>iterate(
            error, cause -> cause != null, cause -> Objects.requireNonNull(cause).getCause())
        .map(Objects::requireNonNull);
  }

  private String bootstrapServers() {
    return String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }
}
