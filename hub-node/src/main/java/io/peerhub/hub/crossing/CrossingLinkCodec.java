package io.peerhub.hub.crossing;

import io.peerhub.mail.SessionInput;
import io.peerhub.routing.LinkCodec;
import io.peerhub.routing.LinkItem;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** The bytes of a link's batches: for each item who is to hear it, and what. */
public final class CrossingLinkCodec implements LinkCodec {
  private final CrossingKryo kryo = new CrossingKryo();
  private final CrossingWriter out;
  private final CrossingReader in;

  public CrossingLinkCodec(ActorRefResolver resolver) {
    ActorNames names = new ActorNames(resolver);
    this.out = new CrossingWriter(names);
    this.in = new CrossingReader(names);
  }

  @Override
  public int write(LinkItem item) throws NotSerializableException {
    // Asked before anything is written, so that the items before it stay whole.
    if (!kryo.knows(item.input().getClass())) {
      throw new NotSerializableException(item.input().getClass().getName());
    }
    int before = out.position();
    int actors = out.actorCount();
    try {
      out.actor(item.target());
      kryo.write(out, item.input());
      return out.position();
    } catch (Throwable thrown) {
      out.cut(before, actors);
      throw CrossingKit.unwritable(item.input(), thrown);
    }
  }

  @Override
  public void clear() {
    out.clear();
  }

  @Override
  public byte[] finish() {
    byte[] bytes = out.toBytes();
    out.clear();
    return bytes;
  }

  @Override
  public List<LinkItem> read(byte[] bytes) throws NotSerializableException {
    try {
      in.begin(bytes);
      List<LinkItem> items = new ArrayList<>();
      while (!in.isAtEnd()) {
        ActorRef<SessionInput> target = in.actor();
        items.add(new LinkItem(target, (SessionInput) kryo.read(in)));
      }
      return items;
    } catch (Throwable e) {
      // An Error of so few bytes (too deep, too large) is theirs too.
      throw CrossingKit.unreadable(e);
    }
  }
}
