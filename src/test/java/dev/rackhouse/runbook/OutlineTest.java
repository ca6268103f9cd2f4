package dev.rackhouse.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rackhouse.base.LabId;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.runbook.Command.ApiCall;
import dev.rackhouse.runbook.Command.FileEdit;
import dev.rackhouse.runbook.Command.Shell;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OutlineTest {

    private final LabId lab = LabId.random();
    private final NodeRef node = new NodeRef(lab, "caraxes");
    private final Check ours = Check.that(
                    ApiCall.get(lab, "/nodes/caraxes/qemu/214/config"), Conditions.jsonContains("/smbios1", "uuid=1-2"))
            .binding(Binding.at("guest.digest", "/digest"));

    private Outline everything() {
        return Outline.titled("Create %s on %s", "llm-01", node.node())
                .target("caraxes / 214")
                .locks(Locks.node(node))
                .check("The vmid is free", Check.that(ApiCall.get(lab, "/nodes"), Conditions.succeeded()))
                .step(
                        "Create the VM",
                        ApiCall.post(lab, "/nodes/caraxes/qemu")
                                .with("vmid", 214)
                                .with("map", "a")
                                .with("map", "b"))
                .unless(ours)
                .undo(Undo.by("Delete the VM", ApiCall.delete(lab, "/nodes/caraxes/qemu/214"))
                        .onlyIf(ours))
                .step(
                        "Set what only root may set",
                        new Shell(new Host.Node(node), "qm set 214 --x {guest.digest}", Duration.ofMinutes(1)))
                .asks("Really?")
                .step("Write a file", new FileEdit(new Host.Node(node), "/etc/x", null, "text\n", "root:root", "0644"))
                .undo(new FileEdit(new Host.Node(node), "/etc/x", null, "text\n", "root:root", "0644").reversed())
                .confirm(
                        "The guest answers",
                        Check.that(
                                new Shell(
                                        new Host.GuestVia(node, "ops", "{guest.address}", 22),
                                        "true",
                                        Duration.ofSeconds(5)),
                                Conditions.exitZero()),
                        Duration.ofMinutes(5));
    }

    @Test
    void isTheSameAfterItWasStored() {
        JsonMapper json = JsonMapper.builder().build();
        Outline outline = everything();

        String stored = json.writeValueAsString(outline);

        assertThat(json.readValue(stored, Outline.class)).isEqualTo(outline);
    }

    @Test
    void saysWhichStepCouldNotBeResumed() {
        Outline outline = Outline.titled("x").step("Map the device", ApiCall.post(lab, "/cluster/mapping/pci"));

        assertThat(OutlineRules.problems(outline, Set.of()))
                .singleElement()
                .asString()
                .contains("Map the device", "unless or confirm");
        assertThat(OutlineRules.problems(
                        everything(),
                        GenericConditions.all().stream()
                                .map(NamedCondition::name)
                                .collect(Collectors.toSet())))
                .isEmpty();
    }

    @Test
    void givesEachStepAKeyOfItsOwn() {
        Outline outline = Outline.titled("x")
                .step("Start it", new Command.Pause("a", Duration.ZERO))
                .step("Start it", new Command.Pause("a", Duration.ZERO));

        assertThat(outline.steps()).extracting(Step::key).containsExactly("start-it", "start-it-2");
    }

    @Test
    void fillsOnlyNamesThatAreDeclared() {
        Placeholders filled = Placeholders.of(everything(), new RunId(7), "abcd", Map.of("guest.digest", "a/b"));

        assertThat(filled.text("awk '{print $1}' {run} {guest.digest} ${x} {other.name}"))
                .isEqualTo("awk '{print $1}' 7 a/b ${x} {other.name}");
        assertThat(((ApiCall) filled.fill(ApiCall.get(lab, "/x/{guest.digest}"))).path())
                .isEqualTo("/x/a%2Fb");
    }
}
