package io.peerhub.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangesTest {
  private final Changes changes = new Changes();

  private void add(String who, RoomEvent event) {
    changes.add(new Identity(who), event, event == RoomEvent.LEAVE ? "left" : "", 7);
  }

  private static List<String> names(Changes.Batch batch) {
    return batch.members().stream().map(Frame.Member::peer).toList();
  }

  @Test
  void changesOfOneKindAreToldTogether() {
    add("a", RoomEvent.ENTER);
    add("b", RoomEvent.LEAVE);
    add("c", RoomEvent.ENTER);
    List<Changes.Batch> batches = changes.take();
    assertThat(batches).hasSize(2);
    assertThat(names(batches.get(0))).containsExactly("a", "c");
    assertThat(names(batches.get(1))).containsExactly("b");
    assertThat(batches.get(1).reason()).isEqualTo("left");
    assertThat(changes.isEmpty()).isTrue();
  }

  @Test
  void whoComesAndGoesAtOnceIsNotToldOf() {
    add("a", RoomEvent.ENTER);
    add("a", RoomEvent.AWAY);
    add("a", RoomEvent.LEAVE);
    add("b", RoomEvent.AWAY);
    add("b", RoomEvent.BACK);
    assertThat(changes.take()).isEmpty();
  }

  @Test
  void whoHasEnteredAndIsAwayByNowEnters() {
    add("a", RoomEvent.ENTER);
    add("a", RoomEvent.AWAY);
    assertThat(changes.take())
        .singleElement()
        .satisfies(batch -> assertThat(batch.event()).isEqualTo(RoomEvent.ENTER));
  }
}
