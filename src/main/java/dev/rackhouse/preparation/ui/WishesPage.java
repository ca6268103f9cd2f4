package dev.rackhouse.preparation.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import dev.rackhouse.base.PciSlot;
import dev.rackhouse.inventory.fact.HardwareNames;
import dev.rackhouse.inventory.fact.HostFacts;
import dev.rackhouse.inventory.fact.PciFunction;
import dev.rackhouse.preparation.Hugepages;
import dev.rackhouse.preparation.Preparation;
import dev.rackhouse.preparation.PreparationDraft;
import dev.rackhouse.preparation.PreparationSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wished: one line each, with what is so now. */
final class WishesPage extends Div {

    private final PreparationPresenter presenter;

    WishesPage(PreparationPresenter presenter) {
        this.presenter = presenter;
        addClassNames("stack", "wizard-page");
    }

    void show(PreparationState state) {
        removeAll();
        PreparationSite site = state.site();
        PreparationDraft draft = state.draft();
        if (site == null || draft == null) {
            add(new Span(state.loading() ? "Reading " + state.node().node() + "…" : "The host was not read."));
            return;
        }
        HostFacts facts = site.facts();
        PreparationDraft suggested = presenter.suggested().orElse(draft);
        add(new Span("Proxmox hands a device over by itself when its VM starts. Choose only what it does not do."));
        List<Component> lines = new ArrayList<>();
        lines.add(line(
                "Turn the IOMMU on",
                facts.iommuOn()
                        ? "It is on (" + String.join(", ", facts.iommuUnits()) + ")."
                        : "It is off. Without it no device can be given to a guest.",
                draft.iommu(),
                !facts.iommuOn() || draft.iommu(),
                PreparationDraft::withIommu));
        for (PciSlot slot : slots(facts, draft)) {
            Div line = line(
                    "Keep " + name(facts, slot) + " for guests from the boot on",
                    facts.functions(slot).stream()
                            .map(f -> f.address() + " " + Objects.requireNonNullElse(f.driver(), "no driver"))
                            .collect(Collectors.joining(" · ")),
                    draft.early().contains(slot),
                    true,
                    (d, on) -> d.withEarly(with(d.early(), slot, on)));
            line.addClassName("wish-addresses");
            lines.add(line);
        }
        lines.add(line(
                "Let the host's own devices go without translation (iommu=pt)",
                facts.kernelWords().contains("iommu=pt")
                        ? "The kernel has this word."
                        : "A little faster for the host; guests are isolated as before.",
                draft.identity(),
                true,
                PreparationDraft::withIdentity));
        if (draft.strayLine() || suggested.strayLine()) {
            lines.add(line(
                    "Take the line out of /etc/default/grub that sets the IOMMU as a shell variable",
                    "The kernel never sees it.",
                    draft.strayLine(),
                    true,
                    (d, on) -> d.withoutLines(on, d.virqfdLine())));
        }
        if (draft.virqfdLine() || suggested.virqfdLine()) {
            lines.add(line(
                    "Take vfio_virqfd out of the lists of modules",
                    "It is part of vfio since kernel 6.2; each boot logs that it is missing.",
                    draft.virqfdLine(),
                    true,
                    (d, on) -> d.withoutLines(d.strayLine(), on)));
        }
        Div list = new Div(lines.toArray(Component[]::new));
        list.addClassName("wizard-devices");
        add(list, pages(facts, draft));
    }

    private static List<PciSlot> slots(HostFacts facts, PreparationDraft draft) {
        return Stream.concat(Preparation.devices(facts).stream(), draft.early().stream())
                .filter(s -> facts.functions(s).stream().anyMatch(PciFunction::passable))
                .distinct()
                .toList();
    }

    private static String name(HostFacts facts, PciSlot slot) {
        return facts.functions(slot).stream()
                .filter(PciFunction::gpu)
                .findFirst()
                .map(HardwareNames::describe)
                .orElse(slot.toString());
    }

    private static Set<PciSlot> with(Set<PciSlot> slots, PciSlot slot, boolean on) {
        Set<PciSlot> changed = new TreeSet<>(slots);
        if (on) {
            changed.add(slot);
        } else {
            changed.remove(slot);
        }
        return changed;
    }

    private Div line(
            String label,
            String fact,
            boolean value,
            boolean possible,
            BiFunction<PreparationDraft, Boolean, PreparationDraft> set) {
        Checkbox box = new Checkbox(label, value);
        box.setEnabled(possible);
        box.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(d -> set.apply(d, change.getValue()));
            }
        });
        Span now = new Span(fact);
        now.addClassNames("small", "muted", "wrap-anywhere");
        Div line = new Div(box, now);
        line.addClassName("wish");
        return line;
    }

    private Div pages(HostFacts facts, PreparationDraft draft) {
        Hugepages wanted = draft.pages();
        Select<Integer> size = new Select<>();
        size.setLabel("Huge pages set aside at boot");
        size.setItems(0, 2, 1024);
        size.setItemLabelGenerator(s -> s == 0 ? "as they are" : s == 2 ? "of 2 MiB" : "of 1 GiB");
        size.setValue(wanted == null ? 0 : wanted.sizeMiB());
        IntegerField count = new IntegerField("How many on the whole host");
        count.setMin(1);
        count.setMax(10_000_000);
        count.setEnabled(wanted != null);
        count.setValue(wanted == null ? null : wanted.count());
        count.setHelperText("They are spread evenly over "
                + (facts.numaNodes().size() == 1
                        ? "one NUMA node."
                        : facts.numaNodes().size() + " NUMA nodes."));
        size.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                presenter.edit(d -> d.withPages(pages(change.getValue(), count.getValue(), facts)));
            }
        });
        count.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null && change.getValue() > 0) {
                presenter.edit(d -> d.withPages(pages(size.getValue(), change.getValue(), facts)));
            }
        });
        Div fields = new Div(size, count);
        fields.addClassName("wizard-fields");
        return fields;
    }

    private static @Nullable Hugepages pages(int sizeMiB, @Nullable Integer count, HostFacts facts) {
        return sizeMiB == 0
                ? null
                : new Hugepages(
                        sizeMiB,
                        count == null || count < 1
                                ? Math.max(1, facts.numaNodes().size())
                                : Math.min(count, 10_000_000));
    }
}
