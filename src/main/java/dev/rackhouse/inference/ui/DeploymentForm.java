package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Composite;
import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.HasValue;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.value.ValueChangeMode;
import dev.rackhouse.inference.EngineKind;
import dev.rackhouse.inference.GpuPin;
import dev.rackhouse.inference.Model;
import dev.rackhouse.inference.ModelFiles;
import dev.rackhouse.inference.Place;
import dev.rackhouse.inference.Problem;
import dev.rackhouse.inference.deploy.DeployDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of a deployment: reads and writes a {@link DeployDraft}, shows what is wrong beside each. */
class DeploymentForm extends Composite<Div> {

    private final List<Model> models;
    private final List<Place> places;
    private final Runnable changed;
    private final TextField name = text("Name", "Also the name of its container.");
    private final Select<Model> model = new Select<>();
    private final Select<String> files = new Select<>();
    private final Select<EngineKind> engine = new Select<>();
    private final Select<Place> place = new Select<>();
    private final CheckboxGroup<String> gpus = new CheckboxGroup<>("GPUs");
    private final TextField image = text("Image", "With a tag, so that it is the same one tomorrow.");
    private final TextField port = text("Port", "On the place, by which clients reach it.");
    private final TextField served = text("Served name", "What clients ask for.");
    private final TextField directory = text("Model directory", "Where files lie in the place.");
    private final TextField context = text("Context", "Tokens of the longest request.");
    private final TextField sequences = text("Requests at once", "");
    private final TextField utilization = text("Utilization", "Share of the memory that vLLM takes: 0.85 to 0.90.");
    private final Checkbox sleep = new Checkbox("May sleep instead of being stopped (vLLM)");
    private final Map<String, HasValidation> byField = new HashMap<>();
    private final Map<String, String> cards = new LinkedHashMap<>();
    private DeployDraft last = DeployDraft.empty();
    private @Nullable Place lookedAt;
    private boolean writing;

    /** @param changed called after every change by a person */
    DeploymentForm(List<Model> models, List<Place> places, boolean nameStands, Runnable changed) {
        this.models = models;
        this.places = places.stream().filter(p -> p.ref() != null).toList();
        this.changed = changed;
        name.setReadOnly(nameStands);
        model.setLabel("Model");
        model.setItems(models);
        model.setItemLabelGenerator(Model::name);
        model.addValueChangeListener(change -> {
            showFiles(change.getValue());
            told();
        });
        files.setLabel("Files");
        files.addValueChangeListener(_ -> told());
        engine.setLabel("Engine");
        engine.setItems(EngineKind.values());
        engine.setItemLabelGenerator(EngineKind::title);
        engine.addValueChangeListener(_ -> told());
        place.setLabel("Place");
        place.setItems(this.places);
        place.setItemLabelGenerator(Place::title);
        place.addValueChangeListener(change -> {
            showCards(change.getValue());
            takeTheOnlyCard();
            told();
        });
        sleep.setHelperText(
                "When the mode is switched, its weights wait in main memory, and it wakes in seconds instead of minutes. "
                        + "It needs as much free memory, and opens vLLM's addresses for developers to whoever reaches its port: let nobody "
                        + "but the router reach it.");
        sleep.addValueChangeListener(_ -> told());
        gpus.addValueChangeListener(_ -> told());
        gpus.setItemLabelGenerator(uuid -> cards.getOrDefault(uuid, uuid));
        getContent()
                .add(
                        name,
                        model,
                        files,
                        engine,
                        place,
                        gpus,
                        image,
                        port,
                        served,
                        directory,
                        context,
                        sequences,
                        utilization,
                        sleep);
        getContent().addClassName("wizard-fields");
        byField.putAll(Map.ofEntries(
                Map.entry("name", name),
                Map.entry("model", model),
                Map.entry("files", files),
                Map.entry("engine", engine),
                Map.entry("place", place),
                Map.entry("gpus", gpus),
                Map.entry("image", image),
                Map.entry("port", port),
                Map.entry("served", served),
                Map.entry("directory", directory),
                Map.entry("context", context),
                Map.entry("sequences", sequences),
                Map.entry("utilization", utilization)));
    }

    private TextField text(String label, String help) {
        TextField field = new TextField(label);
        field.setHelperText(help);
        field.setValueChangeMode(ValueChangeMode.LAZY);
        field.addValueChangeListener(_ -> told());
        return field;
    }

    private void told() {
        if (!writing) {
            changed.run();
        }
    }

    private void showFiles(@Nullable Model chosen) {
        files.setItems(
                chosen == null
                        ? List.of()
                        : chosen.files().stream().map(ModelFiles::name).toList());
    }

