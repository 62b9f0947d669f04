package io.eddy.cli.command;

import io.eddy.cli.report.Json;
import io.eddy.cli.terminal.Console;
import io.eddy.cli.terminal.ExitCode;
import io.eddy.cli.terminal.UsageException;
import io.eddy.model.InvalidModelException;
import io.eddy.rollout.SigningKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy models keygen}. */
@Command(
    name = "keygen",
    description = {
      "Makes a pair of Ed25519 keys to sign versions with.",
      "The private one is written to a file that only its owner can read, the public one is"
          + " printed: it belongs into models.trusted-keys of every forecaster."
    },
    mixinStandardHelpOptions = true)
final class ModelsKeygenCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "eddy.key",
      description = "File for the private key, PKCS#8 in PEM. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("eddy.key");

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  @Override
  public Integer call() throws IOException {
    KeyPair pair = SigningKeys.generate();
    try (var channel =
        Files.newByteChannel(
            out, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
      channel.write(StandardCharsets.US_ASCII.encode(SigningKeys.encode(pair.getPrivate())));
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(out + " exists already; keys are not overwritten");
    }
    String publicKey = SigningKeys.encode(pair.getPublic());
    Console.of(spec)
        .println(
            "%s", isJson ? Json.write(new Result(out.toString(), publicKey.strip())) : publicKey);
    return ExitCode.OK;
  }

  private record Result(String file, String publicKey) {}

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Reads the private key from a file. */
  static PrivateKey read(Path file) {
    try {
      return SigningKeys.privateKey(Files.readString(file));
    } catch (IOException e) {
      throw new InvalidModelException("cannot read %s: %s", file, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new InvalidModelException("%s: %s", file, e.getMessage());
    }
  }
}
