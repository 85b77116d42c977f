package io.peerhub.testing.proxy;

/** Which way bytes go through a proxy. */
public enum Direction {
  /** From who has connected to the server behind the proxy. */
  TO_SERVER,
  /** From the server to who has connected. */
  TO_CLIENT
}
