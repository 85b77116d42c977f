package io.peerhub.protocol.wire;

import io.peerhub.protocol.Body;
import io.peerhub.protocol.Confirmation;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Frames of every kind, as far from everyday as the schema allows. */
final class AnyFrame {
  private AnyFrame() {}

  static Arbitrary<Frame.FromPeer> fromPeer() {
    return Arbitraries.oneOf(
        List.of(
            send(),
            hello(),
            positive().map(Frame.Ack::new),
            Combinators.combine(number(), map()).as(Frame.Ping::new),
            Combinators.combine(number(), map()).as(Frame.Pong::new),
            nonce().map(nonce -> new Frame.Proof(nonce, "ab", "", "")),
            name().map(password -> new Frame.Proof("", "", password, "")),
            name().map(token -> new Frame.Proof("", "", "", token)),
            Combinators.combine(positive(), text(), Arbitraries.of(true, false))
                .as(Frame.Reject::new),
            Combinators.combine(name(), small(), number(), Arbitraries.of(true, false), id())
                .as(Frame.Join::new),
            Combinators.combine(name(), id()).as(Frame.Leave::new),
            Combinators.combine(name(), id()).as(Frame.Serve::new),
            Combinators.combine(name(), id()).as(Frame.Unserve::new),
            Combinators.combine(name(), id()).as((peer, id) -> new Frame.Ask(peer, "", id)),
            Combinators.combine(name(), id()).as((room, id) -> new Frame.Ask("", room, id)),
            text().map(Frame.Bye::new)));
  }

  static Arbitrary<Frame.FromHub> fromHub() {
    return Arbitraries.oneOf(
        List.of(
            message(),
            welcome(),
            presence(),
            positive().map(Frame.Ack::new),
            Combinators.combine(number(), map()).as(Frame.Ping::new),
            Combinators.combine(number(), map()).as(Frame.Pong::new),
            Combinators.combine(text(), number(), Arbitraries.of(Confirmation.class), flag())
                .as(Frame.Confirm::new),
            Combinators.combine(text(), number(), text(), small(), text(), small())
                .as(Frame.Refuse::new),
            Combinators.combine(text(), text(), text(), small(), text(), number())
                .as(Frame.Receipt::new),
            Combinators.combine(nonce(), text()).as(Frame.Challenge::new),
            Combinators.combine(number(), text()).as(Frame.Gap::new),
            Combinators.combine(text(), small(), texts()).as(Frame.Goaway::new),
            text().map(Frame.Done::new),
            Combinators.combine(small(), text(), small()).as(Frame.Error::new)));
  }

  private static Arbitrary<Frame.Send> send() {
    return Combinators.combine(
            name(),
            body(),
            id(),
            number(),
            Arbitraries.of(DeliveryClass.class),
            Arbitraries.of(Confirmation.class),
            small(),
            map())
        .as(
            (to, body, id, n, delivery, confirm, ttlMs, headers) ->
                new Frame.Send(to, body, id, n, delivery, confirm, ttlMs, id, headers));
  }

  static Arbitrary<Frame.Message> message() {
    return Combinators.combine(
            number(),
            text(),
            body(),
            text(),
            Arbitraries.of(DeliveryClass.class),
            flag(),
            small(),
            map())
        .as(
            (seq, from, body, id, delivery, redelivered, attempt, headers) ->
                new Frame.Message(
                    seq,
                    from,
                    body,
                    id,
                    from,
                    delivery,
                    id,
                    seq,
                    seq,
                    redelivered,
                    attempt,
                    headers));
  }

  private static Arbitrary<Frame.Hello> hello() {
    Arbitrary<Frame.Resume> resume = Combinators.combine(name(), number()).as(Frame.Resume::new);
    return Combinators.combine(
            small().filter(version -> version > 0),
            name(),
            text(),
            resume.optional(),
            Arbitraries.of("", "auto", "client"),
            texts(),
            Arbitraries.of("", "rising"),
            map())
        .as(
            (version, peer, text, resumed, ack, compress, ids, info) ->
                new Frame.Hello(
                    version, peer, text, text, resumed, ack, version, version, compress, ids,
                    info));
  }

  private static Arbitrary<Frame.Welcome> welcome() {
    return Combinators.combine(name(), number(), flag(), small(), text(), texts())
        .as(
            (session, epoch, resumed, window, node, nodes) ->
                new Frame.Welcome(
                    session, epoch, resumed, epoch, window, window, window, window, node, nodes,
                    node, node));
  }

  private static Arbitrary<Frame.Presence> presence() {
    Arbitrary<List<Frame.Member>> members =
        Combinators.combine(name(), number(), map()).as(Frame.Member::new).list().ofMaxSize(3);
    return Combinators.combine(text(), text(), text(), members, number())
        .as(
            (room, peer, event, all, since) ->
                new Frame.Presence(room, peer, event, room, all, since, peer));
  }

  static Arbitrary<Body> body() {
    return Arbitraries.oneOf(
        Arbitraries.just(Body.EMPTY),
        text().map(Body::text),
        Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Body::data),
        json(3).map(Body::json));
  }

  /** JSON values with spaces, escapes, and every form of number. */
  static Arbitrary<String> json(int depth) {
    Arbitrary<String> scalar =
        Arbitraries.of(
            "0",
            "-1.5e-7",
            "12345678901234567890",
            "1E400",
            "true",
            "null",
            "\"\"",
            "\"é😀\"",
            "\"\\u0000\\ud800\\/\\\"}\"");
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<String> inner = json(depth - 1);
    Arbitrary<String> array =
        inner.list().ofMaxSize(3).map(values -> "[ " + String.join(" ,", values) + "]");
    Arbitrary<String> object = inner.map(value -> "{\"a\":" + value + ",\t\"to\":{}}");
    return Arbitraries.oneOf(scalar, array, object);
  }

  /** Any text that UTF-8 can hold, with what JSON must escape among it. */
  static Arbitrary<String> text() {
    return Arbitraries.oneOf(
        Arbitraries.strings()
            .withChars('\0', '"', '\\', '\n', '\u001f', '\u007f', 'é', '€', '\u2028', '\uffff')
            .withCharRange('a', 'z')
            .ofMaxLength(40),
        Arbitraries.strings().ascii().ofMaxLength(200),
        Arbitraries.integers()
            .between(0x10000, 0x10ffff)
            .list()
            .ofMaxSize(5)
            .map(points -> points.stream().map(Character::toString).reduce("", String::concat)));
  }

  private static Arbitrary<String> name() {
    return text().filter(text -> !text.isEmpty());
  }

  private static Arbitrary<String> id() {
    return text().filter(text -> Utf8.length(text) <= Draft.ID_MAX);
  }

  private static Arbitrary<String> nonce() {
    return Arbitraries.strings().withChars("0123456789abcdef").ofLength(64);
  }

  private static Arbitrary<Boolean> flag() {
    return Arbitraries.of(true, false);
  }

  private static Arbitrary<Long> number() {
    return Arbitraries.longs().between(0, Frame.NUMBER_END - 1);
  }

  private static Arbitrary<Long> positive() {
    return Arbitraries.longs().between(1, Frame.NUMBER_END - 1);
  }

  private static Arbitrary<Integer> small() {
    return Arbitraries.integers().between(0, Integer.MAX_VALUE);
  }

  private static Arbitrary<List<String>> texts() {
    return text().list().ofMaxSize(4);
  }

  private static Arbitrary<Map<String, String>> map() {
    return Arbitraries.maps(text(), text()).ofMaxSize(4);
  }
}
