package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void config() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"llama\"}");
    }

    private void write(String file, String header, float... values) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(8 + json.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json);
        for (float value : values) {
            out.putFloat(value);
        }
        Files.write(folder.resolve(file), out.array());
    }

    @Test
    void readsASingleFile() throws IOException {
        write(
                "model.safetensors",
                "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}  ",
                9,
                1,
                2,
                3,
                4,
                5,
                6);
        try (ModelFile model = ModelFile.open(folder)) {
            assertThat(model.tensors()).extracting(Tensor::name).containsExactly("a", "b");
            Tensor b = model.tensor("b").orElseThrow();
            assertThat(b.shape()).containsExactly(3, 2);
            assertThat(b.rows()).isEqualTo(2);
            assertThat(b.data().get(Metadata.FLOAT, 20)).isEqualTo(6);
            assertThat(((SafetensorsModel) model).config().string("model_type")).contains("llama");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                                                          | data_offsets are 0 to 4
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}                                                         | gap
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                                                          | data_offsets are 8 to 0
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}    | overlaps
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}                                                          | 8 bytes that belong to no tensor
            {"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}                                                         | runs past
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}    | stands twice
            {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                                                         | negative
            {"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}                                      | too large
            {"a":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}                                                      | not a whole number
            {"a":{"dtype":"F9","shape":[2],"data_offsets":[0,8]}}                                                           | F9
            {"a":{"dtype":"F32","shape":[2]}}                                                                               | data_offsets
            [1]                                                                                                             | Expected a JSON object
            {"a":1                                                                                                          | JSON error
            """)
    void refusesBrokenHeaders(String header, String message) throws IOException {
        write("model.safetensors", header, 1, 2, 3, 4);
        assertThatThrownBy(() -> ModelFile.open(folder))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void refusesHugeAndMissingHeaders() throws IOException {
        Path file = folder.resolve("model.safetensors");
        for (byte[] bytes : new byte[][] {{}, {1, 2}, {-1, -1, -1, -1, -1, -1, -1, -1, 0}, {0, 0, 0, 1, 0, 0, 0, 0}}) {
            Files.write(file, bytes);
            assertThatThrownBy(() -> ModelFile.open(folder)).hasMessageContaining("cut off");
        }
        Files.delete(file);
        assertThatThrownBy(() -> ModelFile.open(folder)).hasMessageContaining("holds neither");
        Files.delete(folder.resolve("config.json"));
        assertThatThrownBy(() -> ModelFile.open(folder)).hasMessageContaining("config.json is missing");
    }

    @Test
    void readsShardsAndStaysInTheFolder() throws IOException {
        String entry = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        write("m-1.safetensors", entry.formatted("x"), 1);
        write("m-2.safetensors", entry.formatted("y"), 2);
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"x\":\"m-1.safetensors\",\"y\":\"m-2.safetensors\"}}");
        try (ModelFile model = ModelFile.open(folder)) {
            assertThat(model.files()).hasSize(2);
            assertThat(model.tensor("y").orElseThrow().data().get(Metadata.FLOAT, 0))
                    .isEqualTo(2);
            assertThat(model.tensor("y").orElseThrow().info().file()).isEqualTo(1);
        }
        Files.writeString(index, "{\"weight_map\":{\"z\":\"m-1.safetensors\"}}");
        assertThatThrownBy(() -> ModelFile.open(folder)).hasMessageContaining("lacks the tensor z");
        for (String path : new String[] {"../m-1.safetensors", "/m-1.safetensors", "..", "a\\\\b.safetensors"}) {
            Files.writeString(index, "{\"weight_map\":{\"x\":\"" + path + "\"}}");
            assertThatThrownBy(() -> ModelFile.open(folder)).hasMessageContaining("not the plain name");
        }
    }

    @Test
    void aFileBesideTheModelIsNotTakenForIt() throws IOException {
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}";
        write("model.safetensors", header, 9);
        write("adapter.safetensors", header, 8);
        ModelFile.open(folder.resolve("model.safetensors")).close();
        assertThatThrownBy(() -> ModelFile.open(folder.resolve("adapter.safetensors")))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("adapter.safetensors is no part of the model")
                .hasMessageContaining("model.safetensors");
    }
}
