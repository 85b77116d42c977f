package io.peerhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private final Requests requests = new Requests("secret", 2);

  private static Frame.Message answer(String re) {
    return FakeHub.message(1, "answer", "", re);
  }

  @Test
  void anAnswerEndsItsRequestOnce() {
    Requests.Pending pending = requests.add("bob", 10);
    assertThat(requests.answeredBy(answer(pending.id()))).contains(pending);
    assertThat(requests.answeredBy(answer(pending.id()))).isEmpty();
    assertThat(requests.due()).isEmpty();
  }

  @Test
  void aPeerIsAnsweredByItselfAloneAndAServiceByWhoeverServesIt() {
    Requests.Pending toEve = requests.add("eve", 10);
    Requests.Pending toService = requests.add("service:billing", 10);
    assertThat(requests.answeredBy(answer(toEve.id()))).isEmpty();
    assertThat(requests.answeredBy(answer(toService.id()))).contains(toService);
  }

  @Test
  void aMessageDoesNotAnswerAnAsk() {
    Requests.Pending ask = requests.addAsk("bob", "", 10);
    assertThat(requests.answeredBy(answer(ask.id()))).isEmpty();
    assertThat(requests.remove(ask.id())).contains(ask);
  }

  @Test
  void givesUpWhatIsDueInOrder() {
    Requests.Pending later = requests.add("bob", 20);
    Requests.Pending sooner = requests.add("bob", 10);
    assertThat(requests.due()).contains(10L);
    assertThat(requests.expired(9)).isEmpty();
    assertThat(requests.expired(20)).containsExactly(sooner, later);
    assertThat(requests.all()).isEmpty();
  }

  @Test
  void hasALimit() {
    requests.add("bob", 10);
    assertThat(requests.hasRoom()).isTrue();
    requests.add("bob", 10);
    assertThat(requests.hasRoom()).isFalse();
  }
}
