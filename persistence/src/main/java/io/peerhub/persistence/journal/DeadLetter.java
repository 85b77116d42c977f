package io.peerhub.persistence.journal;

/**
 * A message that nobody will deliver, unless an operator puts it back.
 *
 * @param place its number in the mailbox
 * @param fate a number that the mailbox gives to its fates
 * @param letter the message, as the mailbox writes it
 */
public record DeadLetter(
    String owner,
    long place,
    String sender,
    String id,
    int fate,
    int attempts,
    String reason,
    long at,
    byte[] letter) {}
