package io.peerhub.session;

import io.peerhub.mailbox.Mailbox;

/**
 * A critical message that waits for the answer of its mailbox.
 *
 * @param id as the sender named it; where it has not, the hub has named the parcel
 * @param n the sender's number, for the answer
 * @param confirms whether the sender wants to hear that it is on disk
 */
public record Posting(Mailbox.Parcel parcel, String id, long n, boolean confirms) {}
