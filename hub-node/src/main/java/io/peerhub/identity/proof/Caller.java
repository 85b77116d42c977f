package io.peerhub.identity.proof;

/**
 * Who stands at the door, as far as it shows without a proof.
 *
 * @param address where the connection comes from, without the port
 * @param secret whether nobody between can read along: TLS, or the same machine
 * @param client what the peer calls itself: library and version
 * @param version of the wire that it speaks
 */
public record Caller(String address, boolean secret, String client, int version) {}
