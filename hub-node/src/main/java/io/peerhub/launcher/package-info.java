/**
 * The command line: what {@code ./hub} runs once the tree is built and a JDK is found.
 *
 * <pre>
 *   ./hub up ---------> Up ------> HubNode, in the foreground, until it is told to end
 *   ./hub send, listen -> Server -> PeerHubClient, over the wire like any other peer
 *   ./hub peers, stats -> AdminPages -> the node's pages over HTTP, with the operator's token
 *   ./hub device ----> DeviceStore -> the hub's database, whether a node runs or not
 * </pre>
 *
 * <p>It knows the node and the client, and of {@code identity} what an operator does to devices,
 * since that needs no node; nobody knows it. People read lines and tables, programs {@code --json};
 * what went wrong is one line on standard error and an exit code: 1 refused or failed, 2 wrong
 * usage, 3 no connection. {@code HUB_DEBUG} adds the stack trace.
 *
 * <p>{@code Rehearsal} is the run that the JVM learns the start from: {@code ./hub} lets it happen
 * once after each build, and keeps what was learnt in an ahead-of-time cache.
 */
package io.peerhub.launcher;
