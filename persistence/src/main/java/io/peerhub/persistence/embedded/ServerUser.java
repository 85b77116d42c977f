package io.peerhub.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * As whom the server runs. PostgreSQL refuses to run as root, and containers and continuous
 * integration often are root, so root takes one of two ways round:
 *
 * <ul>
 *   <li>a user namespace of its own ({@code unshare -U}), in which it is nobody while the files
 *       remain root's; or, where the machine forbids that,
 *   <li>the user 65534 ({@code setpriv}), to whom the cluster is then given.
 * </ul>
 *
 * @param prefix what is put in front of a command
 * @param owner who must own the cluster, 0 or above, or -1 for whoever runs the node
 */
record ServerUser(List<String> prefix, int owner) {

  private static final int NOBODY = 65534;

  static ServerUser choose() throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      return new ServerUser(List.of(), -1);
    }
    if (works("unshare", "-U", "true")) {
      return new ServerUser(List.of("unshare", "-U"), -1);
    }
    List<String> setpriv =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    if (works("setpriv", "--version")) {
      return new ServerUser(setpriv, NOBODY);
    }
    throw new IOException(
        "PostgreSQL does not run as root, and neither unshare nor setpriv (util-linux) works here:"
            + " start the hub as another user, or set HUB_DB_URL");
  }

  List<String> command(List<String> command) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    return whole;
  }

  /** Lets the server's user pass through the data directory to what is its own. */
  void letThrough(DataDirectory data) throws IOException {
    if (owner >= 0) {
      DataDirectory.permit(data.root(), "rwx--x--x");
    }
  }

  void give(Path cluster) throws IOException {
    if (owner >= 0) {
      Files.setAttribute(cluster, "unix:uid", owner);
      Files.setAttribute(cluster, "unix:gid", owner);
    }
  }

  private static boolean works(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
