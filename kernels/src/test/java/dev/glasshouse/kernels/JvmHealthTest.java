package dev.glasshouse.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JvmHealthTest {
    private static JvmHealth.Facts facts(String version, String name, String info, String option) {
        return new JvmHealth.Facts(Runtime.Version.parse(version), name, info, List.of(option), true, true);
    }

    private static final String SERVER = "OpenJDK 64-Bit Server VM";

    @Test
    void aHealthyJvmHasNoFindings() {
        assertThat(JvmHealth.findings(facts("25.0.3+9-LTS", SERVER, "mixed mode, sharing", "")))
                .isEmpty();
        assertThat(JvmHealth.findings(facts("26", SERVER, "mixed mode", "-XX:TieredStopAtLevel=4")))
                .isEmpty();
        assertThat(JvmHealth.check()).isEmpty(); // the one that runs the tests
    }

    @Test
    void eachTroubleIsNamedWithItsRemedy() {
        assertThat(JvmHealth.findings(facts("25.0.2", SERVER, "mixed mode", "")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("Java 25.0.2", "install JDK 25.0.3"));
        assertThat(JvmHealth.findings(facts("25.0.3", SERVER, "interpreted mode, sharing", "")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy()).contains("-Xint"));
        assertThat(JvmHealth.findings(facts("25.0.3", SERVER, "mixed mode, emulated-client, sharing", "")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy()).contains("TieredStopAtLevel"));
        assertThat(JvmHealth.findings(facts("25.0.3", SERVER, "mixed mode", "-Xmx1g -XX:TieredStopAtLevel=3")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy()).contains("TieredStopAtLevel=3"));
        assertThat(JvmHealth.findings(facts("25.0.3", "OpenJDK 64-Bit Zero VM", "mixed mode", "")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).contains("Zero"));
        JvmHealth.Facts worst =
                new JvmHealth.Facts(Runtime.Version.parse("25"), SERVER, "interpreted mode", List.of(), false, false);
        assertThat(JvmHealth.findings(worst)).hasSize(4);
    }

    @Test
    void realJvmsAreRecognised() throws IOException, InterruptedException {
        assertThat(findingsWith("-XX:TieredStopAtLevel=1")).contains("optimising compiler");
        assertThat(findingsWith("-XX:TieredStopAtLevel=2")).contains("optimising compiler");
        assertThat(findingsWith("-Xint")).contains("interprets").doesNotContain("fused");
        assertThat(findingsWith("-Xshare:auto")).contains("--add-modules").doesNotContain("compiler", "fused");
    }

    private static String findingsWith(String option) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(option);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    /** Prints the findings. */
    static final class Main {
        private Main() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) {
            JvmHealth.check().forEach(finding -> System.out.println(finding.text()));
        }
    }
}
