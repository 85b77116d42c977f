package io.peerhub.client;

/**
 * Where a hub listens.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65,535
 */
public record ServerAddress(String host, int port) {
  /** The port of a hub that was not told another. */
  public static final int DEFAULT_PORT = 37888;

  public ServerAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("a server without a host");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not within 1 to 65,535");
    }
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static ServerAddress parse(String text) {
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0) {
        throw new IllegalArgumentException("no ] in the address of a server");
      }
      return of(text.substring(1, close), text.substring(close + 1));
    }
    int colon = text.lastIndexOf(':');
    return colon < 0
        ? new ServerAddress(text, DEFAULT_PORT)
        : of(text.substring(0, colon), text.substring(colon));
  }

  private static ServerAddress of(String host, String colonAndPort) {
    if (colonAndPort.isEmpty()) {
      return new ServerAddress(host, DEFAULT_PORT);
    }
    if (!colonAndPort.startsWith(":")) {
      throw new IllegalArgumentException("no port after the host of a server");
    }
    return new ServerAddress(host, Integer.parseInt(colonAndPort.substring(1)));
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
