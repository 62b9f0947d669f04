package io.eddy.serving.http;

import io.eddy.kafka.config.HttpSettings.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Reads a certificate chain and its private key from PKCS12 or PEM files. */
final class TlsFileReader {
  private static final String KEYSTORE = "http.tls.keystore";
  private static final String KEY = "http.tls.key";
  private static final Pattern PEM_CERTIFICATES =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
  private static final Pattern PEM_KEY =
      Pattern.compile(
          "-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END [A-Z ]*PRIVATE KEY-----",
          Pattern.DOTALL);
  private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};

  private TlsFileReader() {}

  /**
   * Reads the files.
   *
   * @throws HttpListenerException if a file is missing or invalid
   */
  static X509ExtendedKeyManager keyManager(TlsFiles files) {
    byte[] content = read(KEYSTORE, files.keystore());
    String text = new String(content, StandardCharsets.ISO_8859_1);
    char[] password =
        files.password() == null ? new char[0] : files.password().value().toCharArray();
    try {
      KeyStore store =
          text.contains("-----BEGIN ") ? pem(files, text, password) : pkcs12(content, password);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw invalid(KEYSTORE, files.keystore(), e);
    }
  }

  private static byte[] read(String setting, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new HttpListenerException("%s: %s: no such file".formatted(setting, file), e);
    } catch (IOException e) {
      throw invalid(setting, file, e);
    }
  }

  private static HttpListenerException invalid(String setting, Path file, Exception error) {
    return new HttpListenerException(
        "%s: %s: cannot be read as a PKCS12 or PEM file with a certificate and its key: %s"
            .formatted(setting, file, error.getMessage()),
        error);
  }

  private static KeyStore pkcs12(byte[] content, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(content), password);
    return store;
  }

  private static KeyStore pem(TlsFiles files, String text, char[] password)
      throws GeneralSecurityException, IOException {
    Path keyFile = files.key() == null ? files.keystore() : files.key();
    String setting = files.key() == null ? KEYSTORE : KEY;
    String keyText =
        files.key() == null ? text : new String(read(KEY, keyFile), StandardCharsets.ISO_8859_1);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", key(setting, keyFile, keyText), password, chain(text));
    return store;
  }

  private static Certificate[] chain(String text) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    Certificate[] chain =
        PEM_CERTIFICATES
            .matcher(text)
            .results()
            .map(match -> certificate(factory, match.group()))
            .toArray(Certificate[]::new);
    if (chain.length == 0) {
      throw new CertificateException("it has no certificate");
    }
    return chain;
  }

  private static Certificate certificate(CertificateFactory factory, String pem) {
    try {
      return factory.generateCertificate(
          new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (CertificateException e) {
      throw new HttpListenerException(KEYSTORE + ": invalid certificate: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(String setting, Path file, String text) {
    Matcher matcher = PEM_KEY.matcher(text);
    if (!matcher.find()) {
      throw new HttpListenerException(
          "%s: %s: it has no private key".formatted(setting, file), new IllegalArgumentException());
    }
    if (!matcher.group(1).equals("PRIVATE KEY")) {
      throw new HttpListenerException(
          ("%s: %s: expected an unencrypted PKCS#8 key (BEGIN PRIVATE KEY), got BEGIN %s; convert"
                  + " it with `openssl pkcs8 -topk8 -nocrypt -in %s`")
              .formatted(setting, file, matcher.group(1), file),
          new IllegalArgumentException());
    }
    PrivateKey key = decode(Base64.getMimeDecoder().decode(matcher.group(2)));
    if (key == null) {
      throw new HttpListenerException(
          "%s: %s: expected an RSA, EC or Ed25519 key".formatted(setting, file),
          new IllegalArgumentException());
    }
    return key;
  }

  private static @Nullable PrivateKey decode(byte[] der) {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // A key of another algorithm.
      }
    }
    return null;
  }
}
