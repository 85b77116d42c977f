package io.peerhub;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table of packages as a test: these edges, no cycles, no other. Add an edge here only together
 * with the reason in the package's essay.
 */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.peerhub");

  /** Which packages a package may use; every one may also use telemetry and the protocol. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("connection", Set.of("session")),
          Map.entry(
              "session",
              Set.of(
                  "identity", "routing", "peer", "mailbox", "room", "mail", "delivery", "cluster")),
          Map.entry("identity", Set.of("persistence")),
          Map.entry("routing", Set.of("peer", "room", "service", "mail", "delivery")),
          Map.entry("peer", Set.of("mailbox", "mail", "delivery")),
          Map.entry("mailbox", Set.of("mail", "delivery", "persistence")),
          Map.entry("room", Set.of("mail", "delivery")),
          Map.entry("service", Set.of("mail", "delivery")),
          Map.entry("mail", Set.of("delivery")),
          Map.entry("delivery", Set.of()),
          Map.entry("cluster", Set.of("persistence")),
          Map.entry("admin", Set.of("peer", "identity", "cluster", "room", "mail")),
          Map.entry("telemetry", Set.of()),
          Map.entry("launcher", Set.of("client", "hub", "identity")),
          Map.entry("persistence", Set.of()),
          Map.entry("client", Set.of()),
          Map.entry("protocol", Set.of()));

  /** The wiring knows every part; who knows the wiring is the launcher alone. */
  private static final String WIRING = "hub";

  @ParameterizedTest
  @ValueSource(strings = {"protocol", "persistence", "hub-node"})
  void theRulesSeeEveryClassOfTheModule(String module) throws IOException {
    Path sources = Path.of("..", module, "src", "main", "java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<String> types =
          files
              .map(file -> sources.relativize(file).toString().replace('/', '.'))
              .filter(name -> name.endsWith(".java") && !name.endsWith("package-info.java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .toList();
      assertThat(CLASSES.stream().map(JavaClass::getName)).containsAll(types);
    }
  }

  @Test
  void everyPackageIsInTheTable() {
    classes()
        .should()
        .resideInAnyPackage(
            Stream.concat(Stream.of(WIRING), MAY_USE.keySet().stream())
                .map(ArchitectureTest::subtree)
                .toArray(String[]::new))
        .because("the table of packages is the map of the house: a new one is entered there first")
        .check(CLASSES);
  }

  static Stream<String> packages() {
    return MAY_USE.keySet().stream().sorted();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("packages")
  void aPackageUsesOnlyWhatTheTableAllows(String name) {
    List<String> allowed = new ArrayList<>(List.of(name, "protocol"));
    if (!Set.of("protocol", "client", "persistence").contains(name)) {
      allowed.add("telemetry");
    }
    allowed.addAll(MAY_USE.get(name));
    DescribedPredicate<JavaClass> ours = JavaClass.Predicates.resideInAPackage("io.peerhub..");
    DescribedPredicate<JavaClass> known =
        JavaClass.Predicates.resideInAnyPackage(
            allowed.stream().map(ArchitectureTest::subtree).toArray(String[]::new));
    check(
        noClasses()
            .that()
            .resideInAPackage(subtree(name))
            .should()
            .dependOnClassesThat(ours.and(DescribedPredicate.not(known)))
            .because("the callee declares both what it hears and what it says; the caller adapts"));
  }

  @Test
  void packagesFormNoCycle() {
    check(slices().matching("io.peerhub.(*)..").should().beFreeOfCycles());
  }

  @Test
  void theProtocolIsOneSmallJarForTheClassPathOfAService() {
    check(
        classes()
            .that()
            .resideInAnyPackage("io.peerhub.protocol..", "io.peerhub.client..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "io.peerhub.protocol..",
                "io.peerhub.client..",
                "java..",
                "javax.crypto..",
                "javax.net..",
                "com.fasterxml.jackson.core..")
            .because("Pekko, Netty and the hub stay out of a service's class path"));
  }

  @Test
  void deliveryIsPureLogic() {
    check(
        noClasses()
            .that()
            .resideInAPackage("io.peerhub.delivery..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko..", "io.netty..", "java.sql..")
            .because(
                "what decides is tested without a system: the actor turns outcomes to effects"));
  }

  @Test
  void packagesAreNamedForWhatTheyHold() {
    check(
        noClasses()
            .should()
            .resideInAnyPackage(
                Stream.of("util", "utils", "common", "manager", "impl", "model", "dto", "helper")
                    .map(name -> "io.peerhub.." + name + "..")
                    .toArray(String[]::new))
            .because("a helper lives, package-private, beside its only user"));
  }

  @Test
  void anActorNeverWaits() {
    check(
        noClasses()
            .that(areActors())
            .should()
            .callMethodWhere(target(nameMatching("join|get")).and(target(owner(futures()))))
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .because(
                "it would hold its loop: use pipeToSelf and a phase that waits for the answer"));
  }

  @Test
  void anActorLetsNoFutureTouchIt() {
    check(
        noClasses()
            .that(areActors())
            .should()
            .callMethodWhere(
                target(nameMatching("(whenComplete|thenAccept|thenRun|handle)(Async|Both)*"))
                    .and(target(owner(futures()))))
            .because("the callback runs on another thread: use pipeToSelf into a private record"));
  }

  @Test
  void anActorIsPassedItsClock() {
    check(
        noClasses()
            .that(areActors())
            .or()
            .resideInAPackage("io.peerhub.delivery..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .because("its tests move time by hand: take a java.time.Clock or a LongSupplier"));
  }

  @Test
  void actorsAreFinalAndUseNoBackDoor() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.pekko.actor.typed.javadsl.AbstractBehavior")
            .because("an actor is a final class with one method a phase"));
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.pekko.actor.ActorSelection")
            .because("the guardian hands typed references over"));
  }

  /** An actor is whoever holds an actor's context, with what is nested in it. */
  private static DescribedPredicate<JavaClass> areActors() {
    return describe("are actors", type -> holdsContext(type) || holdsContext(outermost(type)));
  }

  private static boolean holdsContext(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(
            use ->
                use.getTargetClass()
                    .getName()
                    .equals("org.apache.pekko.actor.typed.javadsl.ActorContext"));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  private static DescribedPredicate<JavaClass> futures() {
    return JavaClass.Predicates.assignableTo(CompletionStage.class)
        .or(JavaClass.Predicates.assignableTo(Future.class));
  }

  /** A rule holds while the package that it speaks of is not there yet. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  private static String subtree(String name) {
    return "io.peerhub." + name + "..";
  }
}
