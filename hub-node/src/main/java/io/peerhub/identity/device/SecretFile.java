package io.peerhub.identity.device;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file with a secret: who may get at it, and how one is made that nobody else ever could. */
public final class SecretFile {
  private static final Set<PosixFilePermission> FOR_STRANGERS =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);

  private SecretFile() {}

  /**
   * Whether any account of the machine may read or write this file; a group may read it, since that
   * is how containers are handed their secrets. False where the file system knows no such
   * permissions.
   */
  public static boolean isExposed(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    return view != null
        && !Collections.disjoint(view.readAttributes().permissions(), FOR_STRANGERS);
  }

  /**
   * Makes a file that its owner alone can read. Of several that make it at once one succeeds, and
   * nobody ever reads half of it.
   *
   * @return whether it was made here; false if somebody else was faster
   */
  public static boolean make(Path file, String contents) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    // A name of its own: nodes of one process, and of containers with the same pids, make it at
    // once.
    Path draft = Files.createTempFile(folder, file.getFileName() + ".", "", ownerOnly(folder));
    try {
      Files.writeString(draft, contents, StandardOpenOption.WRITE);
      // A link, since a move would replace what another process has just made and used.
      Files.createLink(file, draft);
      return true;
    } catch (FileAlreadyExistsException faster) {
      LOG.debug("another process has made {}", file);
      return false;
    } finally {
      Files.delete(draft);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
    Set<String> views = folder.getFileSystem().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
