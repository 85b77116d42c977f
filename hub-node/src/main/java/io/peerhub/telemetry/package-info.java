/**
 * What is counted, and what is open.
 *
 * <p>{@link io.peerhub.telemetry.Meters} counts what happens, by name and reason; {@link
 * io.peerhub.telemetry.Ledger} counts what was opened and closed, so that "opened = closed + live"
 * can be asked at any time. Both are arrays of adders behind enums: a count costs a few nanoseconds
 * on any thread, nothing is looked up by a string, and the number of series is fixed at compile
 * time. An identity, an address or an id is never a label.
 *
 * <pre>
 *   everybody ---count, opened, closed---> Meters, Ledger ---read---> admin (/metrics, /stats)
 * </pre>
 *
 * <p>This package knows nothing else of the hub.
 */
package io.peerhub.telemetry;
