package io.peerhub.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.protocol.Body;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static Mail.Delivery message(long seq, int size) {
    return Deliveries.to("lobby")
        .from("bob")
        .addressed("room:lobby")
        .body(Body.data(new byte[size]))
        .id("m" + seq)
        .make()
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
