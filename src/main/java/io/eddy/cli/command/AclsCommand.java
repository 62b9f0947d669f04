package io.eddy.cli.command;

import io.eddy.cli.option.ConnectionOptions;
import io.eddy.cli.report.AclReport;
import io.eddy.cli.report.AclReport.Grant;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.kafka.access.AccessRole;
import io.eddy.kafka.access.RequiredAccess;
import io.eddy.kafka.config.EddyConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy acls}. */
@Command(
    name = "acls",
    description = {
      "Prints the ACLs that Eddy's commands need on a Kafka cluster with an authorizer, and no"
          + " others.",
      "They follow from the settings: names of topics, application.id and processing guarantee."
          + " Nothing is sent to a broker."
    },
    mixinStandardHelpOptions = true)
public final class AclsCommand implements Callable<Integer> {
  private static final String KAFKA_USER_PREFIX = "User:";

  /** Names of the roles, for help and completion. */
  static final class RoleNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    RoleNames() {
      super(Stream.of(AccessRole.values()).map(AccessRole::id).toList());
    }
  }

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--for",
      paramLabel = "ROLE",
      split = ",",
      completionCandidates = RoleNames.class,
      description =
          "Print only the ACLs of these roles: ${COMPLETION-CANDIDATES}. Default: all of them, each"
              + " for a principal of its own.")
  private List<String> roles = List.of();

  @Option(
      names = "--principal",
      paramLabel = "PRINCIPAL",
      description =
          "Principal that has all these roles, such as User:forecaster. Default: User:, the"
              + " application.id and the role, as in User:eddy-serve.")
  private @Nullable String principal;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "commands",
      description =
          "Form of the output: commands (of Kafka's kafka-acls.sh), kafkauser (resources for"
              + " Strimzi's user operator) or json. Default: ${DEFAULT-VALUE}.")
  private String format = "commands";

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      defaultValue = "my-cluster",
      description =
          "Name of the Kafka resource that KafkaUser resources refer to. Default:"
              + " ${DEFAULT-VALUE}.")
  private String cluster = "my-cluster";

  @Override
  public Integer call() {
    if (principal != null && !principal.matches("\\w+:.+")) {
      throw new UsageException(
          "--principal: expected a type and a name, such as User:forecaster, got '%s'"
              .formatted(principal));
    }
    List<AccessRole> wanted =
        roles.isEmpty()
            ? List.of(AccessRole.values())
            : roles.stream().map(AclsCommand::role).distinct().toList();
    EddyConfig settings = connection.settings();
    AclReport report = new AclReport(grants(settings, wanted));
    Console console = Console.of(spec);
    switch (format) {
      case "commands" -> report.printCommands(console, settings.bootstrapServers());
      case "kafkauser" -> report.printKafkaUsers(console, cluster, authentication(settings));
      case "json" -> report.printJson(console);
      default ->
          throw new UsageException(
              "--format: expected commands, kafkauser or json, got '%s'".formatted(format));
    }
    return ExitCode.OK;
  }

  private static AccessRole role(String name) {
    return Stream.of(AccessRole.values())
        .filter(role -> role.id().equals(name.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--for: expected %s, got '%s'"
                        .formatted(String.join(", ", new RoleNames()), name)));
  }

  private List<Grant> grants(EddyConfig settings, List<AccessRole> wanted) {
    if (principal != null) {
      return List.of(grant(settings, principal, wanted));
    }
    return wanted.stream()
        .map(
            role ->
                grant(
                    settings,
                    KAFKA_USER_PREFIX + settings.applicationId() + "-" + role.id(),
                    List.of(role)))
        .toList();
  }

  private static Grant grant(EddyConfig settings, String principal, List<AccessRole> roles) {
    return new Grant(
        principal,
        roles.stream().map(AccessRole::commands).collect(Collectors.joining("; ")),
        RequiredAccess.of(settings.stream().topics(), settings.deployment(), roles));
  }

  /** Returns the authentication of Strimzi's users that the settings use. */
  private static String authentication(EddyConfig settings) {
    return "SSL".equals(settings.client().get("security.protocol")) ? "tls" : "scram-sha-512";
  }
}
