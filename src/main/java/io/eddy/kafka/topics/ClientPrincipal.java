package io.eddy.kafka.topics;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;

/** The principal that a client's settings authenticate as. */
public final class ClientPrincipal {
  private static final Pattern USER_NAME = Pattern.compile("\\busername\\s*=\\s*\"([^\"]+)\"");

  private ClientPrincipal() {}

  /** Returns the principal of a SASL user name; empty if the settings do not contain one. */
  public static Optional<String> of(Map<String, ?> client) {
    if (!isSasl(client)) {
      return Optional.empty();
    }
    Object login = client.get(SaslConfigs.SASL_JAAS_CONFIG);
    String text = login instanceof Password password ? password.value() : String.valueOf(login);
    Matcher name = USER_NAME.matcher(text);
    return name.find() ? Optional.of("User:" + name.group(1)) : Optional.empty();
  }

  private static boolean isSasl(Map<String, ?> client) {
    return ConnectionProbe.protocol(client).startsWith("SASL_");
  }
}
