/**
 * How frames look in bytes: one schema, two encodings, and the proof of the handshake.
 *
 * <pre>
 *   Frame  <--- FrameCodec.json() ---->  one JSON value (proto3 mapping of Frame)
 *   Frame  <--- FrameCodec.binary() -->  one Protobuf message Frame
 * </pre>
 *
 * <p>The codecs take and give whole frames in byte arrays; who cuts a stream into frames (newline,
 * varint length, WebSocket message) is the reader of the socket, by {@link
 * io.peerhub.protocol.wire.Framing}. A codec is written for hostile input: nothing is allocated by
 * a length that was only claimed, nesting and numbers are bounded, and every malformed input ends
 * in a {@link io.peerhub.protocol.BadFrame} with its number, never in another exception.
 *
 * <p>A codec instance belongs to one thread; making one is cheap enough for one a connection, but
 * not for one a frame.
 */
package io.peerhub.protocol.wire;
