package io.eddy.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.protocol.ApiKeys;
import picocli.CommandLine;

/**
 * Loads the classes that short commands use, so that the JVM records them for an archive of class
 * data ({@code -XX:DumpLoadedClassList}). The archive shortens the start of every command. Needs no
 * broker: classes that only an answer would load are loaded by name.
 *
 * <p>The launcher and the image run it once after a build.
 */
public final class ClassListRun {
  private static final long CONNECTION_ATTEMPT_MS = 1500;
  private static final String UNREACHABLE_BROKER = "127.0.0.1:1";
  private static final Pattern CLIENT_CLASSES =
      Pattern.compile(
          "org/apache/kafka/(common/(message|requests|errors|protocol|record|network|utils|metrics"
              + "|serialization|config|cluster|internals|telemetry)"
              + "|clients|clients/(admin|consumer|producer)|clients/(admin|consumer)/internals)"
              + "(/(types|internals|stats))*/[^/]+\\.class");

  private ClassListRun() {}

  public static void main(String[] arguments) throws InterruptedException, IOException {
    Locale.setDefault(Locale.ROOT);
    CommandLine commands = Main.commandLine();
    PrintWriter silence = new PrintWriter(Writer.nullWriter());
    help(commands, silence);
    Thread connection =
        new Thread(() -> connect(commands.setOut(silence).setErr(silence)), "class-list");
    connection.setDaemon(true);
    connection.start();
    loadClientClasses();
    // Its initializer links many lambdas.
    var unused = ApiKeys.values();
    connection.join(CONNECTION_ATTEMPT_MS);
    System.exit(0);
  }

  private static void help(CommandLine command, PrintWriter out) {
    command.usage(out);
    command.getSubcommands().values().forEach(subcommand -> help(subcommand, out));
  }

  private static void connect(CommandLine commands) {
    var unused =
        commands.execute("models", "list", "--json", "--bootstrap-servers", UNREACHABLE_BROKER);
  }

  private static void loadClientClasses() throws IOException {
    String location =
        KafkaConsumer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try (JarFile jar = new JarFile(Path.of(location).toFile())) {
      jar.stream()
          .map(JarEntry::getName)
          .filter(name -> CLIENT_CLASSES.matcher(name).matches())
          .forEach(ClassListRun::load);
    }
  }

  private static void load(String entry) {
    String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    try {
      Class.forName(name, false, ClassListRun.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      // The class depends on an optional library; commands do not use it either.
    }
  }
}
