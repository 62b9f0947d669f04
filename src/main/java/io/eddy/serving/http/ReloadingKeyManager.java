package io.eddy.serving.http;

import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate and key, which are read again when their files change. If the new ones
 * are invalid, the previous ones remain in use.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private static final Logger log = LoggerFactory.getLogger(ReloadingKeyManager.class);
  private static final Duration CHECK_PERIOD = Duration.ofSeconds(30);

  private final TlsFiles files;
  private final LongSupplier nanoTime;
  private X509ExtendedKeyManager current;
  private List<FileTime> times;
  private long checkedNs;

  ReloadingKeyManager(TlsFiles files) {
    this(files, System::nanoTime);
  }

  ReloadingKeyManager(TlsFiles files, LongSupplier nanoTime) {
    this.files = files;
    this.nanoTime = nanoTime;
    checkedNs = nanoTime.getAsLong();
    times = times();
    current = TlsFileReader.keyManager(files);
  }

  private List<FileTime> times() {
    List<FileTime> found = new ArrayList<>();
    found.add(time(files.keystore()));
    if (files.key() != null) {
      found.add(time(files.key()));
    }
    return found;
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private synchronized X509ExtendedKeyManager current() {
    long nowNs = nanoTime.getAsLong();
    if (nowNs - checkedNs > CHECK_PERIOD.toNanos()) {
      checkedNs = nowNs;
      List<FileTime> now = times();
      if (!now.equals(times)) {
        times = now;
        reload();
      }
    }
    return current;
  }

  private void reload() {
    try {
      current = TlsFileReader.keyManager(files);
      log.info("read the new certificate of the HTTP server");
    } catch (HttpListenerException e) {
      log.error("the previous certificate remains in use: {}", e.getMessage());
    }
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return current().chooseEngineServerAlias(keyType, issuers, engine);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return current().chooseServerAlias(keyType, issuers, socket);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return current().getServerAliases(keyType, issuers);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return current().getCertificateChain(alias);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return current().getPrivateKey(alias);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }
}
