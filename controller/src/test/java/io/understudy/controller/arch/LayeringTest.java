package io.understudy.controller.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.understudy.controller.client.ClusterClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may import whom. A new package needs a row. */
final class LayeringTest {
  private static final String ROOT = "io.understudy.controller";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @ParameterizedTest
  @CsvSource({
    "text,   client|probe|drill|output|verb",
    "client, probe|drill|output|verb",
    "probe,  client|drill|output|verb",
    "drill,  client|probe|output|verb",
    "output, client|probe|verb",
  })
  void aPackageKnowsOnlyThoseBelowIt(String from, String notKnown) {
    for (String other : notKnown.split("\\|", -1)) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + "." + from)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "." + other)
          .because("words < client, probe, drill < output < verb; move what both need to text")
          .check(CLASSES);
    }
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheClientKnowsHowConnectionsAreMade() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".output", ROOT + ".text", ROOT + ".probe", ROOT + ".drill")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .because("what people read does not depend on how it came")
        .check(CLASSES);
  }

  @Test
  void onlyVerbsKnowTheClusterFile() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".client", ROOT + ".output", ROOT + ".text", ROOT + ".probe", ROOT + ".drill")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.understudy.bundle..", "io.understudy.settings..")
        .because("what asks a node starts without it; hand words and numbers to output")
        .check(CLASSES);
  }

  @Test
  void whatAsksANodeLoadsNothingOfTheClusterFile() {
    noClasses()
        .that(
            describe(
                "use the client",
                type ->
                    type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(use -> use.getTargetClass().isEquivalentTo(ClusterClient.class))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.understudy.bundle..", "io.understudy.settings..")
        .because("half of what a short command does is to load classes")
        .check(CLASSES);
  }

  @Test
  void theCommandLineKnowsTheNodesByTheirApiOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.understudy.node..")
        .because("the wire formats are the contract")
        .check(CLASSES);
  }
}
