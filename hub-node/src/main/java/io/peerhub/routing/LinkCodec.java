package io.peerhub.routing;

import java.io.NotSerializableException;
import java.util.List;

/**
 * The bytes of what crosses to another node. A batch is written as a whole, so that references
 * which many of its items share are written once. Belongs to one loop.
 */
public interface LinkCodec {
  /**
   * Writes behind what was written since the last {@link #finish}.
   *
   * @return the size so far, in bytes
   * @throws NotSerializableException if there is no form for it or that fails, whatever it throws;
   *     what was written before stays, and of this item nothing does
   */
  int write(LinkItem item) throws NotSerializableException;

  /** Forgets what was written since the last {@link #finish}. */
  void clear();

  /** Takes out what was written. */
  byte[] finish();

  /** Reads a batch; all of it or nothing. */
  List<LinkItem> read(byte[] bytes) throws NotSerializableException;
}
