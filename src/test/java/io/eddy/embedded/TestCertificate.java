package io.eddy.embedded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its key, encoded as X.509 by hand: the JDK has no public API to create
 * certificates.
 */
public final class TestCertificate {
  /** Password of every key store and trust store. */
  public static final String PASSWORD = "store-password";

  private static final byte[] ECDSA_WITH_SHA256 =
      sequence(oid(new int[] {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02}));
  private static final byte[] BASIC_CONSTRAINTS = oid(new int[] {0x55, 0x1d, 0x13});
  private static final DateTimeFormatter UTC_TIME =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String name;
  private final KeyPair keys;
  private final List<Certificate> chain;

  private TestCertificate(String name, KeyPair keys, List<Certificate> chain) {
    this.name = name;
    this.keys = keys;
    this.chain = chain;
  }

  /** Creates a self-signed certificate of an authority, valid for a day. */
  public static TestCertificate authority(String name) {
    return create(name, null, Instant.now().plus(Duration.ofDays(1)), List.of());
  }

  /**
   * Creates a certificate that this authority signs.
   *
   * @param to end of its validity; it begins 30 days ago
   * @param hosts IP addresses or host names that it is valid for
   */
  public TestCertificate sign(String subject, Instant to, String... hosts) {
    return create(subject, this, to, List.of(hosts));
  }

  private static TestCertificate create(
      String subject, @Nullable TestCertificate authority, Instant to, List<String> hosts) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      TestCertificate issuer =
          authority == null ? new TestCertificate(subject, keys, List.of()) : authority;
      Instant from = Instant.now().minus(Duration.ofDays(30));
      byte[] extension =
          authority == null
              ? sequence(BASIC_CONSTRAINTS, tag(0x04, sequence(tag(0x01, new byte[] {-1}))))
              : alternativeNames(hosts);
      byte[] body =
          sequence(
              tag(0xa0, tag(0x02, new byte[] {2})),
              tag(
                  0x02,
                  BigInteger.valueOf(Integer.toUnsignedLong(subject.hashCode())).toByteArray()),
              ECDSA_WITH_SHA256,
              distinguishedName(issuer.name),
              sequence(time(from), time(to)),
              distinguishedName(subject),
              keys.getPublic().getEncoded(),
              tag(0xa3, sequence(extension)));
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(issuer.keys.getPrivate());
      signature.update(body);
      byte[] encoded =
          sequence(body, ECDSA_WITH_SHA256, tag(0x03, new byte[] {0}, signature.sign()));
      List<Certificate> chain = new ArrayList<>();
      chain.add(
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(encoded)));
      chain.addAll(issuer.chain);
      return new TestCertificate(subject, keys, chain);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the key and the certificate as a PKCS#12 key store. */
  public Path writeKeyStore(Path file) {
    return write(
        file,
        store ->
            store.setKeyEntry(
                "key",
                keys.getPrivate(),
                PASSWORD.toCharArray(),
                chain.toArray(Certificate[]::new)));
  }

  /** Writes a PKCS#12 trust store with several certificates. */
  public static Path writeTrustStore(Path file, TestCertificate... trusted) {
    return write(
        file,
        store -> {
          for (int i = 0; i < trusted.length; i++) {
            store.setCertificateEntry("trusted-" + i, trusted[i].chain.get(0));
          }
        });
  }

  private interface Entries {
    void addTo(KeyStore store) throws GeneralSecurityException;
  }

  private static Path write(Path file, Entries entries) {
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      entries.addTo(store);
      store.store(out, PASSWORD.toCharArray());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] distinguishedName(String commonName) {
    return sequence(
        tag(
            0x31,
            sequence(
                oid(new int[] {0x55, 0x04, 0x03}),
                tag(0x0c, commonName.getBytes(StandardCharsets.UTF_8)))));
  }

  private static byte[] alternativeNames(List<String> hosts) throws IOException {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (String host : hosts) {
      boolean isAddress = Character.isDigit(host.charAt(0));
      names.writeBytes(
          isAddress
              ? tag(0x87, InetAddress.getByName(host).getAddress())
              : tag(0x82, host.getBytes(StandardCharsets.US_ASCII)));
    }
    return sequence(oid(new int[] {0x55, 0x1d, 0x11}), tag(0x04, sequence(names.toByteArray())));
  }

  private static byte[] time(Instant at) {
    return tag(0x17, UTC_TIME.format(at).getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] oid(int[] bytes) {
    byte[] encoded = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      encoded[i] = (byte) bytes[i];
    }
    return tag(0x06, encoded);
  }

  private static byte[] sequence(byte[]... parts) {
    return tag(0x30, parts);
  }

  /** Encodes tag, length and contents. */
  private static byte[] tag(int tag, byte[]... parts) {
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      contents.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = contents.size();
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(contents.toByteArray());
    return out.toByteArray();
  }
}
