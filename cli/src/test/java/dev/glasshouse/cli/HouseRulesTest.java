package dev.glasshouse.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, what each may use, and how long a file may be. */
class HouseRulesTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.glasshouse");

    @Test
    void arrowsPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("weights")
                .definedBy("dev.glasshouse.weights..")
                .layer("kernels")
                .definedBy("dev.glasshouse.kernels")
                .layer("kernels-vector")
                .definedBy("dev.glasshouse.kernels.vector..")
                .layer("tokenizer")
                .definedBy("dev.glasshouse.tokenizer..")
                .layer("network")
                .definedBy("dev.glasshouse.network..")
                .layer("sampling")
                .definedBy("dev.glasshouse.sampling..")
                .layer("engine")
                .definedBy("dev.glasshouse.engine..")
                .layer("chat")
                .definedBy("dev.glasshouse.chat..")
                .layer("hub")
                .definedBy("dev.glasshouse.hub..")
                .layer("library")
                .definedBy("dev.glasshouse")
                .layer("stories")
                .definedBy("dev.glasshouse.stories..")
                .layer("training")
                .definedBy("dev.glasshouse.training..")
                .layer("server")
                .definedBy("dev.glasshouse.server..")
                .layer("cli")
                .definedBy("dev.glasshouse.cli..")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("kernels-vector")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("library")
                .mayOnlyBeAccessedByLayers("server", "cli")
                .whereLayer("hub")
                .mayOnlyBeAccessedByLayers("library", "server", "cli")
                .whereLayer("chat")
                .mayOnlyBeAccessedByLayers("library", "server", "cli")
                .whereLayer("training")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("stories")
                .mayOnlyBeAccessedByLayers("training", "server", "cli")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("training", "library", "server", "cli")
                .whereLayer("sampling")
                .mayOnlyBeAccessedByLayers("engine", "training", "library", "server", "cli")
                .whereLayer("network")
                .mayOnlyBeAccessedByLayers("engine", "training", "library", "server", "cli")
                .whereLayer("tokenizer")
                .mayOnlyBeAccessedByLayers("engine", "chat", "training", "library", "server", "cli")
                .whereLayer("kernels")
                .mayOnlyBeAccessedByLayers("kernels-vector", "network", "engine", "training", "library")
                .check(HOUSE);
    }

    @Test
    void theVectorModuleStaysInOneRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.glasshouse.kernels.vector..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .check(HOUSE);
    }

    @Test
    void theEngineAndAllBelowItNeedOnlyTheJdk() {
        classes()
                .that()
                .resideOutsideOfPackages("dev.glasshouse.cli..", "dev.glasshouse.server..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.glasshouse..",
                        "java..",
                        "javax..",
                        "com.sun.management..",
                        "jdk.incubator.vector..",
                        "org.jspecify..")
                .check(HOUSE);
    }

    @Test
    void nothingOnTheWayToAnAnswerUsesUnspecifiedMathsOrGenerators() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.glasshouse.kernels..", "dev.glasshouse.network..", "dev.glasshouse.sampling..")
                .should()
                .callMethod(Math.class, "exp", double.class)
                .orShould()
                .callMethod(Math.class, "log", double.class)
                .orShould()
                .callMethod(Math.class, "pow", double.class, double.class)
                .orShould()
                .callMethod(Math.class, "tanh", double.class)
                .orShould()
                .callMethod(Math.class, "sin", double.class)
                .orShould()
                .callMethod(Math.class, "cos", double.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)")
                .check(HOUSE);
    }

    @Test
    void noFileIsLongerThanAThousandLines() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList()) {
                try (Stream<String> lines = Files.lines(file)) {
                    long count = lines.count();
                    if (count > 1000) {
                        tooLong.add(root.relativize(file) + ": " + count);
                    }
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }
}
