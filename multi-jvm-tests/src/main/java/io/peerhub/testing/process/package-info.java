/**
 * Processes of a test: started, signalled, listened to, and ended whatever happens.
 *
 * <p>A {@link io.peerhub.testing.process.Child} is one process with the files of what it says.
 * {@link io.peerhub.testing.process.Signal} is what can be done to any process by its id: ended in
 * order or killed, frozen and thawed. The {@link io.peerhub.testing.process.Reaper} is for the one
 * ending that no test can clean up after: its own.
 *
 * <pre>
 *   test JVM --- starts ---&gt; Child (hub, client, ...)
 *      |                          ^
 *      | pipe: "+ pid", "- pid"   | kills, with all descendants, when the pipe ends
 *      v                          |
 *   Reaper -----------------------+
 * </pre>
 *
 * <p>The package knows no hub and no database. It needs Linux: {@code /proc}, {@code kill}, {@code
 * setsid} and {@code env}.
 */
package io.peerhub.testing.process;
