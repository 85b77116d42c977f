package io.peerhub.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.peer.Mail;
import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Identity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static Mail.Delivery message(long seq, int size) {
    return new Mail.Delivery(
            new Identity("lobby"),
            new Identity("bob"),
            "room:lobby",
            Body.data(new byte[size]),
            "m" + seq,
            DeliveryClass.LIVE,
            "",
            0,
            1000,
            Map.of(),
            Confirmation.NONE,
            0,
            null)
        .inRoom(seq);
  }

  private static History filled(int maxCount, long maxBytes, long maxAge, int count) {
    History history = new History(maxCount, maxBytes, maxAge, 100);
    for (int i = 1; i <= count; i++) {
      history.add(100 + i, message(100 + i, 10), i);
    }
    return history;
  }

  private static List<String> ids(History.Replay replay) {
    return replay.messages().stream().map(Mail.Delivery::id).toList();
  }

  @Test
  void givesTheLastInOrder() {
    assertThat(ids(filled(10, 1 << 20, 1000, 5).last(2))).containsExactly("m104", "m105");
    assertThat(ids(filled(10, 1 << 20, 1000, 2).last(5))).containsExactly("m101", "m102");
  }

  @Test
  void whatFollowsANumberIsWholeAsLongAsNothingWasForgotten() {
    History history = filled(3, 1 << 20, 1000, 5);
    assertThat(ids(history.since(102))).containsExactly("m103", "m104", "m105");
    assertThat(history.since(102).whole()).isTrue();
    assertThat(history.since(101).whole()).isFalse();
    assertThat(history.since(105).messages()).isEmpty();
    assertThat(history.since(105).whole()).isTrue();
  }

  @Test
  void isBoundedByBytesAndByAge() {
    int weight = message(101, 10).weight();
    assertThat(filled(10, 2L * weight, 1000, 5).size()).isEqualTo(2);
    History old = filled(10, 1 << 20, 2, 5);
    assertThat(old.size()).isEqualTo(3);
    old.expire(100);
    assertThat(old.isEmpty()).isTrue();
    assertThat(old.since(104).whole()).isFalse();
    assertThat(old.since(105).whole()).isTrue();
  }

  @Test
  void whatIsNotKeptIsMissing() {
    History history = new History(10, 1 << 20, 1000, 100);
    history.skip(101);
    assertThat(history.since(100).whole()).isFalse();
    assertThat(history.since(101).whole()).isTrue();
  }
}
