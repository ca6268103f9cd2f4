package dev.rackhouse.inference.ui;

import dev.rackhouse.inference.Deployment;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.Placement;
import dev.rackhouse.inference.Placement.Option;
import dev.rackhouse.inference.fit.ServingProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A model as the list shows it.
 *
 * @param facts {@code 7.6 B parameters · chat · fp16, awq 4-bit g128}
 * @param best the best way in each place, best place first
 * @param deployed who serves it
 */
record ModelRow(Model model, String facts, List<Option> best, List<Deployment> deployed) {

    /** What is wished when nobody has said: a context that chat clients use. */
    private static final int USUAL_CONTEXT = 16384;

    static final ServingProfile WISH = ServingProfile.seeds(USUAL_CONTEXT);

    static List<ModelRow> of(List<Model> models, List<Deployment> deployments, List<Place> places) {
        return models.stream()
                .map(m -> new ModelRow(
                        m,
                        facts(m),
                        bestByPlace(Placement.options(m, WISH, places)),
                        deployments.stream()
                                .filter(d -> d.model().equals(m.id()))
                                .toList()))
                .toList();
    }

    private static List<Option> bestByPlace(List<Option> options) {
        Map<String, Option> best = new LinkedHashMap<>();
        options.forEach(o -> best.putIfAbsent(
                o.place().kind() + o.place().labName() + o.place().title(), o));
        return new ArrayList<>(best.values());
    }

    private static String facts(Model model) {
        double billions = model.shape().parameters() / 1e9;
        return (billions >= 1
                        ? String.format(Locale.ROOT, "%.1f B parameters", billions)
                        : String.format(Locale.ROOT, "%.0f M parameters", billions * 1000))
                + " · " + model.purpose().word() + " · "
                + model.files().stream().map(ModelRow::form).collect(Collectors.joining(", "));
    }

    private static String form(ModelFiles files) {
        return files.weights().word() + " " + files.bytes();
    }
}
