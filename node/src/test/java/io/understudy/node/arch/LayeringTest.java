package io.understudy.node.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.spi.TradingRelay;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who may use whom. A new package needs a row here, and a new library a home. */
class LayeringTest {
  private static final String ROOT = "io.understudy.node";
  private static final String PROTO = "io.understudy.v1..";
  private static final String SETTINGS = "io.understudy.settings..";

  /** Everything of ours that a package may use besides itself; names are relative to the root. */
  private static final ImmutableMap<String, ImmutableList<String>> MAY_USE =
      ImmutableMap.<String, ImmutableList<String>>builder()
          .put("core.model", ImmutableList.of())
          .put("core.leadership", ImmutableList.of("core.model"))
          .put("core.login", ImmutableList.of("core.model"))
          .put("core.positions", ImmutableList.of("core.model"))
          .put("core.peers", ImmutableList.of("core.model"))
          .put("core.account", ImmutableList.of("core.model"))
          .put("core.drill", ImmutableList.of("core.model", "core.leadership", "core.login"))
          .put("core.gateway", ImmutableList.of("core.model", "core.login"))
          .put("core.failover", ImmutableList.of("core.."))
          .put("spi", ImmutableList.of("core.."))
          .put("tls", ImmutableList.of("spi"))
          .put("config", ImmutableList.of("core..", "spi", "tls", SETTINGS))
          .put("wire", ImmutableList.of("core..", PROTO))
          .put("loop", ImmutableList.of("core..", "spi"))
          .put("api", ImmutableList.of("core..", "loop", "wire", "spi", "tls", PROTO))
          .put("http", ImmutableList.of("core..", "loop", "metrics", "spi"))
          .put("page", ImmutableList.of("core..", "loop", "api", "wire", "spi", "tls", PROTO))
          .put("metrics", ImmutableList.of("core..", "loop", "spi"))
          .put("log", ImmutableList.of("config"))
          .put("undertaker", ImmutableList.of())
          .buildOrThrow();

  /** What every {@code driver.<technology>} may use: never another driver. */
  private static final ImmutableList<String> DRIVER_MAY_USE =
      ImmutableList.of("core..", "spi", "config", "tls", "wire");

  /** What single drivers may use besides. */
  private static final ImmutableMap<String, String> DRIVER_MAY_ALSO_USE =
      ImmutableMap.of(
          "driver.peer", PROTO,
          "driver.zookeeper", PROTO,
          "driver.undertaker", "undertaker");

  /** The packages that may use a library; nobody else may. */
  private static final ImmutableMap<String, ImmutableList<String>> LIBRARY_HOMES =
      ImmutableMap.<String, ImmutableList<String>>builder()
          .put("org.apache.curator..", ImmutableList.of("driver.zookeeper"))
          .put("org.apache.zookeeper..", ImmutableList.of("driver.zookeeper"))
          .put("org.openqa.selenium..", ImmutableList.of("driver.clientportal"))
          .put("org.htmlunit..", ImmutableList.of("driver.clientportal"))
          .put("com.eatthepath..", ImmutableList.of("driver.totp"))
          .put("org.postgresql..", ImmutableList.of("driver.postgresql"))
          .put("com.zaxxer..", ImmutableList.of("driver.postgresql"))
          .put("java.lang.foreign..", ImmutableList.of("driver.systemd"))
          .put("io.netty..", ImmutableList.of("driver.relay", "page"))
          .put("io.micrometer..", ImmutableList.of("metrics"))
          .put("io.prometheus..", ImmutableList.of("metrics"))
          .put("io.grpc..", ImmutableList.of("api", "driver.peer"))
          .put("com.google.rpc..", ImmutableList.of("api"))
          .put(
              "com.google.protobuf..",
              ImmutableList.of("wire", "api", "page", "driver.zookeeper", "driver.peer"))
          .put(
              "com.fasterxml..",
              ImmutableList.of(
                  "driver.journal",
                  "driver.clientportal",
                  "driver.totp",
                  "driver.file",
                  "http",
                  "log",
                  "page"))
          .put("ch.qos.logback..", ImmutableList.of("log", "driver.clientportal"))
          .buildOrThrow();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(NodeDecider.class.getProtectionDomain().getCodeSource().getLocation());

  private static String absolute(String pattern) {
    return pattern.startsWith("io.understudy.") ? pattern : ROOT + "." + pattern;
  }

  private static DescribedPredicate<JavaClass> ours(String own, Iterable<String> others) {
    ImmutableList.Builder<String> allowed = ImmutableList.builder();
    allowed.add(absolute(own));
    others.forEach(pattern -> allowed.add(absolute(pattern)));
    return not(resideInAPackage("io.understudy.."))
        .or(resideInAnyPackage(allowed.build().toArray(String[]::new)));
  }

  private static ImmutableList<String> packages() {
    return CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !name.equals(ROOT))
        .map(name -> name.substring(ROOT.length() + 1))
        .distinct()
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean isDriver(String name) {
    return name.matches("driver\\.[a-z0-9]+");
  }

