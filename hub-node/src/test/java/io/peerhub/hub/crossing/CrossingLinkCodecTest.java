package io.peerhub.hub.crossing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.peerhub.mail.Deliveries;
import io.peerhub.mail.Mail;
import io.peerhub.mail.SessionInput;
import io.peerhub.routing.LinkItem;
import java.io.NotSerializableException;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A batch in which one item cannot be written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossingLinkCodecTest {
  private ActorTestKit kit;
  private Samples samples;
  private CrossingLinkCodec codec;
  private LinkItem good;
  private LinkItem behind;

  @BeforeAll
  void start() {
    Config config =
        ConfigFactory.parseString(
                """
                pekko.actor.provider = remote
                pekko.loglevel = OFF
                pekko.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                """)
            .withFallback(ConfigFactory.parseResources("crossing.conf"));
    kit = ActorTestKit.create("codec", config.withFallback(ConfigFactory.load()));
  }

  @AfterAll
  void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void begin() {
    ActorRefResolver resolver = ActorRefResolver.get(kit.system());
    samples = new Samples(resolver);
    codec = new CrossingLinkCodec(resolver);
    good = new LinkItem(samples.seat().session(), samples.full());
    ActorRef<SessionInput> other = resolver.resolveActorRef(Samples.OTHER);
    behind = new LinkItem(other, samples.full());
  }

  /** Headers over which whoever writes them fails, when a part of the message is written. */
  private static final class Hollow extends AbstractMap<String, String> {
    private final Error thrown;

    Hollow(Error thrown) {
      this.thrown = thrown;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
      if (thrown != null) {
        throw thrown;
      }
      return Set.of(new AbstractMap.SimpleEntry<>("key", null));
    }
  }

  @Test
  void nothingOfAnItemStaysWhoseFormThrows() throws NotSerializableException {
    // To an actor that has no place yet: its place must not stay either.
    refuses(new LinkItem(behind.target(), unwritable(null)));
    codec.write(good);
    refuses(new LinkItem(behind.target(), unwritable(null)));
    codec.write(behind);
    assertThat(codec.read(codec.finish())).containsExactly(good, behind);
  }

  @Test
  void noMatterWhatItThrows() throws NotSerializableException {
    for (Error thrown : new Error[] {new StackOverflowError("deep"), new OutOfMemoryError("!")}) {
      codec.write(good);
      refuses(new LinkItem(behind.target(), unwritable(thrown)));
      codec.write(behind);
      assertThat(codec.read(codec.finish())).containsExactly(good, behind);
    }
  }

  @Test
  void theNextLinksBatchBeginsWithNothingOfALinkThatEnded() throws NotSerializableException {
    codec.write(good);
    codec.clear();
    codec.write(behind);
    assertThat(codec.read(codec.finish())).containsExactly(behind);
  }

  private void refuses(LinkItem item) {
    assertThatThrownBy(() -> codec.write(item))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("Delivery");
  }

  private Mail.Delivery unwritable(Error thrown) {
    return Deliveries.like(samples.full()).headers(new Hollow(thrown)).make();
  }
}
