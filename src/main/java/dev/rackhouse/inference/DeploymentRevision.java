package dev.rackhouse.inference;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as it was after one change.
 *
 * @param number grows with time, over all deployments
 * @param by who changed it
 * @param deployment null: it was removed
 */
public record DeploymentRevision(
        long number, Instant at, String by, @Nullable Deployment deployment) {

    /**
     * One field that changed.
     *
     * @param before empty: it was not there
     * @param after empty: it is not there any more
     */
    public record Difference(String field, String before, String after) {}

    /** What this revision changed. */
    public List<Difference> since(@Nullable DeploymentRevision earlier) {
        return between(earlier == null ? null : earlier.deployment, deployment);
    }

    /** What differs between two deployments, in the order of the form. */
    public static List<Difference> between(@Nullable Deployment before, @Nullable Deployment after) {
        Map<String, String> old = before == null ? Map.of() : fields(before);
        Map<String, String> now = after == null ? Map.of() : fields(after);
        List<Difference> differences = new ArrayList<>();
        for (String field : (now.isEmpty() ? old : now).keySet()) {
            String was = old.getOrDefault(field, "");
            String is = now.getOrDefault(field, "");
            if (!Objects.equals(was, is)) {
                differences.add(new Difference(field, was, is));
            }
        }
        return differences;
    }

    private static Map<String, String> fields(Deployment d) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("model", d.model().value());
        fields.put("files", d.files());
        fields.put("engine", d.engine().title());
        fields.put("place", d.place().toString());
        fields.put("GPUs", d.gpus().stream().map(GpuPin::uuid).collect(Collectors.joining(", ")));
        fields.put("image", d.image());
        fields.put("port", Integer.toString(d.port()));
        fields.put("serves", d.servedName());
        fields.put("directory", d.modelDirectory());
        fields.put("context", Integer.toString(d.profile().contextTokens()));
        fields.put("sequences", Integer.toString(d.profile().sequences()));
        fields.put("utilization", Double.toString(d.profile().utilization()));
        fields.put("batch", Integer.toString(d.profile().batchTokens()));
        fields.put("micro batch", Integer.toString(d.profile().microBatchTokens()));
        fields.put("prefix caching", Boolean.toString(d.profile().prefixCaching()));
        fields.put("chunked prefill", Boolean.toString(d.profile().chunkedPrefill()));
        fields.put("own all-reduce", Boolean.toString(d.profile().customAllReduce()));
        fields.put("eager", Boolean.toString(d.profile().eager()));
        fields.put("precision", d.profile().precision().name());
        fields.put("keys and values", d.profile().kvType().name());
        fields.put("whole windows", Boolean.toString(d.profile().wholeWindows()));
        fields.put("sleep", Boolean.toString(d.profile().sleep()));
        return fields;
    }
}
