package io.eddy.kafka.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.SettingSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of ACLs in the documentation. */
class SecurityDocumentTest {
  private static final Path DOCUMENT = Path.of("src/docs/security.md");
  private static final String HEADER = "| Role | Commands | ACLs |\n| --- | --- | --- |\n";

  /** Rewrites the table if the system property {@code eddy.update} is set. */
  @Test
  void tableHasAclsOfDefaultSettings() throws IOException {
    EddyConfig config = new SettingSources().load();
    String table =
        Stream.of(AccessRole.values())
            .map(role -> row(config, role))
            .collect(Collectors.joining("", HEADER, "\n"));
    String text = Files.readString(DOCUMENT);
    if (Boolean.getBoolean("eddy.update")) {
      int begin = text.indexOf(HEADER);
      Files.writeString(
          DOCUMENT,
          text.substring(0, begin) + table + text.substring(text.indexOf("\n\n", begin) + 2));
    }

    assertThat(Files.readString(DOCUMENT)).contains(table);
  }

  private static String row(EddyConfig config, AccessRole role) {
    return RequiredAccess.of(config.stream().topics(), config.deployment(), List.of(role)).stream()
        .map(permission -> "`" + permission + "`")
        .collect(
            Collectors.joining(
                "<br>", "| `%s` | %s | ".formatted(role.id(), role.commands()), " |\n"));
  }
}
