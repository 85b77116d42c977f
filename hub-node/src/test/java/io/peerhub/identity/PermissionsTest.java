package io.peerhub.identity;

import static io.peerhub.Patience.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.typesafe.config.ConfigFactory;
import io.peerhub.protocol.Address;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionsTest {
  private static final List<String> SENDERS =
      List.of("alice", "alice/phone", "sensor-1", "sensor-1/a", "ops", "mallory");
  private static final List<String> RECEIVERS =
      List.of(
          "alice",
          "alice/phone",
          "alice/*",
          "vault",
          "vault/*",
          "vault/a",
          "room:yard",
          "room:board",
          "service:ingest",
          "all:");

  /** A hub with sensors, people and operators. */
  private static final Permissions HOUSE =
      new Permissions(
          PermissionSettings.closed(
              "allow * send,ask ~/*",
              "allow sensor-*/* send service:ingest",
              "allow ops serve service:*",
              "allow role=person send,ask alice/*,room:*",
              "allow role=person join room:y*",
              "allow role=operator * *",
              "deny * send vault/*",
              "deny * join room:board"));

  private static Map<String, String> labels(String sender) {
    return switch (sender) {
      case "alice", "alice/phone" -> Map.of("role", "person");
      case "ops" -> Map.of("role", "operator");
      default -> Map.of("site", "role");
    };
  }

  private static boolean may(Permissions permissions, String who, Verb verb, String to) {
    Address address = Address.parse(to).orElseThrow();
    Rights rights = permissions.of(new Identity(who), labels(who));
    return switch (verb) {
      case SEND, BROADCAST -> rights.maySend(to, address);
      case ASK -> rights.mayAsk(address);
      case JOIN -> address instanceof Address.Room room && rights.mayJoin(room);
      case SERVE -> address instanceof Address.Service service && rights.mayServe(service);
    };
  }

  /** Sender x receiver x verb; whatever is not listed is denied. */
  @Test
  void theMatrixOfTheHouse() {
    List<String> allowed =
        List.of(
            "alice send alice",
            "alice send alice/phone",
            "alice send alice/*",
            "alice send room:yard",
            "alice send room:board",
            "alice ask alice",
            "alice ask alice/phone",
            "alice ask alice/*",
            "alice ask room:yard",
            "alice ask room:board",
            "alice join room:yard",
            "alice/phone send alice",
            "alice/phone send alice/phone",
            "alice/phone send alice/*",
            "alice/phone send room:yard",
            "alice/phone send room:board",
            "alice/phone ask alice",
            "alice/phone ask alice/phone",
            "alice/phone ask alice/*",
            "alice/phone ask room:yard",
            "alice/phone ask room:board",
            "alice/phone join room:yard",
            "sensor-1 send service:ingest",
            "sensor-1/a send service:ingest",
            "ops send alice",
            "ops send alice/phone",
            "ops send alice/*",
            "ops send room:yard",
            "ops send room:board",
            "ops send service:ingest",
            "ops ask alice",
            "ops ask alice/phone",
            "ops ask alice/*",
            "ops ask vault",
            "ops ask vault/*",
            "ops ask vault/a",
            "ops ask room:yard",
            "ops ask room:board",
            "ops ask service:ingest",
            "ops join room:yard",
            "ops serve service:ingest",
            "ops broadcast all:");
    assertThat(matrix(HOUSE)).containsExactlyInAnyOrderElementsOf(allowed);
  }

  private static List<String> matrix(Permissions permissions) {
    List<String> allowed = new ArrayList<>();
    for (String who : SENDERS) {
      for (String to : RECEIVERS) {
        for (Verb verb : Verb.values()) {
          boolean broadcast = to.equals("all:");
          boolean meaningful = broadcast == (verb == Verb.BROADCAST);
          if (meaningful && may(permissions, who, verb, to)) {
            allowed.add(who + " " + verb.word() + " " + to);
          }
        }
      }
    }
    return allowed;
  }

  @Test
  void withoutARuleTheDefaultHolds() {
    assertThat(matrix(new Permissions(PermissionSettings.closed()))).isEmpty();
    int cells = matrix(new Permissions(PermissionSettings.open())).size();
    // 6 senders: 9 targets of send, 9 questions, 2 rooms, 1 service, 1 broadcast.
    assertThat(cells).isEqualTo(6 * (9 + 9 + 2 + 1 + 1));
  }

  @Test
  void productionDeniesAndDevelopmentAllowsUnlessToldOtherwise() {
    assertThat(settings("default = \"\"", false).allowsByDefault()).isTrue();
    assertThat(settings("default = \"\"", true).allowsByDefault()).isFalse();
    assertThat(settings("default = allow", true).allowsByDefault()).isTrue();
    assertThat(settings("default = deny", false).allowsByDefault()).isFalse();
    assertThatThrownBy(() -> settings("default = maybe", false)).hasMessageContaining("default");
  }

  private static PermissionSettings settings(String text, boolean production) {
    return PermissionSettings.from(ConfigFactory.parseString(text + "\nrules = []"), production);
  }

  @ParameterizedTest
  @CsvSource({
    // A pattern, what it matches (divided by +), and what it must not.
    "alice, alice, Alice+alicex+xalice+alice/phone+alice/x",
    "alice/phone, alice/phone, alice+alice/phone2+alice/Phone",
    "alice/*, alice+alice/phone+alice/x, alicex+alicex/phone",
    "a*, a+abc+a.b, b+ab/x+ba",
    "a*/*, a+abc+abc/x+a/x, b+b/a+ba",
    "a*/x*, a/x+abc/xyz, a+a/y+abc",
    "*/x, a/x+b/x, x+a/xx+x/a",
    "*, a+b/c, ",
    "*a*b*, ab+xaxbx+aab+abab, a+b+ba+aaa",
    "a.b, a.b, axb"
  })
  void aPatternIsALiteralButForItsStars(String pattern, String matching, String others) {
    Permissions permissions = new Permissions(PermissionSettings.closed("allow * send " + pattern));
    for (String to : matching.split("\\+")) {
      assertThat(may(permissions, "x", Verb.SEND, to)).as(to).isTrue();
    }
    for (String to : others == null ? new String[0] : others.split("\\+")) {
      assertThat(may(permissions, "x", Verb.SEND, to)).as(to).isFalse();
    }
  }

  /** Whoever tries all that the stars may stand for is at it longer than there is time. */
  @Test
  void starsTakeNoLongerThanTheirLengths() {
    String name = "a".repeat(128);
    List<String> globs =
        List.of("a*".repeat(63) + "b", "*" + "a".repeat(63) + "b", "*a".repeat(63) + "b");
    assertTimeoutPreemptively(
        PATIENCE, () -> assertThat(globs).noneMatch(glob -> Glob.matches(glob, name)));
  }

  @Test
  void allDevicesOfANameNeedARuleForAllOfThem() {
    assertThat(allows("alice/*", "allow * send alice,alice/phone")).isFalse();
    assertThat(allows("alice/*", "allow * send alice/p*")).isFalse();
    assertThat(allows("alice/*", "allow * send */*")).isTrue();
    assertThat(allows("alice/*", "allow * send *", "deny * send alice/phone")).isFalse();
    assertThat(allows("alice/*", "allow * send *", "deny * send alice")).isFalse();
    assertThat(allows("alice/*", "allow * send *", "deny * send bob/*")).isTrue();
  }

  @Test
  void aDenialBeatsEveryPermissionInWhateverOrder() {
    assertThat(allows("bob", "deny * send bob", "allow x send bob")).isFalse();
    assertThat(allows("bob", "allow x send bob", "deny * send bob")).isFalse();
    assertThat(allows("bob", "allow x send bob", "deny y send bob")).isTrue();
  }

  private static boolean allows(String to, String... rules) {
    return may(new Permissions(PermissionSettings.closed(rules)), "x", Verb.SEND, to);
  }

  @Test
  void whatWasDecidedOnceIsDecidedSoAgain() {
    Rights rights =
        new Permissions(PermissionSettings.closed("allow * send p*1", "deny * send p*11"))
            .of(new Identity("x"), Map.of());
    // Many times more targets than are remembered, each asked twice in a row and again later.
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 1000; i++) {
        String to = "p" + i;
        boolean expected = to.endsWith("1") && !to.endsWith("11");
        for (int again = 0; again < 2; again++) {
          // A text of its own each time, as it comes from a wire.
          String fresh = new String(to.toCharArray());
          assertThat(rights.maySend(fresh, Address.parse(to).orElseThrow()))
              .as(to)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void peersWhoseRightsDependOnNobodyShareThem() {
    Permissions permissions = new Permissions(PermissionSettings.open("deny x send bob"));
    Rights first = permissions.of(new Identity("a"), Map.of());
    assertThat(permissions.of(new Identity("b"), Map.of())).isSameAs(first);
    Rights limited = permissions.of(new Identity("x"), Map.of());
    assertThat(permissions.of(new Identity("x"), Map.of())).isNotSameAs(limited);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "allow",
        "allow alice send",
        "permit alice send bob",
        "allow alice fly bob",
        "allow alice send bob now",
        "allow al+ice send bob",
        "allow alice send bob/phone/x",
        "allow alice send bob,",
        "allow ,alice send bob",
        "allow alice send, bob",
        "allow alice join bob",
        "allow alice serve room:x",
        "allow alice ask service:x",
        "allow alice send,join bob",
        "allow alice join room:x,bob",
        "allow alice broadcast bob",
        "allow alice send room:a/b",
        "allow alice send **",
        "allow alice send a~",
        "allow =person send bob",
        "allow role= send bob"
      })
  void aRuleThatIsNoneIsNamedAtTheStart(String rule) {
    assertThatThrownBy(() -> PermissionSettings.closed("allow * send *", rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rules.1");
  }
}
