package io.peerhub.bench;

import io.peerhub.hub.DeviceAccess;
import io.peerhub.identity.device.Device;
import io.peerhub.protocol.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes the guests of a storm devices, all with one key.
 *
 * <pre>
 *   Enrolment DATA PEERS KEY_FILE
 * </pre>
 */
public final class Enrolment {
  private Enrolment() {}

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    byte[] key = Files.readAllBytes(Path.of(arguments[2]));
    int peers = Integer.parseInt(arguments[1]);
    try (DeviceAccess access = DeviceAccess.open(Map.of("peerhub.data", arguments[0]), true)) {
      for (int i = 0; i < peers; i++) {
        Identity identity = new Identity(name(i));
        access.desk().add(identity, Device.Status.APPROVED, Map.of());
        access.desk().give(identity, key, true);
      }
    }
    System.out.println(peers + " devices are enrolled");
  }

  static String name(int guest) {
    return "storm-%05d".formatted(guest);
  }
}