    private void showCards(@Nullable Place chosen) {
        cards.clear();
        if (chosen != null) {
            chosen.gpus().stream()
                    .filter(g -> g.pin() != null)
                    .forEach(g -> cards.put(
                            Objects.requireNonNull(g.pin()).uuid(), g.now().label()));
        }
        gpus.setItems(List.copyOf(cards.keySet()));
        gpus.setHelperText(
                cards.isEmpty()
                        ? "Which cards the place has is known when it has been looked at."
                        : "Named by their UUIDs.");
    }

    private void takeTheOnlyCard() {
        if (!writing && cards.size() == 1) {
            writing = true;
            gpus.select(cards.keySet());
            writing = false;
        }
    }

    /**
     * Cards that were seen in the place join those that are known.
     *
     * @param labels by UUID
     * @param place as it is known now; null: no longer
     */
    void seen(Map<String, String> labels, @Nullable Place place) {
        lookedAt = place;
        if (!cards.keySet().containsAll(labels.keySet())) {
            writing = true;
            labels.forEach(cards::putIfAbsent);
            var chosen = gpus.getValue();
            gpus.setItems(List.copyOf(cards.keySet()));
            gpus.setValue(chosen);
            gpus.setHelperText("Named by their UUIDs.");
            writing = false;
            takeTheOnlyCard();
            told();
        }
    }

    void write(DeployDraft draft) {
        writing = true;
        last = draft;
        name.setValue(draft.name());
        Model chosen = models.stream()
                .filter(m -> m.id().value().equals(draft.model()))
                .findFirst()
                .orElse(null);
        model.setValue(chosen);
        showFiles(chosen);
        if (chosen != null && chosen.files(draft.files()).isPresent()) {
            files.setValue(draft.files());
        }
        engine.setValue(draft.engine());
        Place there = places.stream()
                .filter(p -> Objects.equals(p.ref(), draft.place()))
                .findFirst()
                .orElse(null);
        place.setValue(there);
        showCards(there);
        draft.gpus().forEach(g -> cards.putIfAbsent(g.uuid(), g.uuid()));
        gpus.setItems(List.copyOf(cards.keySet()));
        gpus.select(draft.gpus().stream().map(GpuPin::uuid).toList());
        image.setValue(draft.image());
        port.setValue(draft.port());
        served.setValue(draft.servedName());
        directory.setValue(draft.directory());
        context.setValue(draft.context());
        sequences.setValue(draft.sequences());
        utilization.setValue(draft.utilization());
        sleep.setValue(draft.rest().sleep());
        writing = false;
    }

    /** What stands in the fields; what they do not ask for stays as it was written. */
    DeployDraft read() {
        Model chosen = model.getValue();
        Place there = place.getValue();
        List<GpuPin> pins = new ArrayList<>();
        for (String uuid : cards.keySet()) {
            if (gpus.isSelected(uuid)) {
                pins.add(pin(there, uuid));
            }
        }
        return new DeployDraft(
                name.getValue(),
                chosen == null ? "" : chosen.id().value(),
                Objects.requireNonNullElse(files.getValue(), ""),
                Objects.requireNonNullElse(engine.getValue(), EngineKind.VLLM),
                there == null ? last.place() : there.ref(),
                pins,
                image.getValue(),
                port.getValue(),
                served.getValue(),
                directory.getValue(),
                context.getValue(),
                sequences.getValue(),
                utilization.getValue(),
                last.rest().withSleep(sleep.getValue()));
    }

    /** With its place on the bus where that is known: by it, pages of the host tell what the card does. */
    private GpuPin pin(@Nullable Place there, String uuid) {
        return Stream.of(Optional.ofNullable(lookedAt), Optional.ofNullable(there))
                .flatMap(Optional::stream)
                .filter(p -> there != null && Objects.equals(p.ref(), there.ref()))
                .flatMap(p -> p.gpus().stream())
                .map(Place.PlacedGpu::pin)
                .filter(Objects::nonNull)
                .filter(pin -> pin.uuid().equals(uuid))
                .findFirst()
                .orElseGet(() -> pinAsWritten(uuid));
    }

    private GpuPin pinAsWritten(String uuid) {
        return last.gpus().stream()
                .filter(g -> g.uuid().equals(uuid))
                .findFirst()
                .orElse(new GpuPin(uuid, null));
    }

    /** What is wrong stands beside its field. */
    void show(List<Problem> problems) {
        byField.forEach((field, component) -> {
            String sentence = problems.stream()
                    .filter(p -> p.field().equals(field))
                    .map(Problem::sentence)
                    .findFirst()
                    .orElse("");
            // what is still empty is only marked as wanted: nobody has done anything wrong yet
            boolean empty = component instanceof HasValue<?, ?> value && value.isEmpty();
            if (component instanceof HasValue<?, ?> value) {
                value.setRequiredIndicatorVisible(empty && !sentence.isEmpty());
            }
            component.setErrorMessage(sentence);
            component.setInvalid(!empty && !sentence.isEmpty());
        });
    }
}
