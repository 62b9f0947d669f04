package io.eddy.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eddy.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The output of {@code eddy acls}. */
class AclsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** The options of the commands add up to the ACLs of the JSON form. */
  @Test
  void commandsAddTheAclsOfJson() throws IOException {
    String[] settings = {"--set=application.id=plant", "--set=events.key=meter"};
    assertThat(run(settings)).isZero();
    Set<String> commands = new TreeSet<>();
    out.toString()
        .lines()
        .filter(line -> line.startsWith("kafka-acls.sh "))
        .forEach(line -> commands.addAll(aclsOf(line)));
    out.getBuffer().setLength(0);
    assertThat(run("--format=json", settings[0], settings[1])).isZero();
    Set<String> json = new TreeSet<>();
    for (JsonNode grant : new ObjectMapper().readTree(out.toString())) {
      for (JsonNode acl : grant.get("acls")) {
        for (JsonNode operation : acl.get("operations")) {
          json.add(
              String.join(
                  " ",
                  grant.get("principal").asText(),
                  operation.asText(),
                  acl.get("resourceType").asText(),
                  acl.get("resourceName").asText(),
                  acl.get("patternType").asText()));
        }
      }
    }

    assertThat(commands)
        .hasSizeGreaterThan(60)
        .contains(
            "User:plant-serve Create topic plant-series- prefixed",
            "User:plant-verify Describe group plant literal")
        .isEqualTo(json);
  }

  private static List<String> aclsOf(String command) {
    String[] words = command.split(" ", -1);
    List<String> operations = new ArrayList<>();
    List<String> resources = new ArrayList<>();
    String principal = "";
    String pattern = "literal";
    for (int i = 1; i < words.length - 1; i++) {
      switch (words[i]) {
        case "--operation" -> operations.add(words[i + 1]);
        case "--allow-principal" -> principal = words[i + 1];
        case "--resource-pattern-type" -> pattern = words[i + 1];
        case "--topic", "--group", "--transactional-id" ->
            resources.add(words[i].substring(2) + " " + words[i + 1]);
        default -> {}
      }
    }
    List<String> acls = new ArrayList<>();
    for (String operation : operations) {
      for (String resource : resources) {
        acls.add(String.join(" ", principal, operation, resource, pattern));
      }
    }
    return acls;
  }

  @Test
  void secretsAreNotPrinted() {
    for (String format : List.of("commands", "kafkauser", "json")) {
      assertThat(
              run(
                  "--format=" + format,
                  "--set=kafka.ssl.key.password=s3cret",
                  "--set=http.token=s3cret-s3cret-s3cret"))
          .isZero();
    }

    assertThat(out.toString()).isNotEmpty().doesNotContain("s3cret");
  }

  @Test
  void principalsAreQuotedForTheShell() {
    assertThat(run("--for=feed", "--principal=User:CN=a b,O=c")).isZero();

    assertThat(out.toString()).contains("--allow-principal 'User:CN=a b,O=c' --operation Read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--for=nobody | --for: expected serve, train",
        "--principal=forecaster | --principal: expected a type and a name",
        "--format=yaml | --format: expected commands, kafkauser or json"
      })
  void rejectsOption(String option, String message) {
    assertThat(run(option)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("acls"));
    command.addAll(List.of(arguments));
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(command.toArray(String[]::new));
  }
}
