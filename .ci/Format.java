import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Holds every Java file to google-java-format: {@code check} fails on a file that differs, {@code
 * apply} rewrites it.
 *
 * <p>The formatter parses with the compiler of the JVM that runs it, so it must run on the JDK of
 * the code and not on Maven's own: that is why this is a program for the toolchain's {@code java}
 * and not one more Maven plugin. Files that have not changed since the last good run are skipped.
 */
final class Format {

  private final Formatter formatter = new Formatter();
  private final boolean apply;

  private Format(boolean apply) {
    this.apply = apply;
  }

  public static void main(String... args) throws IOException {
    Path root = Path.of(args[1]);
    Path stamp = Path.of(args[2]);
    Format format = new Format(args[0].equals("apply"));
    FileTime started = FileTime.from(Instant.now());
    List<Path> unformatted = format.unformatted(changedSince(stamp, root));
    if (!unformatted.isEmpty() && !format.apply) {
      unformatted.forEach(file -> System.err.println("not formatted: " + root.relativize(file)));
      System.err.println("Format them with: mvn -q -N -Pformat process-sources");
      System.exit(1);
    }
    Files.writeString(stamp, "Every Java file older than this one is formatted.\n");
    Files.setLastModifiedTime(stamp, started);
  }

  private static List<Path> changedSince(Path stamp, Path root) throws IOException {
    FileTime last =
        Files.exists(stamp) ? Files.getLastModifiedTime(stamp) : FileTime.from(Instant.EPOCH);
    try (Stream<Path> modules = Files.list(root)) {
      Stream<Path> sources = modules.map(module -> module.resolve("src"));
      return Stream.concat(Stream.of(root.resolve(".ci")), sources)
          .filter(Files::isDirectory)
          .flatMap(Format::javaFiles)
          .filter(file -> modified(file).compareTo(last) >= 0)
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private List<Path> unformatted(List<Path> files) {
    return files.parallelStream().map(this::formatted).filter(Objects::nonNull).sorted().toList();
  }

  /** The file where it differed from its formatted text, null where it did not. */
  private Path formatted(Path file) {
    try {
      String before = Files.readString(file);
      String imports = RemoveUnusedImports.removeUnusedImports(before);
      String after = formatter.formatSource(ImportOrderer.reorderImports(imports, Style.GOOGLE));
      if (after.equals(before)) {
        return null;
      }
      if (apply) {
        Files.writeString(file, after);
      }
      return file;
    } catch (FormatterException unparsable) {
      throw new IllegalArgumentException(file + ": " + unparsable.getMessage(), unparsable);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
