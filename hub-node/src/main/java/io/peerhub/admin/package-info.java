/**
 * The node's own door for its operator: health, metrics, statistics and the list of peers, over
 * HTTP/1.1 on a port of its own, on loopback unless told otherwise.
 *
 * <pre>
 *   connection ---> AdminServer (limits) ---> AdminRoutes ---> Gate (host, foreign pages, token)
 *                                                  |
 *                                                  +---> RouteTable: method, path, access, page
 *                                                           pages: AdminView (suppliers), actors
 * </pre>
 *
 * <p>{@link io.peerhub.admin.RouteTable} has all pages on one screen; another one is a row there
 * and a file of its own, with what it shows in {@link io.peerhub.admin.AdminView}. A page takes
 * what it needs of a request out of its {@link io.peerhub.admin.Call}, which checks it, and asks
 * actors through {@link io.peerhub.admin.Asking}: once, with a deadline. This is the outer edge,
 * the only place where the hub asks and waits.
 *
 * <p>Anonymous callers learn no more than health and counts (by setting not even that), and not
 * which other routes there are. The token is a file that whoever may read the node's data can read.
 * Every error is {@code application/problem+json} and carries nothing from inside. Nothing makes
 * the node dial out.
 *
 * <p><b>Browsers.</b> There are no cookies: a request carries the token itself or is a stranger's,
 * so no page can borrow the operator's rights. No answer allows another origin to read it, and no
 * preflight is granted. What a browser sends for a page of another site is refused before anything
 * else happens; and so is a host that is not a name of this node, since a page could otherwise
 * reach it under its own name (DNS rebinding).
 *
 * <p>It runs on the default dispatcher, apart from the loops and the peers: a busy hub still
 * answers its probes.
 */
package io.peerhub.admin;
