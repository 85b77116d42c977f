/**
 * A PostgreSQL of a test's own, for everything that can happen to one.
 *
 * <p>{@link io.peerhub.testing.database.TestDatabase} is the embedded server of {@code persistence}
 * in the hands of a test: stopped in order or as in a power cut, killed with all its processes, one
 * backend of it killed, frozen and thawed, started again. Each has its own directory and port. The
 * first of a build founds one and unpacks the programs, which takes some seconds; the others begin
 * as its copy.
 *
 * <p>The package knows processes and the server, but no hub: a hub is told its URL.
 */
package io.peerhub.testing.database;
