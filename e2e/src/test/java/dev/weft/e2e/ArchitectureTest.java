package dev.weft.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md: which module may know which, and what none may know. */
final class ArchitectureTest {
  private static final String MESH = "dev.weft.mesh..";
  private static final String POLICY = "dev.weft.policy..";
  private static final String RESOURCES = "dev.weft.resources..";
  private static final String PROXY = "dev.weft.proxy..";
  private static final String REDIRECT = "dev.weft.redirect..";
  private static final String INJECTION = "dev.weft.injection..";
  private static final String KIT = "dev.weft.kit..";
  private static final String CLI = "dev.weft.cli..";
  private static final String[] SERVICES = {
    "dev.weft.identity..",
    "dev.weft.destination..",
    "dev.weft.policyservice..",
    "dev.weft.injector.."
  };
  private static final String[] FRAMEWORKS = {"io.quarkus..", "jakarta..", "io.smallrye.."};
  private static final String[] IO = {
    "io.netty..", "io.grpc..", "java.net.http..", "java.nio.file.."
  };

  private static JavaClasses weft = new ClassFileImporter().importClasses(List.of());

  @BeforeAll
  static void read() {
    weft =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft");
  }

  @Test
  void everyModule_isSeenByTheseRules() {
    for (String name :
        List.of(
            "dev.weft.mesh",
            "dev.weft.policy",
            "dev.weft.resources",
            "dev.weft.proxy",
            "dev.weft.kit",
            "dev.weft.redirect",
            "dev.weft.cli",
            "dev.weft.identity",
            "dev.weft.destination",
            "dev.weft.policyservice",
            "dev.weft.injection",
            "dev.weft.injector")) {
      assertThat(weft).as(name).anyMatch(c -> c.getPackageName().startsWith(name));
    }
  }

  @Test
  void mesh_knowsOnlyTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage(MESH)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(MESH, "java..", "org.jspecify.."));
  }

  @Test
  void policy_doesNoInputOutputAndKnowsNoFramework() {
    check(no(POLICY).resideInAnyPackage(FRAMEWORKS));
    check(no(POLICY).resideInAnyPackage(IO));
    check(no(POLICY).resideInAnyPackage(PROXY, RESOURCES, KIT, CLI));
    check(no(POLICY).resideInAnyPackage(SERVICES));
    check(
        noClasses()
            .that()
            .resideInAPackage(POLICY)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now"));
  }

  @Test
  void injection_doesNoInputOutputAndKnowsNoFramework() {
    check(no(INJECTION).resideInAnyPackage(FRAMEWORKS));
    check(no(INJECTION).resideInAnyPackage(IO));
    check(no(INJECTION).resideInAnyPackage(POLICY, PROXY, RESOURCES, KIT, CLI, "io.fabric8.."));
    check(no(INJECTION).resideInAnyPackage(SERVICES));
    check(
        noClasses()
            .that()
            .resideInAPackage(INJECTION)
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now"));
  }

  @Test
  void resources_knowsNoServiceAndNoWire() {
    check(no(RESOURCES).resideInAnyPackage(POLICY, PROXY, KIT, CLI, "io.netty..", "io.grpc.."));
    check(no(RESOURCES).resideInAnyPackage(SERVICES));
  }

  @Test
  void redirect_knowsOnlyTheJdkAndTheVocabulary() {
    check(
        classes()
            .that()
            .resideInAPackage(REDIRECT)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(REDIRECT, MESH, "java..", "org.jspecify.."));
  }

  @Test
  void proxy_knowsNoKubernetesAndNoQuarkus() {
    check(no(PROXY).resideInAnyPackage("io.fabric8..", "io.quarkus..", "jakarta.."));
    check(no(PROXY).resideInAnyPackage(RESOURCES, KIT, CLI));
    check(no(PROXY).resideInAnyPackage(SERVICES));
  }

  @Test
  void services_knowNeitherEachOtherNorTheProxy() {
    for (String service : SERVICES) {
      check(no(service).resideInAnyPackage(PROXY, CLI));
    }
    check(
        slices()
            .matching("dev.weft.(identity|destination|policyservice|injector)..")
            .should()
            .notDependOnEachOther());
  }

  @Test
  void serviceKit_knowsNoService() {
    check(no(KIT).resideInAnyPackage(SERVICES));
    check(no(KIT).resideInAnyPackage(PROXY, CLI, POLICY));
  }

  @Test
  void kubernetesClient_staysInAdapters() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "dev.weft.resources..",
                "dev.weft.identity.kubernetes..",
                "dev.weft.cli.kube..",
                KIT)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fabric8.."));
  }

  @Test
  void noModule_usesThreadLocals() {
    check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
  }

  private static com.tngtech.archunit.lang.syntax.elements.ClassesThat<
          com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction>
      no(String from) {
    return noClasses().that().resideInAPackage(from).should().dependOnClassesThat();
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(false).check(weft);
  }
}
