package io.eddy.serving.http;

import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS of a client of other instances, which have a certificate like the server's own. */
public final class TlsClientContext {
  private TlsClientContext() {}

  /**
   * Creates a context that trusts the certificates in the server's files, such as that of the
   * authority that signed all of them, and those that the JVM trusts.
   *
   * @throws HttpListenerException if a file is missing or invalid
   */
  public static SSLContext of(TlsFiles files) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      addJvmAuthorities(trusted);
      addChain(trusted, TlsFileReader.keyManager(files));
      TrustManagerFactory factory = factory(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new HttpListenerException("TLS is not available: " + e.getMessage(), e);
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static void addJvmAuthorities(KeyStore trusted) throws GeneralSecurityException {
    for (TrustManager manager : factory(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager authorities) {
        for (X509Certificate certificate : authorities.getAcceptedIssuers()) {
          trusted.setCertificateEntry("jvm-" + trusted.size(), certificate);
        }
      }
    }
  }

  private static void addChain(KeyStore trusted, X509ExtendedKeyManager own)
      throws GeneralSecurityException {
    for (String keyType : new String[] {"RSA", "EC", "EdDSA"}) {
      String[] aliases = own.getServerAliases(keyType, null);
      for (String alias : aliases == null ? new String[0] : aliases) {
        for (X509Certificate certificate : own.getCertificateChain(alias)) {
          trusted.setCertificateEntry("own-" + trusted.size(), certificate);
        }
      }
    }
  }
}
