/**
 * What outlives a process: the database, its schema, and what is kept there.
 *
 * <p>A node opens one {@link io.peerhub.persistence.Database} from its {@link
 * io.peerhub.persistence.DatabaseSettings}. Behind it is either a server of the operator's ({@code
 * External}, from a JDBC URL) or the one that the hub brings itself ({@code Embedded}, see {@code
 * io.peerhub.persistence.embedded}); nothing else in the hub knows which.
 *
 * <pre>
 *   DatabaseSettings --> Database.open
 *                          |  join the embedded server, if it is embedded
 *                          |  Durability: refuse a server for which a commit is only a hope
 *                          |  Migrations: bring the schema "peerhub" to this hub's version
 *                          |  the pool, filled in the background
 *                          v
 *                        DataSource ---> Terms (one number for each activation of a peer)
 *                                   ---> DeviceStore, DeviceKeys, DeviceContacts (who may connect)
 *                        Rendezvous (which nodes are there, over a connection of its own)
 *                        ChangeFeed (what others change there, over a connection of its own)
 * </pre>
 *
 * <p>The stores of devices wait for the database and are called on virtual threads. Keys come and
 * go as {@link io.peerhub.persistence.SealedKey}: this package never sees one open.
 *
 * <p>The three kinds of trouble: a start that cannot succeed is a {@link
 * io.peerhub.persistence.DatabaseStartFailure} with a sentence for the operator; a database that is
 * away is {@link io.peerhub.persistence.DatabaseUnavailable}, in time and as a value of a future;
 * anything else is a bug. The package knows neither connections nor sessions nor actors.
 */
package io.peerhub.persistence;
