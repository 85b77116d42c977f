package io.peerhub.mailbox;

import io.peerhub.delivery.Letter;
import io.peerhub.delivery.kept.Kept;
import io.peerhub.delivery.kept.MailboxDesk;
import io.peerhub.delivery.kept.Offers;
import io.peerhub.mail.SessionInput;
import io.peerhub.mailbox.Mailbox.Answer;
import io.peerhub.mailbox.Mailbox.Command;
import io.peerhub.mailbox.Mailbox.Request;
import io.peerhub.mailbox.MailboxActor.LoadAgain;
import io.peerhub.mailbox.MailboxActor.Loaded;
import io.peerhub.mailbox.MailboxActor.NotLoaded;
import io.peerhub.mailbox.MailboxActor.NotTermed;
import io.peerhub.mailbox.MailboxActor.ReadAgain;
import io.peerhub.mailbox.MailboxActor.ReadBack;
import io.peerhub.mailbox.MailboxActor.Termed;
import io.peerhub.mailbox.MailboxActor.Tick;
import io.peerhub.mailbox.MailboxActor.Written;
import io.peerhub.persistence.journal.JournalWrite.Outcome;
import io.peerhub.protocol.Identity;
import io.peerhub.telemetry.Ledger.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The phase of a mailbox in which it serves. Whatever happens is decided by its desk at once; what
 * is owed for it is said when the row that holds it is on disk.
 */
final class Serving {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
  private static final Duration READ_AGAIN = Duration.ofSeconds(1);
  private static final long RING_AGAIN_MS = 5_000;
  private static final long WRITING_MS = 250;
  private static final int READ_BACK_MAX = 256;
  private static final long READ_BACK_BYTES = 1 << 20;

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Identity owner;
  private final MailboxCollaborators with;
  private final MailboxDesk desk;
  private final Shelf shelf;
  private ActorRef<SessionInput> session;
  // What is said when the row that is under way, or the one that is collected, is on disk.
  private List<Runnable> owedThen = new ArrayList<>();
  private List<Runnable> owed = new ArrayList<>();
  private boolean writing;
  private boolean reading;
  private boolean ending;
  private long usedAt;
  private long rungAt;

  Serving(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Identity owner,
      MailboxCollaborators with,
      MailboxDesk desk,
      Shelf shelf) {
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.owner = owner;
    this.with = with;
    this.desk = desk;
    this.shelf = shelf;
  }

  /** That this mailbox is the one is on disk. */
  Behavior<Command> serve() {
    usedAt = now();
    follow();
    return Behaviors.receive(
        (ignored, command) ->
            switch (command) {
              case Mailbox.Stop stop -> onStop();
              case Request request -> onRequest(request);
              case MailboxActor.Private own -> onPrivate(own);
            },
        this::onSignal);
  }

  private Behavior<Command> onRequest(Request request) {
    usedAt = now();
    switch (request) {
      case Mailbox.Post post -> onPost(post);
      case Mailbox.Deposit deposit -> onDeposit(deposit);
      case Mailbox.Deposited deposited -> desk.told(deposited.places(), now());
      case Mailbox.Attach attach -> onAttach(attach);
      case Mailbox.Away away -> desk.away(away.epoch(), away.first(), away.back(), now());
      case Mailbox.Detach detach -> onDetach(detach.epoch());
      case Mailbox.Acked acked -> onAcked(acked);
      case Mailbox.Rejected no ->
          desk.reject(no.epoch(), no.place(), no.reason(), no.requeue(), now());
      case Mailbox.Wake wake -> {}
    }
    follow();
    return Behaviors.same();
  }

  private Behavior<Command> onPrivate(MailboxActor.Private own) {
    switch (own) {
      case Written written -> {
        return onWritten(written.outcome());
      }
      case ReadBack read -> onReadBack(read);
      case ReadAgain again -> reading = false;
      case Tick tick -> desk.expire(now());
      case Loaded late -> {}
      case NotLoaded late -> {}
      case LoadAgain late -> {}
      case Termed late -> {}
      case NotTermed late -> {}
    }
    follow();
    return Behaviors.same();
  }

  private void onPost(Mailbox.Post post) {
    if (!post.again() && shelf.isAway()) {
      Lots.refuse(post);
      return;
    }
    List<Answer> answers = Lots.take(post, desk, now());
    owed.add(() -> post.replyTo().tell(new Mailbox.Posted(owner, post.lot(), answers)));
  }

  private void onDeposit(Mailbox.Deposit deposit) {
    long[] places = new long[deposit.receipts().size()];
    for (int i = 0; i < places.length; i++) {
      Letter.Receipt receipt = deposit.receipts().get(i);
      desk.accept(receipt, 0, false, false, now());
      places[i] = receipt.place();
    }
    owed.add(() -> with.others().accept(new Mailbox.Deposited(deposit.from(), places)));
  }

  private void onAttach(Mailbox.Attach attach) {
    if (!desk.attach(attach.sessionId(), attach.epoch(), attach.window(), attach.has())) {
      return;
    }
    if (session != null) {
      context.unwatch(session);
    }
    session = attach.session();
    context.watch(session);
  }

