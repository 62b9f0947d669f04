package io.eddy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import io.eddy.embedded.SecuredBroker;
import io.eddy.embedded.SecuredBroker.Listener;
import io.eddy.embedded.TestCertificate;
import io.eddy.kafka.Forecaster;
import io.eddy.kafka.access.AccessCheck;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.access.Permission;
import io.eddy.kafka.access.RequiredAccess;
import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import io.eddy.kafka.stream.ForecastTopology;
import io.eddy.kafka.topics.TopicAdmin;
import io.eddy.kafka.topics.TopicNames;
import io.eddy.kafka.topics.TopicReader;
import io.eddy.model.ModelVersion;
import io.eddy.model.Models;
import io.eddy.nn.CellKind;
import io.eddy.serving.ForecasterServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands against a broker with authentication and authorization. */
@Timeout(120)
class SecuredBrokerIT {
  private static final String PASSWORD = "right-password";
  private static final String RULE = "better by 2% over 500 scored forecasts, within 7 days";
  private static final String APPLICATION = "plant";

  @TempDir static Path folder;
  private static SecuredBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = new SecuredBroker(folder);
    for (AccessRole role : AccessRole.values()) {
      broker.addUser(role.id(), PASSWORD);
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** Everything runs with the ACLs that Eddy prints, and the forecaster with a certificate. */
  @Test
  void printedAclsSuffice() throws Exception {
    for (AccessRole role : AccessRole.values()) {
      grant(role, principal(role));
    }
    String csv = folder.resolve("sensors.csv").toString();
    String model = folder.resolve("model.safetensors").toString();
    succeed(AccessRole.TOPICS, "topics", "create", "--partitions", "2");
    succeed(AccessRole.TOPICS, "topics", "check");
    assertThat(Main.commandLine().execute("generate", "--series=4", "--days=10", "--out=" + csv))
        .isZero();
    succeed(AccessRole.FEED, "feed", "--csv", csv);
    succeed(AccessRole.TRAIN, "check");
    succeed(
        AccessRole.TRAIN,
        "train",
        "--topic=sensor-events",
        "--epochs=1",
        "--hidden=8",
        "--horizon=4",
        "--context=24",
        "--out=" + model,
        "--activate-if-better");
    succeed(AccessRole.MODELS, "models", "publish", model);
    String version = ModelVersion.of(Files.readAllBytes(Path.of(model))).sha();
    succeed(AccessRole.MODELS, "models", "shadow", version);
    succeed(AccessRole.MODELS, "models", "promote", "--when", RULE);
    succeed(AccessRole.MODELS, "models", "list");
    succeed(AccessRole.MODELS, "models", "preview", version);

    EddyConfig config =
        new SettingSources()
            .file(write(client(AccessRole.SERVE)))
            .assignments(List.of("http.listen=127.0.0.1:0", "kafka.session.timeout.ms=6000"))
            .load();
    new AccessCheck(config.stream().topics(), config.deployment(), AccessRole.SERVE).require();
    try (ForecasterServer server = ForecasterServer.open(config);
        Forecaster forecaster = new Forecaster(config.stream(), config.deployment())) {
      server.serve(forecaster);
      forecaster.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                forecaster.requireAlive();
                assertThat(records("forecasts")).isGreaterThan(500);
                assertThat(records("forecast-scores")).isPositive();
                assertThat(isElected()).isTrue();
                assertThat(succeed(AccessRole.MODELS, "models", "status", "--json"))
                    .contains("\"instances\":[{");
              });
      assertThat(readiness(server).statusCode()).isEqualTo(200);
      assertReadinessNamesRevokedPermission(server);
    }
    succeed(AccessRole.VERIFY, "verify");
    succeed(AccessRole.READ, "tail", "forecasts", "--last", "1");
    succeed(AccessRole.READ, "tail", "dead-letters", "--by-reason");
    assertThat(transactionalIds()).anyMatch(id -> id.startsWith(APPLICATION + "-"));
    // The forecaster that failed leaves its group when its session expires.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> succeed(AccessRole.RESET, "reset", "--to-earliest", "--yes"));
    succeed(AccessRole.TOPICS, "topics", "alter");
    succeed(AccessRole.TOPICS, "topics", "delete", "--yes");
  }

  private static void assertReadinessNamesRevokedPermission(ForecasterServer server)
      throws Exception {
    AclBinding acl = revoke(principal(AccessRole.SERVE), "Write on topic forecasts");
    succeed(AccessRole.FEED, "simulate", "--series", "4", "--speed", "max", "--for", "3h");

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(readiness(server).body())
                    .contains(
                        "the forecaster failed: permission denied: this client needs Write on"
                            + " topic forecasts; `eddy acls"));
    assertThat(readiness(server).statusCode()).isEqualTo(503);
    restore(acl);
  }

  private static HttpResponse<String> readiness(ForecasterServer server) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + "/health/ready"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void serveNamesMissingPermissions() throws Exception {
    createTopics();
    grant(AccessRole.SERVE, "User:serve");
    for (String missing :
        List.of(
            "Read on group plant",
            "Write on transactional-id plant-*",
            "Create on topic plant-series-*",
            "DescribeConfigs on topic forecasts")) {
      AclBinding acl = revoke("User:serve", missing);

      Result result = run(sasl(Listener.SASL_SSL, PASSWORD), "serve");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("eddy: permission denied: User:serve needs %s; `eddy acls".formatted(missing))
          .hasLineCount(1);
      restore(acl);
    }
  }

  /** Removes each permission of each role in turn; a command of the role must name it. */
  @Test
  @Tag("slow")
  @Timeout(900)
  void everyPermissionIsNecessary() throws Exception {
    createTopics();
    Path csv =
        Files.writeString(
            folder.resolve("few.csv"), "series,timestamp,value\na,1970-01-01T00:00Z,1\n");
    byte[] model = Models.file(Models.specification(CellKind.GRU, 8, 24), 1);
    Path file = Files.write(folder.resolve("few.safetensors"), model);
    for (AccessRole role : AccessRole.values()) {
      grant(role, "User:" + role.id());
    }
    List<String> publish = List.of("models", "publish", file.toString());
    List<String> activate = List.of("models", "activate", ModelVersion.of(model).sha());
    Map<AccessRole, List<List<String>>> commands = new EnumMap<>(AccessRole.class);
    commands.put(AccessRole.SERVE, List.of(List.of("serve")));
    commands.put(
        AccessRole.FEED,
        List.of(
            List.of("feed", "--csv", csv.toString()),
            List.of("simulate", "--series", "1", "--for", "2h", "--speed", "max")));
    commands.put(AccessRole.TRAIN, List.of(List.of("check"), publish, activate));
    commands.put(
        AccessRole.MODELS,
        List.of(
            publish,
            activate,
            List.of("models", "preview", ModelVersion.of(model).sha()),
            List.of("models", "status"),
            List.of("models", "shadow", ModelVersion.of(model).sha()),
            List.of("models", "promote", "--when", RULE)));
    commands.put(AccessRole.VERIFY, List.of(List.of("verify")));
    commands.put(
        AccessRole.READ,
        Stream.of("forecasts", "scores", "dead-letters", "status", "models", "activations")
            .map(topic -> List.of("tail", topic, "--last", "1"))
            .toList());
    commands.put(AccessRole.TOPICS, List.of(List.of("topics", "alter")));
    commands.put(AccessRole.RESET, List.of(List.of("reset", "--to-earliest", "--dry-run")));
    // With an event and an activation, verify reads the models.
    Result fed =
        run(
            broker.client(Listener.SASL_SSL, AccessRole.FEED.id(), PASSWORD),
            "feed",
            "--csv",
            csv.toString());
    assertThat(fed.exitCode()).as(fed.err()).isZero();
    SoftAssertions every = new SoftAssertions();
    for (AccessRole role : AccessRole.values()) {
      for (Permission permission : required(role)) {
        for (AclOperation operation : permission.operations()) {
          String missing = new Permission(permission.resource(), List.of(operation)).toString();
          AclBinding acl = revoke("User:" + role.id(), missing);
          StringBuilder errors = new StringBuilder();
          // Watch reads the events first, and does not end if it may.
          boolean isWatched = role == AccessRole.READ && missing.endsWith(" sensor-events");
          for (List<String> command :
              isWatched ? List.of(List.of("watch")) : Objects.requireNonNull(commands.get(role))) {
            errors.append(
                run(
                        broker.client(Listener.SASL_SSL, role.id(), PASSWORD),
                        command.toArray(String[]::new))
                    .err());
          }
          every
              .assertThat(errors.toString())
              .as("%s without %s", role, missing)
              .contains(
                  "permission denied: User:%s needs ".formatted(role.id()),
                  missing.substring(missing.indexOf(" on ")));
          restore(acl);
        }
      }
    }
    every.assertAll();
  }

  private static List<Permission> required(AccessRole role) throws IOException {
    EddyConfig config = config(client(role));
    return RequiredAccess.of(config.stream().topics(), config.deployment(), List.of(role));
  }

  /** Creates the topics, and those that Kafka Streams would create, as a super user. */
  private static void createTopics() throws Exception {
    try (TopicAdmin topics = new TopicAdmin(broker.superUser());
        Admin admin = Admin.create(broker.superUser())) {
      topics.create(TopicNames.DEFAULT, 2);
      if (admin.listGroups().all().get().stream()
          .anyMatch(group -> group.groupId().equals(APPLICATION))) {
        // Its offsets belong to the topics of another test.
        admin.deleteConsumerGroups(List.of(APPLICATION)).all().get();
      }
      Set<String> existing = admin.listTopics().names().get();
      admin
          .createTopics(
              ForecastTopology.changelogTopics(APPLICATION).stream()
                  .filter(topic -> !existing.contains(topic))
                  .map(topic -> new NewTopic(topic, 2, (short) 1))
                  .toList())
          .all()
          .get();
    }
  }

  /** Deletes the ACL of one operation, such as {@code Read on group plant}, and returns it. */
  private static AclBinding revoke(String principal, String permission) throws Exception {
    try (Admin admin = Admin.create(broker.superUser())) {
      AclBinding acl =
          granted(admin, principal).stream()
              .filter(each -> permission.equals(text(each)))
              .findFirst()
              .orElseThrow();
      admin.deleteAcls(List.of(acl.toFilter())).all().get();
      await().until(() -> !granted(admin, principal).contains(acl));
      return acl;
    }
  }

  private static String text(AclBinding acl) {
    return new Permission(acl.pattern(), List.of(acl.entry().operation())).toString();
  }

  private static void restore(AclBinding acl) throws Exception {
    try (Admin admin = Admin.create(broker.superUser())) {
      admin.createAcls(List.of(acl)).all().get();
      await().until(() -> granted(admin, acl.entry().principal()).contains(acl));
    }
  }

  /** Counts the committed records of a topic as a reader. */
  private static long records(String topic) throws IOException {
    AtomicLong count = new AtomicLong();
    new TopicReader(config(client(AccessRole.READ)).client())
        .read(topic, record -> count.incrementAndGet());
    return count.get();
  }

  private static boolean isElected() throws JMException {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName any = new ObjectName("io.eddy:type=PromotionController,*");
    return (boolean) server.getAttribute(server.queryNames(any, null).iterator().next(), "Active");
  }

  private static List<String> transactionalIds() throws Exception {
    try (Admin admin = Admin.create(broker.superUser())) {
      return admin.listTransactions().all().get().stream()
          .map(TransactionListing::transactionalId)
          .toList();
    }
  }

  private static String principal(AccessRole role) {
    return role == AccessRole.SERVE ? "User:CN=serve" : "User:" + role.id();
  }

  private static Map<String, String> client(AccessRole role) {
    return role == AccessRole.SERVE
        ? broker.certificateClient("serve")
        : broker.client(Listener.SASL_SSL, role.id(), PASSWORD);
  }

  /** Runs a command as a role, which must succeed, and returns its output. */
  private static String succeed(AccessRole role, String... command) throws IOException {
    Result result = run(client(role), command);
    assertThat(result.exitCode()).as(String.join(" ", command) + ": " + result.err()).isZero();
    return result.out();
  }

  /** Grants a role the ACLs that the command prints. */
  private static void grant(AccessRole role, String principal) throws Exception {
    String printed =
        succeed(role, "acls", "--for", role.id(), "--format", "json", "--principal", principal);
    List<AclBinding> acls = new ArrayList<>();
    for (JsonNode acl : new ObjectMapper().readTree(printed).get(0).get("acls")) {
      ResourcePattern resource =
          new ResourcePattern(
              ResourceType.fromString(acl.get("resourceType").asText().replace('-', '_')),
              acl.get("resourceName").asText(),
              PatternType.fromString(acl.get("patternType").asText().toUpperCase(Locale.ROOT)));
      for (JsonNode operation : acl.get("operations")) {
        acls.add(
            new AclBinding(
                resource,
                new AccessControlEntry(
                    principal,
                    acl.get("host").asText(),
                    operation(operation.asText()),
                    AclPermissionType.ALLOW)));
      }
    }
    try (Admin admin = Admin.create(broker.superUser())) {
      admin.createAcls(acls).all().get();
      await()
          .until(
              () ->
                  acls.containsAll(granted(admin, principal))
                      && granted(admin, principal).containsAll(acls));
    }
  }

  private static Collection<AclBinding> granted(Admin admin, String principal) throws Exception {
    return admin
        .describeAcls(
            new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(
                    principal, null, AclOperation.ANY, AclPermissionType.ANY)))
        .values()
        .get();
  }

  /** Returns an operation by its name in an ACL, such as {@code DescribeConfigs}. */
  private static AclOperation operation(String name) {
    return AclOperation.valueOf(
        name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("connections")
  void namesReasonOfFailedConnection(String what, Map<String, String> settings, String expected)
      throws IOException {
    Result result = run(settings, "topics", "check");

    assertThat(result.err())
        .contains(expected)
        .doesNotContain(PASSWORD, "wrong-password", TestCertificate.PASSWORD);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.exitCode()).isEqualTo(1);
  }

  private static EddyConfig config(Map<String, String> client) throws IOException {
    return new SettingSources().file(write(client)).load();
  }

  /** Writes settings to a file. */
  private static Path write(Map<String, String> client) throws IOException {
    Properties settings = new Properties();
    client.forEach(
        (key, value) -> settings.put(key.startsWith("bootstrap") ? key : "kafka." + key, value));
    settings.put("application.id", APPLICATION);
    settings.put("model", "power");
    settings.put("http.listen", "off");
    settings.put("rollback.max-error-above-naive", "off");
    settings.put("state.dir", folder.resolve("state").toString());
    Path file = folder.resolve("eddy.properties");
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    return file;
  }

  private record Result(int exitCode, String out, String err) {}

  /** Runs a command in this process with settings of Kafka's clients. */
  private static Result run(Map<String, String> client, String... command) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--config", write(client).toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Result(exitCode, out.toString(), err.toString());
  }

  static Stream<Arguments> connections() {
    Map<String, String> valid = sasl(Listener.SASL_SSL, PASSWORD);
    return Stream.of(
        arguments(
            "unknown host",
            Map.of("bootstrap.servers", "no-such-host.invalid:9092"),
            "host name of the broker at no-such-host.invalid:9092 cannot be resolved"),
        arguments(
            "plain text to TLS",
            Map.of("bootstrap.servers", broker.bootstrapServers(Listener.SASL_SSL)),
            "uses TLS but kafka.security.protocol is PLAINTEXT; set it to SSL or SASL_SSL"),
        arguments(
            "TLS to plain text",
            with(valid, "bootstrap.servers", broker.bootstrapServers(Listener.PLAINTEXT)),
            "does not use TLS but kafka.security.protocol is SASL_SSL"),
        arguments(
            "no SASL to SASL",
            Map.of("bootstrap.servers", broker.bootstrapServers(Listener.SASL_PLAINTEXT)),
            "requires SASL authentication but kafka.security.protocol is PLAINTEXT; set it to"
                + " SASL_PLAINTEXT"),
        arguments(
            "TLS without SASL to SASL",
            with(valid, "security.protocol", "SSL"),
            "requires SASL authentication but kafka.security.protocol is SSL; set it to SASL_SSL"),
        arguments(
            "SASL to no SASL",
            with(
                sasl(Listener.SASL_PLAINTEXT, PASSWORD),
                "bootstrap.servers",
                broker.bootstrapServers(Listener.PLAINTEXT)),
            "expects no SASL authentication; set kafka.security.protocol = PLAINTEXT"),
        arguments(
            "mechanism",
            with(
                with(valid, "sasl.mechanism", "PLAIN"),
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " username=\"serve\" password=\"right-password\";"),
            "set kafka.sasl.mechanism"),
        arguments(
            "password",
            sasl(Listener.SASL_SSL, "wrong-password"),
            "rejects the user name or password of User:serve (SCRAM-SHA-512)"),
        arguments(
            "login",
            with(
                valid,
                "sasl.jaas.config",
                "ScramLoginModule username=serve password=right-password"),
            "kafka.sasl.jaas.config is invalid"),
        arguments(
            "untrusted",
            with(
                valid,
                "ssl.truststore.location",
                trustStore("untrusted", TestCertificate.authority("stranger"))),
            "its certificate is not trusted; set kafka.ssl.truststore.location"),
        arguments(
            "expired", sasl(Listener.EXPIRED, PASSWORD), "its certificate has expired (NotAfter:"),
        arguments(
            "other host",
            sasl(Listener.OTHER_HOST, PASSWORD),
            "its certificate is not valid for this host"),
        arguments(
            "no client certificate",
            with(
                valid,
                "security.protocol",
                "SSL",
                "bootstrap.servers",
                broker.bootstrapServers(Listener.SSL)),
            "requires a client certificate that it trusts"),
        arguments(
            "unknown client certificate",
            with(
                valid,
                "security.protocol",
                "SSL",
                "bootstrap.servers",
                broker.bootstrapServers(Listener.SSL),
                "ssl.keystore.location",
                TestCertificate.authority("stranger")
                    .writeKeyStore(folder.resolve("stranger.p12"))
                    .toString(),
                "ssl.keystore.password",
                TestCertificate.PASSWORD),
            "requires a client certificate that it trusts"),
        arguments(
            "no trust store",
            with(valid, "ssl.truststore.location", folder.resolve("absent.p12").toString()),
            "absent.p12"),
        arguments(
            "store password",
            with(valid, "ssl.truststore.password", "wrong-password"),
            "trust.p12"));
  }

  private static String trustStore(String name, TestCertificate trusted) {
    return TestCertificate.writeTrustStore(folder.resolve(name + ".p12"), trusted).toString();
  }

  private static Map<String, String> sasl(Listener listener, String password) {
    return broker.client(listener, AccessRole.SERVE.id(), password);
  }

  private static Map<String, String> with(Map<String, String> settings, String... more) {
    Map<String, String> changed = new HashMap<>(settings);
    for (int i = 0; i < more.length; i += 2) {
      changed.put(more[i], more[i + 1]);
    }
    return changed;
  }
}
