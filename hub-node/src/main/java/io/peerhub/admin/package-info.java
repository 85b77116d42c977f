/**
 * The node's own door for its operator: health, metrics, statistics and the list of peers, over
 * HTTP/1.1 on a port of its own, on loopback unless told otherwise.
 *
 * <pre>
 *   GET /health/live   open     the process answers
 *   GET /health/ready  open     may peers be sent here? 200 or 503, with each fact
 *   GET /metrics       open     Prometheus text
 *   GET /stats         token    counts and rates, JSON
 *   GET /peers         token    who sits on this node, in pages, JSON
 *
 *   connection ---> AdminServer (limits) ---> AdminRoutes ---> Gate (host, token)
 *                                                  |
 *                                                  +---> pages: AdminView (suppliers), the Roster
 * </pre>
 *
 * <p>It only reads: no verb but GET and HEAD, nothing that changes the node, nothing that makes it
 * dial out. Anonymous callers learn no more than health and counts, and not even which other routes
 * there are. The token is a file that whoever may read the node's data can read. Every error is
 * {@code application/problem+json} and carries nothing from inside.
 *
 * <p>While the door is on loopback, a request must also name a loopback host: else a web page in
 * the operator's browser could reach it under its own name (DNS rebinding). No answer allows
 * another origin to read it.
 *
 * <p>It runs on the default dispatcher, apart from the loops and the peers: a busy hub still
 * answers its probes. It asks (a request with a deadline) at one place only, {@code /peers}, since
 * this is the outer edge; the roster's protocol is all that it knows of the others.
 */
package io.peerhub.admin;