  private void onDetach(long epoch) {
    if (epoch == desk.epoch() && session != null) {
      desk.detach(epoch);
      context.unwatch(session);
      session = null;
      rungAt = 0; // Its successor may have asked before it could be told.
    }
  }

  private void onAcked(Mailbox.Acked acked) {
    if (desk.ack(acked.epoch(), acked.places(), now())) {
      ActorRef<SessionInput> to = session;
      owed.add(() -> to.tell(new Mailbox.AckTaken(owner, acked.epoch(), acked.seq())));
    }
  }

  private void onReadBack(ReadBack read) {
    if (read.failure() == null && !read.letters().isEmpty()) {
      reading = false;
      read.letters().forEach(desk::readBack);
      return;
    }
    String why = read.failure() == null ? "they are not there" : read.failure().toString();
    LOG.warn("Letters of {} cannot be read back for now: {}", owner.text(), why);
    timers.startSingleTimer(new ReadAgain(), READ_AGAIN);
  }

  /** Whatever has happened: gives out what may go, writes what has to be, sets the next alarm. */
  private void follow() {
    offer();
    tellReceipts();
    if (!writing) {
      if (desk.hasDecisions()) {
        write();
      } else {
        owed.forEach(Runnable::run);
        owed.clear();
      }
    }
    ring();
    wakeInTime();
  }

  private void offer() {
    Offers offers = desk.offers(now());
    if (!offers.letters().isEmpty()) {
      Lots.of(offers).forEach(lot -> session.tell(new Mailbox.Letters(owner, offers.epoch(), lot)));
    }
    List<Long> withdrawn = desk.takeWithdrawn();
    if (!withdrawn.isEmpty() && session != null) {
      long[] places = withdrawn.stream().mapToLong(Long::longValue).toArray();
      session.tell(new Mailbox.Withdrawn(owner, desk.epoch(), places));
    }
    if (offers.unread() != null && !reading && desk.mayReadBack()) {
      readBack(offers.unread());
    }
  }

  private void readBack(Kept first) {
    reading = true;
    context.pipeToSelf(
        shelf.read(desk.state().unread(first.place(), READ_BACK_MAX, READ_BACK_BYTES)),
        ReadBack::new);
  }

  private void tellReceipts() {
    desk.receiptsDue(now())
        .forEach((to, receipts) -> with.others().accept(new Mailbox.Deposit(to, owner, receipts)));
  }

  /** Somebody may be there who does not know that mail waits. */
  private void ring() {
    long now = now();
    boolean hasMail = desk.state().pendingCount() > 0;
    if (hasMail && !desk.isAttached() && now - rungAt >= RING_AGAIN_MS && !writing) {
      rungAt = now;
      with.doorbell().accept(owner);
    }
  }

  private void wakeInTime() {
    long now = now();
    long next = Math.min(desk.nextAt(now), usedAt + with.settings().sleepAfter().toMillis());
    if (desk.state().pendingCount() > 0 && !desk.isAttached()) {
      next = Math.min(next, rungAt + RING_AGAIN_MS);
    }
    // While a row is under way nothing that falls due can be said anyway.
    long soonest = writing ? WRITING_MS : 1;
    timers.startSingleTimer(new Tick(), Duration.ofMillis(Math.max(soonest, next - now)));
    boolean isIdle = !writing && !reading && owed.isEmpty() && !desk.hasDecisions();
    boolean isNeeded = desk.isAttached() && desk.state().pendingCount() > 0;
    if (isIdle && !isNeeded && now - usedAt >= with.settings().sleepAfter().toMillis()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
  }

  // ---- rows

  private void write() {
    writing = true;
    owedThen = owed;
    owed = new ArrayList<>();
    context.pipeToSelf(shelf.write(desk, now()), Written::of);
  }

  private Behavior<Command> onWritten(Outcome outcome) {
    writing = false;
    return switch (outcome) {
      case COMMITTED -> {
        desk.committed();
        owedThen.forEach(Runnable::run);
        owedThen.clear();
        follow();
        yield ending && !writing ? Behaviors.stopped() : Behaviors.same();
      }
      case FENCED -> {
        LOG.info("The mailbox of {} is served elsewhere", owner.text());
        yield Behaviors.stopped();
      }
      case REFUSED -> {
        LOG.error("A row of the mailbox of {} is refused by the database", owner.text());
        yield Behaviors.stopped();
      }
      case CLOSED -> Behaviors.stopped();
    };
  }

  // ---- the end

  /** What is under way is waited for, so that who asked hears of it. */
  private Behavior<Command> onStop() {
    ending = true;
    return writing ? Behaviors.same() : Behaviors.stopped();
  }

  private Behavior<Command> onSignal(ActorContext<Command> ignored, Signal signal) {
    return switch (signal) {
      case Terminated gone -> {
        if (gone.getRef().equals(session)) {
          session = null;
          desk.detach(desk.epoch());
          follow();
        }
        yield Behaviors.same();
      }
      case PostStop end -> {
        with.ledger().closed(Resource.MAILBOX);
        desk.release();
        yield Behaviors.same();
      }
      case Signal other -> Behaviors.unhandled();
    };
  }

  private long now() {
    return with.clock().millis();
  }
}
