/**
 * Who may be whom.
 *
 * <p>A session asks {@link io.peerhub.identity.Identities} whether a claimed identity is let in: at
 * once ({@code none}, in development), not at all, or by a {@link io.peerhub.identity.Handshake}
 * that judges the proof of one connection. Keys come from a {@link io.peerhub.identity.KeySource},
 * which may take its time; a source that cannot be asked means no.
 *
 * <pre>
 *   session --admit(identity, method)--> Identities --Free | Turned | Prove(Handshake)--> session
 *   session --judge(proof)--> Handshake --keys of--> KeySource
 *           <--Proven(mac) | Refused--
 * </pre>
 *
 * <p>An unknown identity takes the same path and time and gets the same answer as a wrong proof.
 * Keys and proofs never reach a log, a message or {@code toString}.
 */
package io.peerhub.identity;
