/**
 * Who may be whom, and who may do what to whom.
 *
 * <p>A session asks {@link io.peerhub.identity.Identities} whether a claimed identity is let in: at
 * once ({@code none}, in development), not at all, or by a {@link io.peerhub.identity.Handshake}
 * that judges the proof of one connection. A method ({@link io.peerhub.identity.proof.Proving})
 * says what a proof is worth; the {@link io.peerhub.identity.Judge} asks the devices of the store
 * (in {@code device}), makes whoever fails too often wait, and decides. A store that cannot be
 * asked means no.
 *
 * <pre>
 *   session --admit(caller, identity, method)--> Identities --Free | Turned | Prove--> session
 *   session --judge(proof)--> Handshake -> Judge --may it try?---> BackOff
 *                                               --what is known?-> Devices (remembered, store)
 *                                               --is it right?---> Proving (hmac, password, token)
 *           &lt;--Proven(mac, labels) | Refused-- approved, pending or disabled?
 * </pre>
 *
 * <p>What a peer may do to others is decided by {@link io.peerhub.identity.Permissions}: the rules
 * of the settings that speak of it, by its identity or a label of its device, become its {@link
 * io.peerhub.identity.Rights} at its welcome, and every message is held against those.
 *
 * <p>An unknown identity takes the same path and work and gets the same answer, at the end of the
 * same step of time, as a wrong proof. Keys and proofs never reach a log, a message or {@code
 * toString}.
 */
package io.peerhub.identity;
