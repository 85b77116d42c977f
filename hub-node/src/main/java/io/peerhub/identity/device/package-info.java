/**
 * The devices that may connect: what the store says of them, as a node remembers it, and what an
 * operator does to them.
 *
 * <pre>
 *   handshake --find, load--> Devices --(forgotten? asked anew)--> Lookups == a batch ==> store
 *                                ^ forget                                                  |
 *   sessions &lt;--who is shut out-- DeviceWatch &lt;------------ changes, from any node ---------+
 *   handshake --note--> Contacts == the last of each, every second ==> store
 *   operator ---------> DeviceDesk ---> store            keys: KeyVault (sealed by MasterKeys)
 * </pre>
 *
 * <p>Nothing here blocks a loop: the store is asked by threads of its own. What is remembered is
 * bounded in number and in age, and a store that is away means no. Keys are sealed wherever they
 * rest, in the cache too, and opened for the moment of a proof.
 */
package io.peerhub.identity.device;
