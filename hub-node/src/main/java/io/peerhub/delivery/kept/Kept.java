package io.peerhub.delivery.kept;

import io.peerhub.delivery.Letter;
import io.peerhub.protocol.Identity;

/** A pending letter: what is known of it without its row. Belongs to its mailbox. */
public final class Kept {
  /** Letters that wait for each other: those of one sender under one address, and receipts. */
  record Flow(Identity from, String addressed, boolean receipt) {}

  final long place;
  final long row;
  final Identity from;
  final String id;
  final String addressed;
  final boolean receipt;
  final int weight;
  final long content;
  final long acceptedAt;
  final long endsAt;
  final boolean wantsDelivered;
  final boolean rising;
  boolean seen;
  int failures;
  long notBefore;
  // Of the running actor alone: what it holds in memory, and who has it.
  Letter letter;
  long outUnder;

  Kept(Fact.Pending was) {
    this.place = was.place();
    this.row = was.row();
    this.from = was.from();
    this.id = was.id();
    this.addressed = was.addressed();
    this.receipt = was.receipt();
    this.weight = was.weight();
    this.content = was.content();
    this.acceptedAt = was.acceptedAt();
    this.endsAt = was.endsAt();
    this.wantsDelivered = was.wantsDelivered();
    this.rising = was.rising();
    this.seen = was.seen();
    this.failures = was.failures();
    this.notBefore = was.notBefore();
  }

  static Kept of(Fact.Accepted fact, long row) {
    Letter letter = fact.letter();
    boolean receipt = letter instanceof Letter.Receipt;
    return new Kept(
        new Fact.Pending(
            fact.place(),
            row,
            letter.from(),
            letter.id(),
            letter instanceof Letter.Message message ? message.addressed() : "",
            receipt,
            letter.weight(),
            letter.content(),
            fact.at(),
            fact.endsAt(),
            fact.wantsDelivered(),
            fact.rising(),
            false,
            0,
            0));
  }

  Fact.Pending toFact() {
    return new Fact.Pending(
        place,
        row,
        from,
        id,
        addressed,
        receipt,
        weight,
        content,
        acceptedAt,
        endsAt,
        wantsDelivered,
        rising,
        seen,
        failures,
        notBefore);
  }

  Flow flow() {
    return new Flow(from, addressed, receipt);
  }

  IdMemory.Name name() {
    return new IdMemory.Name(from, id, receipt);
  }

  /** Its number in the mailbox. */
  public long place() {
    return place;
  }

  /** The row of the journal that holds it. */
  public long row() {
    return row;
  }

  /** The letter itself, if it is in memory; else null. */
  public Letter letter() {
    return letter;
  }

  /** Which attempt the next delivery is, from 1. */
  public int attempt() {
    return failures + 1;
  }
}
