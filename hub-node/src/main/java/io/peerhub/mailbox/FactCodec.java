package io.peerhub.mailbox;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.peerhub.delivery.Fate;
import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.Fact;
import io.peerhub.mailbox.stored.StoredFact;
import io.peerhub.mailbox.stored.StoredLetter;
import io.peerhub.mailbox.stored.StoredRow;
import io.peerhub.protocol.Identity;
import java.util.ArrayList;
import java.util.List;

/**
 * What a mailbox stores, as bytes: facts to rows and back, by the schema {@code journal.proto}.
 *
 * <p>Guaranteed: what is decoded equals what was encoded; fields of later versions are ignored;
 * what is not understood (a version, a kind of fact, a value out of its range, broken bytes) is an
 * {@link UnreadableRow} and nothing else. Safe for any thread.
 */
final class FactCodec {
  private static final int VERSION = 1;
  private static final Fate[] FATES = Fate.values();
  private static final int COUNTS = FATES.length + 1;

  private FactCodec() {}

  // ---- to bytes

  static byte[] encode(List<Fact> facts) {
    StoredRow.Builder row = StoredRow.newBuilder().setVersion(VERSION);
    facts.forEach(fact -> row.addFacts(stored(fact)));
    return row.build().toByteArray();
  }

  static byte[] encode(Letter letter) {
    return LetterCodec.stored(letter).toByteArray();
  }

  private static StoredFact stored(Fact fact) {
    StoredFact.Builder stored = StoredFact.newBuilder();
    switch (fact) {
      case Fact.Activated it ->
          stored.getActivatedBuilder().setAt(it.at()).setTerm(it.term()).setNode(it.node());
      case Fact.Accepted it -> stored.setAccepted(accepted(it));
      case Fact.Repeated it ->
          stored.getSaidAgainBuilder().setAt(it.at()).setFrom(it.from().text()).setId(it.id());
      case Fact.Offered it -> {
        var offered = stored.getOfferedBuilder().setAt(it.at());
        offered.setSession(it.session()).setEpoch(it.epoch()).addAllPlaces(numbers(it.places()));
      }
      case Fact.Acked it -> {
        var acked = stored.getAckedBuilder().setAt(it.at());
        acked.setEpoch(it.epoch()).addAllPlaces(numbers(it.places()));
      }
      case Fact.Failed it -> {
        var failed = stored.getFailedBuilder().setAt(it.at()).setPlace(it.place());
        failed.setReason(it.reason()).setNotBefore(it.notBefore());
      }
      case Fact.Ended it -> {
        var ended = stored.getEndedBuilder().setAt(it.at()).setPlace(it.place());
        ended.setFate(it.fate().ordinal()).setReason(it.reason());
      }
      case Fact.Told it ->
          stored.getToldBuilder().setAt(it.at()).addAllPlaces(numbers(it.places()));
      case Fact.Redriven it -> {
        var redriven = stored.getRedrivenBuilder().setAt(it.at()).setDead(it.dead());
        redriven.setFate(it.fate().ordinal()).setAgain(accepted(it.again()));
      }
      case Fact.Restored it -> {
        var restored = stored.getRestoredBuilder().setTerm(it.term()).setLastPlace(it.lastPlace());
        restored.setFlaggedUpTo(it.flaggedUpTo()).addAllCounts(numbers(it.counts()));
      }
      case Fact.Pending it -> stored.setPending(pending(it));
      case Fact.Remembered it -> {
        var remembered = stored.getRememberedBuilder().setFrom(it.from().text()).setId(it.id());
        remembered.setReceipt(it.receipt()).setContent(it.content()).setPlace(it.place());
        remembered.setFate(it.fate().ordinal()).setAt(it.at());
      }
      case Fact.Marked it -> {
        var marked = stored.getMarkedBuilder().setFrom(it.from().text()).setPrefix(it.prefix());
        marked.setHighest(it.highest()).addAllBits(numbers(it.bits()));
      }
      case Fact.Owed it -> {
        var owed = stored.getOwedBuilder().setTo(it.to().text());
        owed.setReceipt(LetterCodec.stored(it.receipt()));
      }
    }
    return stored.build();
  }

