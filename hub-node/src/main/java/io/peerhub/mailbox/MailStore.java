package io.peerhub.mailbox;

import io.peerhub.persistence.journal.Journal;
import io.peerhub.persistence.journal.JournalReader;
import io.peerhub.persistence.journal.JournalRing;

/**
 * Where mailboxes are kept. Safe for any thread.
 *
 * @param journal where they are written
 * @param reader where they are read
 * @param ring what brings what they keep to an end
 */
public record MailStore(Journal journal, JournalReader reader, JournalRing ring) {}
