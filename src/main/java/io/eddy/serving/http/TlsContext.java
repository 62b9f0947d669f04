package io.eddy.serving.http;

import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/** TLS 1.2 and 1.3 with the certificate and key of files. */
final class TlsContext {
  private final SSLContext context;

  private TlsContext(SSLContext context) {
    this.context = context;
  }

  /**
   * Reads the files.
   *
   * @throws HttpListenerException if a file is missing or invalid
   */
  static TlsContext of(TlsFiles files) {
    return of(new ReloadingKeyManager(files));
  }

  static TlsContext of(ReloadingKeyManager keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {keys}, null, null);
      return new TlsContext(context);
    } catch (GeneralSecurityException e) {
      throw new HttpListenerException("TLS is not available: " + e.getMessage(), e);
    }
  }

  SSLContext context() {
    return context;
  }
}
