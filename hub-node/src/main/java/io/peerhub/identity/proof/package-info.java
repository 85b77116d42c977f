/**
 * The methods by which peers prove who they are: {@code hmac}, {@code password}, {@code token}.
 *
 * <pre>
 *   Judge --examine(claim, proof, device)--> Proving
 *                                              HmacProof      keys: of a KeyFile, or of the device
 *                                              PasswordProof  hash: of the device --+
 *                                              TokenProof     keys: TokenKeys     --+--> ProofWorkers
 * </pre>
 *
 * <p>What costs no more than a few microseconds is done at once; a password hash and a signature
 * are done by a few threads of their own, and the line before them ends. No method knows whether a
 * device may come in, or who has failed before: that is the judge's.
 */
package io.peerhub.identity.proof;
