package dev.rackhouse.inference;

import dev.rackhouse.inference.fit.ServingProfile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Profiles as they lie in the database. */
final class StoredProfile {

    private static final JsonMapper JSON = JsonMapper.shared();

    private StoredProfile() {}

    static ServingProfile read(String text) {
        return read(JSON.readTree(text));
    }

    /** What was stored before engines could sleep says nothing about it: it may not. */
    static ServingProfile read(JsonNode stored) {
        JsonNode whole = stored instanceof ObjectNode fields && !fields.has("sleep")
                ? fields.deepCopy().put("sleep", false)
                : stored;
        return JSON.treeToValue(whole, ServingProfile.class);
    }
}
