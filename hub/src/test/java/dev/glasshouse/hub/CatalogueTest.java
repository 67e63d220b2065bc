package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private final Catalogue catalogue = Catalogue.builtIn();

    @Test
    void hasADozenModelsOrMoreWithSourcesThatParse() {
        assertThat(catalogue.entries()).hasSizeGreaterThanOrEqualTo(12);
        for (Catalogue.Entry entry : catalogue.entries()) {
            assertThat(entry.sources()).isNotEmpty();
            assertThat(entry.samplingSource()).isNotBlank();
            for (Catalogue.SourceReference source : entry.sources()) {
                ModelName name = ModelNames.parse(source.name(), catalogue, Path.of("."));
                assertThat(name).isInstanceOfAny(ModelName.HuggingFace.class, ModelName.PackageIndex.class);
                assertThat(name.canonical()).isEqualTo(source.name());
                source.sha256()
                        .ifPresent(hash -> assertThat(Hashes.isSha256(hash)).isTrue());
            }
        }
    }

    @Test
    void defaultTags() {
        assertThat(catalogue.find("smollm2").orElseThrow().name()).isEqualTo("smollm2:135m");
        assertThat(catalogue.isDefault(catalogue.find("smollm2:135m").orElseThrow()))
                .isTrue();
        assertThat(catalogue.isDefault(catalogue.find("smollm2:1.7b").orElseThrow()))
                .isFalse();
        assertThat(catalogue.find("smollm2:9b")).isEmpty();
        assertThat(catalogue.find(":")).isEmpty();
        for (Catalogue.Entry entry : catalogue.entries())
            assertThat(catalogue.find(entry.family())).isPresent();
    }

    @Test
    void onlyLicencesWithConditionsAskForConsent() {
        assertThat(catalogue.find("llama3.2").orElseThrow().licence().conditions())
                .isTrue();
        assertThat(catalogue.find("gemma3:270m").orElseThrow().licence().conditions())
                .isTrue();
        assertThat(catalogue.find("qwen3").orElseThrow().licence().conditions()).isFalse();
        assertThat(catalogue.find("smollm2").orElseThrow().licence().id()).isEqualTo("apache-2.0");
    }
}
