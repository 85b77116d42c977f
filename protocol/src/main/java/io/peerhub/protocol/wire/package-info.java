/**
 * How frames look in bytes: one schema, two encodings, and the proof of the handshake.
 *
 * <pre>
 *   bytes of a stream                                                        bytes of a stream
 *     |  Framing finds where a frame begins and ends                                ^
 *     v                                                                             |
 *   BinaryReader or JsonReader                                  BinaryWriter or JsonWriter
 *     |  fills                                                          ^  is told the fields
 *     v                                                                 |  (FieldSink)
 *   Draft --- FrameBuilder: what must a frame have? ---> Frame --- FrameWriter
 *               \                                                     /
 *                +------ Shape and Schema: names, numbers, types ----+
 * </pre>
 *
 * <p>{@code Schema} is {@code peerhub.proto} in Java, and everything here goes by it: a reader asks
 * it what a tag or a name means, a writer takes its prepared bytes. So a field is added in three
 * places (schema, builder, writer), and both wires have it; tests compare the schema with what
 * {@code protoc} makes of the file, and both wires with the golden vectors.
 *
 * <p>The codecs are written for hostile input. Nothing is allocated by a length that was only
 * claimed; nesting, numbers, names and the entries of a map are bounded; UTF-8 is strict. What is
 * wrong ends in a {@link io.peerhub.protocol.BadFrame} with its number and, where it can be read,
 * with the send that it answers, never in another exception. JSON is parsed by Jackson's
 * synchronous parser over whole frames, with limits of our own ({@code StrictJson}); a json body is
 * judged by the same parser on both wires, so that what one peer may say no other peer's parser
 * chokes on, and so that no body can close its frame and forge a field.
 *
 * <p>A codec belongs to one thread. It keeps nothing of a frame but the names that were read
 * lately, so one codec serves all connections of a loop. A {@link io.peerhub.protocol.wire.Framing}
 * belongs to one connection. {@link io.peerhub.protocol.wire.HandshakeProof} is pure and for any
 * thread. {@link io.peerhub.protocol.wire.Liveness} is the rule of heartbeats, which both ends
 * keep.
 *
 * <p>{@code protocol/README.md} is the reference of the wire for readers of any language; parts of
 * it are rendered from here.
 */
package io.peerhub.protocol.wire;
