package io.eddy.cli.report;

import io.eddy.cli.terminal.Console;
import io.eddy.kafka.access.Permission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints the ACLs of principals as commands of Kafka, as Strimzi resources or as JSON. */
public final class AclReport {
  private final List<Grant> grants;

  /**
   * The permissions of a principal.
   *
   * @param principal such as {@code User:eddy-serve}
   * @param commands the commands that it may run, in words
   */
  public record Grant(String principal, String commands, List<Permission> permissions) {
    public Grant {
      permissions = List.copyOf(permissions);
    }

    /** Returns the principal's name as a Kubernetes resource can have it. */
    String resourceName() {
      return principal
          .substring(principal.indexOf(':') + 1)
          .replaceFirst("^CN=([^,]*).*", "$1")
          .toLowerCase(Locale.ROOT)
          .replaceAll("[^a-z0-9.-]", "-");
    }
  }

  public AclReport(List<Grant> grants) {
    this.grants = List.copyOf(grants);
  }

  /**
   * Prints {@code kafka-acls.sh} commands.
   *
   * @param bootstrapServers of the cluster
   */
  public void printCommands(Console console, String bootstrapServers) {
    console.println("# admin.properties: the client settings of an administrator.");
    for (Grant grant : grants) {
      console.println("%n# %s: %s", grant.principal(), grant.commands());
      grouped(grant.permissions())
          .forEach(
              (shared, resources) ->
                  console.println(
                      "kafka-acls.sh --bootstrap-server %s --command-config admin.properties"
                          + " --add --allow-principal %s%s%s",
                      quoted(bootstrapServers), quoted(grant.principal()), shared, resources));
    }
  }

  /** Groups the permissions that one command can add: the same operations, type and pattern. */
  private static Map<String, String> grouped(List<Permission> permissions) {
    Map<String, String> commands = new LinkedHashMap<>();
    for (Permission permission : permissions) {
      String shared =
          permission.operations().stream()
                  .map(operation -> " --operation " + Permission.name(operation))
                  .collect(Collectors.joining())
              + (permission.isPrefix() ? " --resource-pattern-type prefixed" : "");
      String option = " --" + permission.resourceType();
      commands.merge(
          shared + option, " " + permission.resource().name(), (all, more) -> all + option + more);
    }
    return commands;
  }

  private static String quoted(String text) {
    return text.matches("[a-zA-Z0-9:._,/@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /**
   * Prints {@code KafkaUser} resources for Strimzi's user operator.
   *
   * @param cluster name of the {@code Kafka} resource
   * @param authentication {@code tls} or {@code scram-sha-512}
   */
  public void printKafkaUsers(Console console, String cluster, String authentication) {
    for (Grant grant : grants) {
      console.println(
          """
          ---
          # %s
          apiVersion: kafka.strimzi.io/v1
          kind: KafkaUser
          metadata:
            name: %s
            labels:
              strimzi.io/cluster: %s
          spec:
            authentication:
              type: %s
            authorization:
              type: simple
              acls:\
          """,
          grant.commands(), grant.resourceName(), cluster, authentication);
      for (Permission permission : grant.permissions()) {
        console.println(
            """
            %s- resource:
            %1$s    type: %s
            %1$s    name: %s
            %1$s    patternType: %s
            %1$s  operations: [%s]
            %1$s  host: "*\"\
            """,
            "      ",
            permission.resourceType().equals("transactional-id")
                ? "transactionalId"
                : permission.resourceType(),
            yaml(permission.resource().name()),
            permission.isPrefix() ? "prefix" : "literal",
            operations(permission).stream().collect(Collectors.joining(", ")));
      }
    }
  }

  /** Quotes a name that YAML would read as a number or another type. */
  private static String yaml(String name) {
    return name.matches("[a-zA-Z][a-zA-Z0-9._-]{3,}") && !name.matches("(?i)true|false|null")
        ? name
        : '"' + name + '"';
  }

  private static List<String> operations(Permission permission) {
    return permission.operations().stream().map(Permission::name).toList();
  }

  /** An access control list as JSON has it. */
  private record Acl(
      String resourceType,
      String resourceName,
      String patternType,
      List<String> operations,
      String host) {
    static Acl of(Permission permission) {
      return new Acl(
          permission.resourceType(),
          permission.resource().name(),
          permission.isPrefix() ? "prefixed" : "literal",
          AclReport.operations(permission),
          "*");
    }
  }

  private record PrincipalAcls(String principal, String commands, List<Acl> acls) {}

  /** Prints a JSON array with an object for each principal. */
  public void printJson(Console console) {
    List<PrincipalAcls> all = new ArrayList<>();
    for (Grant grant : grants) {
      all.add(
          new PrincipalAcls(
              grant.principal(),
              grant.commands(),
              grant.permissions().stream().map(Acl::of).toList()));
    }
    console.println("%s", Json.writePretty(all));
  }
}
