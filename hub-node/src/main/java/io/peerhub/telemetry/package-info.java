/**
 * What is counted, and what is open.
 *
 * <p>{@link io.peerhub.telemetry.Meters} counts what happens, by name and reason; {@link
 * io.peerhub.telemetry.Ledger} holds what was opened and closed, so that "opened = closed + live"
 * can be asked at any time, and lists sockets, sessions and peers with the reason why they are
 * open; {@link io.peerhub.telemetry.Sweep} looks for those that have none. Counters are arrays of
 * adders behind enums: a count costs a few nanoseconds on any thread, nothing is looked up by a
 * string, and the number of series is fixed at compile time. An identity, an address or an id is
 * never a label.
 *
 * <p>{@link io.peerhub.telemetry.Levels} says how full stores are and how late loops run, {@link
 * io.peerhub.telemetry.Histogram} how often something took how long. {@link
 * io.peerhub.telemetry.JsonLines} is the log for machines.
 *
 * <p>{@link io.peerhub.telemetry.LatencySample} times one message in 256 inside the hub. {@link
 * io.peerhub.telemetry.Rates} turns counts into "over the last ten seconds", and {@link
 * io.peerhub.telemetry.Exposition} into what Prometheus reads, together with what {@link
 * io.peerhub.telemetry.ProcessFact} knows of the process.
 *
 * <pre>
 *   everybody ---count, opened, closed---> Meters, Ledger ---+--> Exposition ---> admin (/metrics)
 *   sessions  ---begin, end--------------> LatencySample  ---+--> Rates      ---> admin (/stats)
 * </pre>
 *
 * <p>This package knows nothing else of the hub, and has no thread of its own.
 */
package io.peerhub.telemetry;