  private static StoredFact.Accepted accepted(Fact.Accepted it) {
    return StoredFact.Accepted.newBuilder()
        .setAt(it.at())
        .setPlace(it.place())
        .setLetter(LetterCodec.stored(it.letter()))
        .setEndsAt(it.endsAt())
        .setWantsDelivered(it.wantsDelivered())
        .setRising(it.rising())
        .build();
  }

  private static StoredFact.Pending pending(Fact.Pending it) {
    return StoredFact.Pending.newBuilder()
        .setPlace(it.place())
        .setRow(it.row())
        .setFrom(it.from().text())
        .setId(it.id())
        .setAddressed(it.addressed())
        .setReceipt(it.receipt())
        .setWeight(it.weight())
        .setContent(it.content())
        .setAcceptedAt(it.acceptedAt())
        .setEndsAt(it.endsAt())
        .setWantsDelivered(it.wantsDelivered())
        .setRising(it.rising())
        .setSeen(it.seen())
        .setFailures(it.failures())
        .setNotBefore(it.notBefore())
        .build();
  }

  private static List<Long> numbers(long[] values) {
    List<Long> numbers = new ArrayList<>(values.length);
    for (long value : values) {
      numbers.add(value);
    }
    return numbers;
  }

  // ---- from bytes

  static List<Fact> decode(byte[] bytes) throws UnreadableRow {
    StoredRow row = parse(StoredRow.parser(), bytes);
    if (row.getVersion() != VERSION) {
      throw new UnreadableRow("version " + row.getVersion() + " is not known");
    }
    List<Fact> facts = new ArrayList<>(row.getFactsCount());
    for (StoredFact stored : row.getFactsList()) {
      facts.add(fact(stored));
    }
    return facts;
  }

  static Letter decodeLetter(byte[] bytes) throws UnreadableRow {
    return LetterCodec.letter(parse(StoredLetter.parser(), bytes));
  }

  /**
   * What is parsed refers to the bytes, so that a body is copied once, where its letter is made.
   */
  private static <T> T parse(Parser<T> parser, byte[] bytes) throws UnreadableRow {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    input.enableAliasing(true);
    try {
      T parsed = parser.parseFrom(input);
      // A stream may go on behind the end of a group; a row may not.
      input.checkLastTagWas(0);
      return parsed;
    } catch (InvalidProtocolBufferException broken) {
      throw new UnreadableRow("broken bytes", broken);
    }
  }

  private static Fact fact(StoredFact stored) throws UnreadableRow {
    return switch (stored.getFactCase()) {
      case ACTIVATED -> {
        var it = stored.getActivated();
        yield new Fact.Activated(it.getAt(), it.getTerm(), it.getNode());
      }
      case ACCEPTED -> accepted(stored.getAccepted());
      case SAID_AGAIN -> {
        var it = stored.getSaidAgain();
        yield new Fact.Repeated(it.getAt(), identity(it.getFrom()), it.getId());
      }
      case OFFERED -> {
        var it = stored.getOffered();
        yield new Fact.Offered(
            it.getAt(), it.getSession(), it.getEpoch(), places(it.getPlacesList()));
      }
      case ACKED -> {
        var it = stored.getAcked();
        yield new Fact.Acked(it.getAt(), it.getEpoch(), places(it.getPlacesList()));
      }
      case FAILED -> {
        var it = stored.getFailed();
        yield new Fact.Failed(it.getAt(), place(it.getPlace()), it.getReason(), it.getNotBefore());
      }
      case ENDED -> {
        var it = stored.getEnded();
        yield new Fact.Ended(it.getAt(), place(it.getPlace()), fate(it.getFate()), it.getReason());
      }
      case TOLD -> {
        var it = stored.getTold();
        yield new Fact.Told(it.getAt(), places(it.getPlacesList()));
      }
      case REDRIVEN -> {
        var it = stored.getRedriven();
        yield new Fact.Redriven(
            it.getAt(), place(it.getDead()), fate(it.getFate()), accepted(it.getAgain()));
      }
      case RESTORED, PENDING, REMEMBERED, MARKED, OWED -> ofSnapshot(stored);
      case FACT_NOT_SET -> throw new UnreadableRow("a kind of fact that is not known");
    };
  }

