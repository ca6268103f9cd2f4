package dev.rackhouse.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rackhouse.base.ByteSize;
import dev.rackhouse.base.PciAddress;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Property strings as Proxmox 9.2 accepts and refuses them (pve-api vectors). */
class PropertyStringTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000:41:00",
                "41:00.0",
                "0000:41:00.0;0000:41:00.1,pcie=1",
                "0000:41:00,rombar=0,romfile=gpu.rom",
                "0000:41:00,mdev=nvidia-63",
                "0000:41:00,legacy-igd=1",
                "0000:41:00,vendor-id=0x10de,device-id=0x2204",
                "0000:41:00.8",
                "mapping=rtx3090-a,pcie=1,x-vga=1",
            })
    void printsHostPciAsItWasRead(String text) {
        assertThat(HostPci.parse(text).print()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host=0000:41:00,x-vga=on | 0000:41:00,x-vga=1",
                "mapping=rtx3090-a,pcie=yes | mapping=rtx3090-a,pcie=1",
                "x-vga=0,mapping=gpu,pcie=true | mapping=gpu,pcie=1",
            })
    void understandsTheOtherSpellingsOfHostPci(String text, String printed) {
        assertThat(HostPci.parse(text).print()).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000:41:00.0 ,pcie=1", "0000:41:00,pcie=1,pcie=0", "0000:41:00,pcie=perhaps", "gpu"})
    void refusesHostPciThatProxmoxRefuses(String text) {
        assertThatThrownBy(() -> HostPci.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void knowsWhichFunctionsARawAddressNames() {
        HostPci slot = HostPci.parse("0e:00,pcie=1");
        assertThat(slot.names(PciAddress.parse("0000:0e:00.3"))).isTrue();
        assertThat(slot.names(PciAddress.parse("0000:0f:00.0"))).isFalse();
        assertThat(HostPci.parse("0000:41:00.0;0000:41:00.1").names(PciAddress.parse("0000:41:00.2")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "virtio,bridge=vmbr0 | virtio,bridge=vmbr0",
                "virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=110,firewall=1 | virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=110,firewall=1",
                "model=virtio,macaddr=bc:24:11:00:00:01 | virtio=BC:24:11:00:00:01",
                "virtio,bridge=vmbr0,trunks=10-20 | virtio,bridge=vmbr0,trunks=10-20",
                "virtio,bridge=vmbr0,queues=8 | virtio,bridge=vmbr0,queues=8",
                "e1000e,link_down=1 | e1000e,link_down=1",
                "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:05,ip=dhcp,type=veth | name=eth0,hwaddr=BC:24:11:00:00:05,bridge=vmbr0,ip=dhcp,type=veth",
            })
    void readsAndPrintsNetworkCards(String text, String printed) {
        assertThat(NetDevice.parse(text).print()).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtio=BD:24:11:00:00:01",
                "virtio,tag=0",
                "virtio,tag=4095",
                "virtio,tag=x",
                "virtio,firewall=maybe"
            })
    void refusesNetworkCardsThatProxmoxRefuses(String text) {
        assertThatThrownBy(() -> NetDevice.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local-lvm:32",
                "local-lvm:0.5",
                "local-lvm:vm-201-disk-0,iothread=1,discard=on,ssd=1",
                "local:iso/debian.iso,media=cdrom",
                "none,media=cdrom",
                "local-lvm:cloudinit",
                "/dev/disk/by-id/ata-X",
                "local-lvm:32,wwn=0x5000c500a0000001",
                "local-lvm:0,import-from=local:import/debian.qcow2",
            })
    void printsDisksAsTheyWereRead(String text) {
        assertThat(DiskSpec.parse(text).print()).isEqualTo(text);
    }

    @Test
    void knowsWhatADiskIs() {
        DiskSpec disk = DiskSpec.parse("fast:100/vm-100-disk-1.raw,discard=on,iothread=1,size=4G,ssd=1");
        assertThat(disk.storage()).contains("fast");
        assertThat(disk.size()).contains(ByteSize.ofGiB(4));
        assertThat(disk.isCdrom()).isFalse();
        assertThat(DiskSpec.parse("fast:100/vm-100-disk-0.raw,size=528K").size())
                .contains(ByteSize.ofKiB(528));
        assertThat(DiskSpec.parse("local-lvm:vm-201-cloudinit,media=cdrom").isCloudInit())
                .isTrue();
        assertThat(DiskSpec.parse("none,media=cdrom").storage()).isEmpty();
        assertThat(DiskSpec.create("local-lvm", 50).with("ssd", "1").print()).isEqualTo("local-lvm:50,ssd=1");
        assertThat(DiskSpec.importing("tank", "local:import/d.qcow2").print())
                .isEqualTo("tank:0,import-from=local:import/d.qcow2");
    }

    @Test
    void readsAndPrintsNumaNodes() {
        assertThat(NumaNode.parse("cpus=0-5,hostnodes=0,memory=16384,policy=bind"))
                .isEqualTo(NumaNode.bound(0, 5, 0, 16384));
        assertThat(NumaNode.parse("cpus=0-5;24-29,memory=1024").print()).isEqualTo("cpus=0-5;24-29,memory=1024");
        refused(NumaNode::parse, "cpus=0,memory=1024,policy=strict", "hostnodes=0", "0-3,memory=512");
    }

    @Test
    void readsAndPrintsMappings() {
        String text = "node=thor,path=0000:41:00,id=10de:2204,subsystem-id=10de:147d,iommugroup=34";
        PciMapping mapping =
                PciMapping.parse("node=thor,path=0000:41:00,id=10de:2204,iommugroup=34,subsystem-id=10de:147d");
        assertThat(mapping.print()).isEqualTo(text);
        assertThat(mapping.names(PciAddress.parse("0000:41:00.1"))).isTrue();
        refused(
                PciMapping::parse,
                "node=thor,path=0000:41:00",
                "node=thor,path=41:00,id=10de:2204",
                "node=thor,path=0000:41:00,id=10de:2204,iommugroup=x");
    }

    @Test
    void readsAndPrintsAddressesOfCloudInit() {
        assertThat(IpConfig.fixed("10.0.110.20/24", "10.0.110.1").print()).isEqualTo("ip=10.0.110.20/24,gw=10.0.110.1");
        assertThat(IpConfig.parse("ip=dhcp")).isEqualTo(IpConfig.dhcp());
        refused(IpConfig::parse, "ip=10.0.110.20,gw=10.0.110.1", "gw=10.0.110.1", "ip=static");
    }

    @Test
    void encodesKeysInsideTheValueSoThatNothingIsLost() {
        List<String> keys = List.of("ssh-ed25519 AAAA+b/c== ada@desk", "ssh-ed25519 BBBB bob");
        String value = CloudInitKeys.encode(keys);
        assertThat(value).isEqualTo("ssh-ed25519%20AAAA%2Bb%2Fc%3D%3D%20ada%40desk%0Assh-ed25519%20BBBB%20bob");
        assertThat(CloudInitKeys.decode(value)).isEqualTo(keys);
    }

    private static void refused(Function<String, ?> parser, String... texts) {
        for (String text : texts) {
            assertThatThrownBy(() -> parser.apply(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
