package dev.glasshouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import dev.glasshouse.weights.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers against the schemas of the OpenAPI document. */
final class Schemas {
    private final Json.ObjectValue document;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    Schemas(Json.ObjectValue document) {
        this.document = document;
    }

    private Json.ObjectValue at(Json.ObjectValue json, String... names) {
        Json.ObjectValue inner = json;
        for (String name : names) {
            inner = inner.get(name).asObject();
        }
        return inner;
    }

    /** The schema of a route's good answer. */
    Json answer(String method, String path, String status, String type) {
        return at(document, "paths", path, method, "responses", status, "content", type)
                .get("schema");
    }

    /** The schema of an event of a route's stream. */
    Json event(String method, String path, String name) {
        return at(document, "paths", path, method, "responses", "200", "content", "text/event-stream", "x-events")
                .get(name);
    }

    Json named(String name) {
        return Json.object().put("$ref", "#/components/schemas/" + name).build();
    }

    void check(Json schema, String json) {
        Schema compiled = schemas.computeIfAbsent(schema.write(), text -> {
            Json.ObjectBuilder whole = Json.object();
            schema.asObject().members().forEach(whole::put);
            whole.put("components", document.get("components"));
            return SchemaRegistry.withDefaultDialect(com.networknt.schema.dialect.Dialects.getDraft202012())
                    .getSchema(whole.build().write(), InputFormat.JSON);
        });
        assertThat(compiled.validate(json, InputFormat.JSON)).as(json).isEmpty();
    }
}