  private static Fact ofSnapshot(StoredFact stored) throws UnreadableRow {
    return switch (stored.getFactCase()) {
      case RESTORED -> {
        var it = stored.getRestored();
        if (it.getCountsCount() != COUNTS) {
          throw new UnreadableRow(it.getCountsCount() + " counts");
        }
        long[] counts = numbers(it.getCountsList());
        yield new Fact.Restored(it.getTerm(), it.getLastPlace(), it.getFlaggedUpTo(), counts);
      }
      case PENDING -> pending(stored.getPending());
      case REMEMBERED -> {
        var it = stored.getRemembered();
        yield new Fact.Remembered(
            identity(it.getFrom()),
            it.getId(),
            it.getReceipt(),
            it.getContent(),
            place(it.getPlace()),
            fate(it.getFate()),
            it.getAt());
      }
      case MARKED -> marked(stored.getMarked());
      case OWED -> {
        var it = stored.getOwed();
        yield new Fact.Owed(identity(it.getTo()), LetterCodec.receipt(it.getReceipt()));
      }
      case ACTIVATED,
          ACCEPTED,
          SAID_AGAIN,
          OFFERED,
          ACKED,
          FAILED,
          ENDED,
          TOLD,
          REDRIVEN,
          FACT_NOT_SET ->
          throw new IllegalStateException("not of a snapshot");
    };
  }

  private static Fact.Accepted accepted(StoredFact.Accepted it) throws UnreadableRow {
    return new Fact.Accepted(
        it.getAt(),
        place(it.getPlace()),
        LetterCodec.letter(it.getLetter()),
        it.getEndsAt(),
        it.getWantsDelivered(),
        it.getRising());
  }

  private static Fact.Pending pending(StoredFact.Pending it) throws UnreadableRow {
    return new Fact.Pending(
        place(it.getPlace()),
        it.getRow(),
        identity(it.getFrom()),
        it.getId(),
        it.getAddressed(),
        it.getReceipt(),
        count(it.getWeight()),
        it.getContent(),
        it.getAcceptedAt(),
        it.getEndsAt(),
        it.getWantsDelivered(),
        it.getRising(),
        it.getSeen(),
        count(it.getFailures()),
        it.getNotBefore());
  }

  private static Fact.Marked marked(StoredFact.Marked it) throws UnreadableRow {
    if (it.getHighest() < 0 || it.getBitsCount() > Fact.Marked.WORDS) {
      throw new UnreadableRow("marks out of range, of " + it.getBitsCount() + " words");
    }
    return new Fact.Marked(
        identity(it.getFrom()), it.getPrefix(), it.getHighest(), numbers(it.getBitsList()));
  }

  // ---- values

  private static long[] numbers(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  private static long[] places(List<Long> values) throws UnreadableRow {
    long[] places = numbers(values);
    for (long place : places) {
      place(place);
    }
    return places;
  }

  static long place(long value) throws UnreadableRow {
    if (value < 1) {
      throw new UnreadableRow("a place of " + value);
    }
    return value;
  }

  /** A number without a sign on disk, which an int holds without one. */
  static int count(int value) throws UnreadableRow {
    if (value < 0) {
      throw new UnreadableRow("a count of " + Integer.toUnsignedString(value));
    }
    return value;
  }

  static Identity identity(String text) throws UnreadableRow {
    if (!Identity.isValid(text)) {
      throw new UnreadableRow("a name out of grammar");
    }
    return new Identity(text);
  }

  static Fate fate(int number) throws UnreadableRow {
    if (number < 0 || number >= FATES.length) {
      throw new UnreadableRow("a fate of " + number);
    }
    return FATES[number];
  }
}
