package dev.rackhouse.inventory.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.vaadin.browserless.SpringBrowserlessTest;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.H3;
import dev.rackhouse.base.LabId;
import dev.rackhouse.testing.AsViewer;
import dev.rackhouse.testing.ConsoleTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A viewer opens each page of the inventory, and addresses that name nothing. */
@ConsoleTest
@AsViewer
class InventoryPagesTest extends SpringBrowserlessTest {

    @ParameterizedTest
    @CsvSource({
        "'', Overview",
        "nodes, Nodes",
        "devices, Devices by IOMMU group",
        "gpus, GPUs",
        "guests, Guests",
        "network, Network",
        "storage, Storage",
        "changes, Changes"
    })
    void opens(String path, String title) {
        UI.getCurrent().navigate(path);

        assertThat($(H1.class).first().getText()).isEqualTo(title);
    }

    @Test
    void saysThatANodeWasNeverSeen() {
        UI.getCurrent().navigate("nodes/" + LabId.random() + "/nowhere");

        assertThat($(H3.class).first().getText()).isEqualTo("No such node has been seen");
    }

    @ParameterizedTest
    @CsvSource({"100", "7", "abc", "99999999999"})
    void saysThatAGuestWasNeverSeen(String vmid) {
        UI.getCurrent().navigate("guests/" + LabId.random() + "/" + vmid);

        assertThat($(H3.class).first().getText()).isEqualTo("No such guest has been seen");
    }

    @Test
    void anAddressThatIsNoNodeIsNoError() {
        UI.getCurrent().navigate("devices/no-lab/no_node");

        assertThat($(H1.class).first().getText()).isEqualTo("Devices by IOMMU group");
    }
}
