package io.eddy.serving;

import io.eddy.kafka.config.EddyConfig;
import io.eddy.kafka.config.HttpSettings.Address;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The address at which other instances reach a server: {@code http.advertised}, or else the host of
 * {@code http.listen}, or the machine's IP address if the server listens on every interface.
 *
 * @param text as {@code application.server} has it
 */
record AdvertisedAddress(String text, HostInfo host) {
  static final AdvertisedAddress NONE = new AdvertisedAddress("", HostInfo.unavailable());

  /**
   * Returns the address of a server.
   *
   * @param config with an address to listen on
   * @param port that the server listens on
   */
  static AdvertisedAddress of(EddyConfig config, int port) {
    Object set = config.client().get(StreamsConfig.APPLICATION_SERVER_CONFIG);
    if (set != null) {
      Address address = Address.parse(set.toString());
      return new AdvertisedAddress(
          address.toString(), new HostInfo(address.host(), address.port()));
    }
    String listen = Objects.requireNonNull(config.http().listen()).host();
    String host = isEveryInterface(listen) ? machine() : listen;
    return new AdvertisedAddress(new Address(host, port).toString(), new HostInfo(host, port));
  }

  private static boolean isEveryInterface(String host) {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the IP address of the machine's host name, or that of its first interface. */
  private static String machine() {
    try {
      InetAddress named = InetAddress.getLocalHost();
      if (!named.isLoopbackAddress()) {
        return named.getHostAddress();
      }
      Optional<InetAddress> first =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
              .findFirst();
      return first.orElse(named).getHostAddress();
    } catch (IOException e) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
  }
}
