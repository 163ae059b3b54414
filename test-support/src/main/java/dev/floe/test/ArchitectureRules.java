package dev.floe.test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Random;

/** The arrows of the house; each module checks its own classes against them. */
public final class ArchitectureRules {
  private static final String[] SERVICES = {
    "dev.floe.platform..", "dev.floe.launcher..", "dev.floe.telemetry.."
  };

  private ArchitectureRules() {}

  /**
   * Checks every rule on the classes of a package; throws an {@link AssertionError} naming each
   * breach.
   */
  public static void check(String basePackage) {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(basePackage);
    if (classes.isEmpty()) {
      throw new AssertionError("no classes in " + basePackage);
    }
    rules().forEach(rule -> rule.allowEmptyShould(true).check(classes));
  }

  private static ArchRule roomsInNoCircle(String service) {
    return slices()
        .matching("dev.floe.%s.(**)".formatted(service))
        .should()
        .beFreeOfCycles()
        .as("the packages of a service depend on each other in no circle");
  }

  private static List<ArchRule> rules() {
    return List.of(
        roomsInNoCircle("platform"),
        roomsInNoCircle("launcher"),
        roomsInNoCircle("telemetry"),
        noFields()
            .that()
            .areStatic()
            .should()
            .haveRawType(assignableTo(Random.class))
            .as("a static random number generator would have its seed in the native executable"),
        noClasses()
            .that(resideInAPackage("dev.floe.contract.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "io.quarkus..",
                    "io.vertx..",
                    "io.smallrye..",
                    "jakarta.ws.rs..",
                    "io.fabric8.."))
            .as("the contract knows no framework"),
        noClasses()
            .that(resideInAPackage("dev.floe.contract.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("dev.floe.kit..", "dev.floe.local..", "dev.floe.cli.."))
            .as("the contract depends on nothing of floe"),
        noClasses()
            .that(resideInAPackage("dev.floe.yaml.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "dev.floe.contract..",
                    "dev.floe.kit..",
                    "dev.floe.local..",
                    "dev.floe.cli..",
                    "dev.floe.platform..",
                    "dev.floe.launcher..",
                    "dev.floe.telemetry..",
                    "io.quarkus..",
                    "io.fabric8.."))
            .as("yaml knows neither floe nor a framework"),
        noClasses()
            .that(resideInAnyPackage("dev.floe.."))
            .and(
                com.tngtech.archunit.base.DescribedPredicate.not(
                    resideInAPackage("dev.floe.yaml..")))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "org.snakeyaml..", "org.yaml..", "com.fasterxml.jackson.dataformat.yaml.."))
            .as("dev.floe.yaml alone reads and writes YAML"),
        noClasses()
            .that(resideInAPackage("dev.floe.kit.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage(SERVICES))
            .as("service-kit knows no service"),
        noClasses()
            .that(resideInAnyPackage("dev.floe.local..", "dev.floe.cli.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.quarkus..", "dev.floe.kit.."))
            .as("local and cli use no Quarkus"),
        noClasses()
            .that(resideInAPackage("dev.floe.cli.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage(SERVICES))
            .as("the command line is a client of the REST APIs"),
        noClasses()
            .that(resideInAPackage("dev.floe.launcher.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.floe.platform..", "dev.floe.telemetry.."))
            .as("job-launcher imports no other service"),
        noClasses()
            .that(resideInAPackage("dev.floe.platform.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.floe.launcher..", "dev.floe.telemetry.."))
            .as("platform-manager imports no other service"),
        noClasses()
            .that(resideInAPackage("dev.floe.telemetry.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.floe.launcher..", "dev.floe.platform.."))
            .as("telemetry-gateway imports no other service"),
        noClasses()
            .that(resideInAnyPackage(SERVICES))
            .and(
                com.tngtech.archunit.base.DescribedPredicate.not(
                    resideInAPackage("..runtime.kubernetes..")))
            .should()
            .dependOnClassesThat(resideInAPackage("io.fabric8.."))
            .as("Kubernetes types stand in runtime.kubernetes alone"),
        noClasses()
            .that(resideInAnyPackage(SERVICES))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .as("processes are started by dev.floe.local alone"),
        noClasses()
            .that(resideInAPackage("dev.floe.telemetry.wire.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("io.quarkus..", "io.vertx..", "com.google.protobuf.."))
            .as("wire works on bytes alone"),
        noClasses()
            .that()
            .haveSimpleNameEndingWith("Resource")
            .and(resideInAnyPackage(SERVICES))
            .should()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("Store")
            .as("resources speak HTTP alone; services decide, stores speak SQL"),
        classes()
            .that(resideInAPackage("dev.floe.."))
            .should()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Impl")
            .as("a class is named for what it is or does"));
  }
}
