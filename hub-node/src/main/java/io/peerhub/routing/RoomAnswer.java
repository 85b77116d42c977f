package io.peerhub.routing;

import io.peerhub.mail.SessionInput;
import io.peerhub.protocol.Frame;

/** What a session that is no member has asked about a room; it is told on its own loop only. */
public record RoomAnswer(Frame.Presence presence) implements SessionInput {}
