package io.peerhub.mailbox;

import io.peerhub.delivery.Deliverable;
import io.peerhub.delivery.Letter;
import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.DeliveryClass;
import io.peerhub.protocol.Frame;
import io.peerhub.protocol.Identity;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the mailbox of an identity hears and says. Its actor is {@link MailboxActor}; what it
 * decides is decided by {@code delivery.kept}.
 *
 * <p>A sender's session posts in lots, one under way to one mailbox at a time, and says a lot again
 * until it is answered: that keeps its order through the loss of a node, and costs no more, since
 * what comes while a lot is written goes with the next. The receiver's session attaches when it is
 * told that mail waits, and hears letters from then on, as many as its window holds.
 */
public final class Mailbox {
  /** What a mailbox hears. */
  public sealed interface Command permits Request, Stop, MailboxActor.Private {}

  /** What goes through sharding, with the identity by which it finds the mailbox. */
  public sealed interface Request extends Command {
    /** Whose mailbox it is. */
    Identity owner();
  }

  /**
   * A message that asks to be kept.
   *
   * @param ttlMs its life in ms; 0: the longest
   * @param wantsDelivered whether its sender wants a receipt of its delivery too
   * @param rising whether its sender names its messages in rising order
   */
  public record Parcel(Letter.Message letter, long ttlMs, boolean wantsDelivered, boolean rising) {}

  /**
   * Keep these, in this order. Answered by {@link Posted} when what was taken is on disk.
   *
   * @param lot the sender's number for it
   * @param again whether it was said before: whether it was taken then may not be guessed, so that
   *     it is not refused for what may pass, and waits
   */
  public record Post(
      Identity owner, long lot, boolean again, List<Parcel> parcels, ActorRef<SessionInput> replyTo)
      implements Request {}

  /** Receipts from the mailbox of {@code from}. Answered by {@link Deposited}. */
  public record Deposit(Identity owner, Identity from, List<Letter.Receipt> receipts)
      implements Request {}

  /** The receipts of these places are taken, and are not to be said again. */
  public record Deposited(Identity owner, long[] places) implements Request {}

  /**
   * The owner's session is there and takes letters.
   *
   * @param window how many it takes unacknowledged
   * @param has the places of what it holds already
   */
  public record Attach(
      Identity owner,
      ActorRef<SessionInput> session,
      String sessionId,
      long epoch,
      int window,
      long[] has)
      implements Request {}

  /**
   * The session's connection is cut.
   *
   * @param first the place of the first letter that was written and not acknowledged; 0: none
   * @param back what was not written
   */
  public record Away(Identity owner, long epoch, long first, long[] back) implements Request {}

  /** The session is over. */
  public record Detach(Identity owner, long epoch) implements Request {}

  /** These are processed. Answered by {@link AckTaken} with {@code seq}. */
  public record Acked(Identity owner, long epoch, long[] places, long seq) implements Request {}

  /** This one could not be processed: again later, or never. */
  public record Rejected(Identity owner, long epoch, long place, String reason, boolean requeue)
      implements Request {}

  /** Something in it falls due. */
  public record Wake(Identity owner) implements Request {}

  /** Sharding asks the mailbox to end. */
  public record Stop() implements Command {}

  // ---- what it says to sessions

  /** What a mailbox says to sessions. */
  public sealed interface Notice extends SessionInput {}

  /** To the owner's session: something waits here; {@link Attach}. */
  public record Waiting(Identity owner) implements Notice {}

  /**
   * What became of a parcel.
   *
   * @param refusalCode the number of the refusal; 0: it is on disk
   * @param duplicate whether it was before
   */
  public record Answer(int refusalCode, boolean duplicate, int retryAfterMs) {
    static final Answer TAKEN = new Answer(0, false, 0);
    static final Answer DUPLICATE = new Answer(0, true, 0);
  }

  /** Answers {@link Post}: one answer for each parcel. */
  public record Posted(Identity owner, long lot, List<Answer> answers) implements Notice {}

  /**
   * A letter for the owner.
   *
   * @param place its number in the mailbox
   * @param attempt which one this is, from 1
   */
  public record Item(long place, Letter letter, boolean redelivered, int attempt)
      implements Deliverable {
    @Override
    public int weight() {
      return letter.weight();
    }

    @Override
    public Frame.FromHub frame(long seq, boolean again, int inSession) {
      return switch (letter) {
        case Letter.Message message -> {
          int tried = Math.max(attempt, inSession);
          yield message.frame(seq, DeliveryClass.CRITICAL, 0, redelivered || again, tried);
        }
        case Letter.Receipt receipt -> receipt.frame(seq);
      };
    }
  }

  /** Letters, in order, for the session with that epoch. */
  public record Letters(Identity owner, long epoch, List<Item> items) implements Notice {
    @Override
    public int weight() {
      return items.stream().mapToInt(Item::weight).sum();
    }
  }

  /** Acks up to that number of the session are on disk: there will be no repeat. */
  public record AckTaken(Identity owner, long epoch, long seq) implements Notice {}

  /** The session is to forget these: they have ended, or somebody else gets them. */
  public record Withdrawn(Identity owner, long epoch, long[] places) implements Notice {}

  private Mailbox() {}
}