  @Test
  void everyPackageHasARow() {
    assertThat(packages().stream().filter(name -> !isDriver(name)))
        .as("a new package needs a row in LayeringTest.MAY_USE, or a place in one that has a row")
        .isSubsetOf(MAY_USE.keySet());
  }

  @Test
  void everyPackageUsesOnlyWhatItsRowNames() {
    MAY_USE.forEach((own, others) ->
        classes()
            .that()
            .resideInAPackage(absolute(own))
            .should()
            .onlyDependOnClassesThat(ours(own, others))
            .because(
                own
                    + " may use "
                    + others
                    + " only: move what both need down to where it belongs, or let the loop hand"
                    + " it over as an observation or an effect")
            .check(CLASSES));
  }

  @Test
  void aDriverUsesNoOtherDriver() {
    packages().stream()
        .filter(LayeringTest::isDriver)
        .forEach(own ->
            classes()
                .that()
                .resideInAPackage(absolute(own))
                .should()
                .onlyDependOnClassesThat(
                    ours(
                        own,
                        ImmutableList.<String>builder()
                            .addAll(DRIVER_MAY_USE)
                            .addAll(
                                Optional.ofNullable(DRIVER_MAY_ALSO_USE.get(own)).stream().toList())
                            .build()))
                .because(
                    "a driver can be exchanged alone: what two of them share belongs to spi, and"
                        + " only the root package puts drivers together")
                .check(CLASSES));
  }

  @Test
  void everyLibraryStaysInItsHome() {
    LIBRARY_HOMES.forEach((library, homes) ->
        noClasses()
            .that()
            .resideOutsideOfPackages(
                homes.stream().map(LayeringTest::absolute).toArray(String[]::new))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .because(
                "only "
                    + homes
                    + " may know "
                    + library
                    + ": offer what is needed through spi, or as a method of that package")
            .check(CLASSES));
  }

  @Test
  void theUndertakerStartsWithNothingButTheJdk() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".undertaker")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "javax.net.ssl",
                "org.jspecify.annotations",
                "com.google.errorprone.annotations",
                ROOT + ".undertaker"))
        .because("it starts anew at each crash, from a jar that holds nothing else")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching(ROOT + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("of two packages one is below: move the shared type there, or turn the call round")
        .check(CLASSES);
  }

  @Test
  void theCoreTouchesNothingOfTheWorld() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".core..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.io..",
                    "java.net..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.util.concurrent..",
                    "java.util.logging..",
                    "org.slf4j..")
                .or(belongToAnyOf(Thread.class, Clock.class, InstantSource.class, Random.class)))
        .because(
            "the same input must give the same decision: time is the parameter Now, what is to be"
                + " done is an Effect, and what was seen is an Observation")
        .check(CLASSES);
  }

  @Test
  void theCoreReadsNoClock() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".core..")
        .should()
        .callMethodWhere(
            describe(
                "a clock is read",
                call ->
                    (call.getTargetOwner().isEquivalentTo(System.class)
                            && !call.getName().equals("arraycopy"))
                        || (call.getTargetOwner().getPackageName().equals("java.time")
                            && call.getName().equals("now"))))
        .because("time is the parameter Now, so that a journal can be replayed")
        .check(CLASSES);
  }

  @Test
  void theCoreUsesNoCollectionWithoutAStableOrder() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".core..")
        .should()
        .dependOnClassesThat(belongToAnyOf(HashMap.class, HashSet.class))
        .orShould()
        .callMethodWhere(describe("Set.of, Map.of or a copyOf of them", LayeringTest::isUnordered))
        .because(
            "their order changes from run to run, which would break replay: use Guava's immutable"
                + " collections")
        .check(CLASSES);
  }

  @Test
  void aScrapeReadsThePublishedStatusAndCallsNothing() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".metrics")
        .should()
        .callMethodWhere(
            describe(
                "more is asked of the loop than its status",
                call ->
                    call.getTargetOwner().isEquivalentTo(NodeControl.class)
                        && !ImmutableSet.of("status", "subscribe").contains(call.getName())))
        .orShould()
        .dependOnClassesThat(
            resideInAPackage(ROOT + ".spi").and(not(belongToAnyOf(TradingRelay.Traffic.class))))
        .because(
            "a scrape must cost no call to the broker, to coordination or to a peer: have the loop"
                + " publish what is to be measured")
        .check(CLASSES);
  }

  private static boolean isUnordered(JavaCall<?> call) {
    String owner = call.getTargetOwner().getName();
    return (owner.equals("java.util.Set") || owner.equals("java.util.Map"))
        && ImmutableSet.of("of", "ofEntries", "copyOf").contains(call.getName());
  }

  @Test
  void noClassIsNamedAfterNothing() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Helper|Utils?)(\\$.*)?")
        .because("a class is named after what it is; what has no such name is two things or none")
        .check(CLASSES);
  }
}
