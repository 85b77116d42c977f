package io.peerhub.launcher;

import io.peerhub.identity.device.Device;
import io.peerhub.identity.device.DeviceDesk;
import io.peerhub.identity.proof.PasswordHash;
import io.peerhub.protocol.Identity;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The devices of a hub, and what an operator does to them. */
@Command(
    name = "device",
    description = {
      "Add devices, list them, let them in and shut them out, give them keys.",
      "Works by the hub's database (--data, or HUB_DB_URL), whether a node runs or not; one that"
          + " does hears of it at once."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class Devices implements Runnable {
  private static final String NAME = "NAME[/DEVICE]";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command");
  }

  @Command(
      name = "add",
      description = "Add a device with a key; without one, a new key is made and printed once.",
      mixinStandardHelpOptions = true)
  void add(
      @Parameters(paramLabel = NAME) String name,
      @Option(
              names = "--label",
              paramLabel = "KEY=VALUE",
              description = "what rules may speak of; repeatable")
          Map<String, String> labels,
      @Option(names = "--pending", description = "it comes in once it is approved")
          boolean isPending,
      @Mixin KeyInput input,
      @Mixin DeviceStore store) {
    Identity identity = store.identity(name);
    KeyInput.Given given = input.key();
    Device.Status status = isPending ? Device.Status.PENDING : Device.Status.APPROVED;
    Map<String, String> all = labels == null ? Map.of() : labels;
    store.open(
        true,
        hub -> {
          DeviceDesk desk = hub.desk();
          // Before the row: a device without its key would be there if there is no master key.
          desk.prepare();
          if (!desk.add(identity, status, all)) {
            throw Failure.failed(
                "there is a device " + identity + " already; rotate gives it another key", null);
          }
          desk.give(identity, given.key(), true);
          say(desk, identity, store, given.isNew() ? given.text() : null);
        });
  }

  @Command(
      name = "list",
      description = "Print the devices, in the order of their names.",
      mixinStandardHelpOptions = true)
  void list(
      @Option(
              names = "--status",
              paramLabel = "STATUS",
              description = "pending, approved or disabled")
          Device.Status status,
      @Mixin DeviceStore store) {
    PrintWriter out = spec.commandLine().getOut();
    store.open(
        false,
        hub -> {
          DeviceDesk desk = hub.desk();
          if (!store.isJson()) {
            out.println(DeviceLine.head());
          }
          Optional<Identity> after = Optional.empty();
          List<Device> page;
          do {
            page = desk.page(after, DeviceDesk.PAGE_MAX, Optional.ofNullable(status));
            for (Device device : page) {
              out.println(store.isJson() ? DeviceLine.json(device, null) : DeviceLine.row(device));
              after = Optional.of(device.identity());
            }
          } while (page.size() == DeviceDesk.PAGE_MAX);
        });
  }

  @Command(
      name = "approve",
      description = "Let a device in that is pending or disabled.",
      mixinStandardHelpOptions = true)
  void approve(@Parameters(paramLabel = NAME) String name, @Mixin DeviceStore store) {
    set(name, Device.Status.APPROVED, store);
  }

  @Command(
      name = "disable",
      description = "Shut a device out; its sessions end on every node.",
      mixinStandardHelpOptions = true)
  void disable(@Parameters(paramLabel = NAME) String name, @Mixin DeviceStore store) {
    set(name, Device.Status.DISABLED, store);
  }

  @Command(
      name = "rotate",
      description = {
        "Give a device another key; the newest one before stays valid beside it.",
        "Without a key, a new one is made and printed once."
      },
      mixinStandardHelpOptions = true)
  void rotate(
      @Parameters(paramLabel = NAME) String name,
      @Option(names = "--only", description = "the keys before it end now") boolean isAlone,
      @Mixin KeyInput input,
      @Mixin DeviceStore store) {
    Identity identity = store.identity(name);
    KeyInput.Given given = input.key();
    store.open(
        false,
        hub -> {
          DeviceDesk desk = hub.desk();
          if (!desk.give(identity, given.key(), isAlone)) {
            throw DeviceStore.unknown(identity);
          }
          say(desk, identity, store, given.isNew() ? given.text() : null);
        });
  }

  @Command(
      name = "password",
      description = "Give a device a password, in place of the one before.",
      mixinStandardHelpOptions = true)
  void password(
      @Parameters(paramLabel = NAME) String name,
      @Mixin PasswordInput input,
      @Mixin DeviceStore store) {
    Identity identity = store.identity(name);
    PasswordInput.Given given = input.password();
    store.open(
        false,
        hub -> {
          DeviceDesk desk = hub.desk();
          String hash = PasswordHash.of(given.password(), hub.passwordCost()).text();
          if (!desk.givePassword(identity, hash)) {
            throw DeviceStore.unknown(identity);
          }
          say(desk, identity, store, given.isNew() ? given.password() : null);
        });
  }

  @Command(
      name = "label",
      description = "Write labels of a device, which rules may speak of; KEY= removes one.",
      mixinStandardHelpOptions = true)
  void label(
      @Parameters(index = "0", paramLabel = NAME) String name,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE")
          Map<String, String> labels,
      @Mixin DeviceStore store) {
    Identity identity = store.identity(name);
    List<String> gone =
        labels.keySet().stream().filter(key -> labels.get(key).isEmpty()).sorted().toList();
    labels.keySet().removeAll(gone);
    store.open(
        false,
        hub -> {
          DeviceDesk desk = hub.desk();
          if (!desk.label(identity, labels, gone)) {
            throw DeviceStore.unknown(identity);
          }
          say(desk, identity, store, null);
        });
  }

  @Command(
      name = "reseal",
      description = {
        "Seal all keys again by the first of the master keys, so that the others can go.",
        "To be run when every node has the new one."
      },
      mixinStandardHelpOptions = true)
  void reseal(@Mixin DeviceStore store) {
    PrintWriter out = spec.commandLine().getOut();
    store.open(
        false,
        hub -> {
          DeviceDesk desk = hub.desk();
          DeviceDesk.Resealed done = desk.reseal();
          out.println(
              store.isJson()
                  ? "{\"sealed\":%d,\"unopened\":%d}".formatted(done.count(), done.unopened())
                  : "sealed again: " + done.count());
          if (done.unopened() > 0) {
            throw Failure.failed(
                done.unopened() + " keys open by none of the master keys, and were left", null);
          }
        });
  }

  private void set(String name, Device.Status status, DeviceStore store) {
    Identity identity = store.identity(name);
    store.open(
        false,
        hub -> {
          DeviceDesk desk = hub.desk();
          if (!desk.set(identity, status)) {
            throw DeviceStore.unknown(identity);
          }
          say(desk, identity, store, null);
        });
  }

  /**
   * What the device is like now.
   *
   * @param secret what was made for it and nobody could know otherwise; null if nothing was
   */
  private void say(DeviceDesk desk, Identity identity, DeviceStore store, String secret)
      throws SQLException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    Device device = desk.find(identity).orElseThrow(() -> DeviceStore.unknown(identity));
    if (store.isJson()) {
      out.println(DeviceLine.json(device, secret));
      return;
    }
    out.println(identity + " is " + DeviceLine.word(device.status()));
    if (secret != null) {
      out.println("its secret, which is not shown again: " + secret);
    }
  }
}
