package dev.rackhouse.simulator.pve;

import dev.rackhouse.simulator.world.LabSeed;
import dev.rackhouse.simulator.world.LabSeeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A small cluster for tests; one server is shared by all of them. */
final class TestLab {
    private static final String SEED = """
            {"name":"test","cluster":"castle","nodes":[
              {"name":"n1","ip":"192.0.2.1","memory":68719476736,"cpu":{"model":"X","cores":8,"cpus":16},
               "hugePages":{"1024":8},
               "pci":[
                {"address":"0000:01:00.0","pciClass":"0x030000","vendor":"0x10de","device":"0x2204","subsystemVendor":"0x10de","subsystemDevice":"0x147d","vendorName":"NVIDIA","deviceName":"RTX 3090","iommuGroup":14,"mdev":false},
                {"address":"0000:01:00.1","pciClass":"0x040300","vendor":"0x10de","device":"0x1aef","subsystemVendor":"0x10de","subsystemDevice":"0x147d","iommuGroup":14,"mdev":false},
                {"address":"0000:00:01.0","pciClass":"0x060400","vendor":"0x1022","device":"0x1483","iommuGroup":14,"mdev":false}],
               "network":[{"iface":"vmbr0","type":"bridge","priority":3,"method":"static","cidr":"192.0.2.1/24","active":1,"autostart":1}]},
              {"name":"n2","ip":"192.0.2.2"},{"name":"n3","ip":"192.0.2.3","version":"8.4.14"}],
             "storages":[
              {"storage":"local","config":{"type":"dir","content":"iso,vztmpl,backup,snippets,import","path":"/var/lib/vz"},
               "volumes":[{"volid":"local:import/noble.qcow2","node":"n1","content":"import","format":"qcow2","size":600000000}]},
              {"storage":"fast","config":{"type":"zfspool","content":"images,rootdir","pool":"fast","sparse":1}},
              {"storage":"nas","config":{"type":"nfs","content":"backup","shared":1,"path":"/mnt/pve/nas"}}],
             "mappings":[{"kind":"pci","id":"gpu0","map":["node=n1,path=0000:01:00,id=10de:2204,iommugroup=14,subsystem-id=10de:147d"]},
                         {"kind":"pci","id":"drift","map":["node=n1,path=0000:01:00,id=10de:ffff,iommugroup=14"]}],
             "guests":[
              {"node":"n1","vmid":100,"config":{"name":"one","memory":"2048","cores":"2","agent":"1","scsi0":"fast:vm-100-disk-0,size=8G","boot":"order=scsi0","net0":"virtio=BC:24:11:00:00:01,bridge=vmbr0"},"agentRunning":true},
              {"node":"n1","vmid":101,"config":{"name":"gpu","memory":"4096","machine":"q35","hostpci0":"mapping=gpu0,pcie=1","scsi0":"fast:vm-101-disk-0,size=8G"}},
              {"node":"n1","vmid":102,"config":{"name":"gpu-two","memory":"4096","machine":"q35","hostpci0":"mapping=gpu0,pcie=1"}},
              {"node":"n1","vmid":103,"config":{"name":"stubborn","memory":"512"},"running":true,"ignoresShutdown":true},
              {"node":"n2","kind":"lxc","vmid":200,"config":{"hostname":"ct","memory":"512","rootfs":"fast:subvol-200-disk-0,size=8G","unprivileged":"1"}}],
             "access":{"users":[
               {"userid":"root@pam","password":"secret","tokens":[{"id":"full","secret":"s0","privsep":false}]},
               {"userid":"op@pve","password":"op","tokens":[{"id":"console","secret":"s1"},{"id":"bare","secret":"s2"}]}],
               "roles":{"Operate":["VM.Allocate","VM.Audit","VM.PowerMgmt","VM.Config.Disk","VM.Config.CPU","VM.Config.Memory","VM.Config.Options","VM.Config.HWType","VM.Config.Network","VM.Config.Cloudinit","VM.Config.CDROM","VM.GuestAgent.Audit","VM.GuestAgent.Unrestricted","VM.Backup","VM.Snapshot","Datastore.AllocateSpace","Datastore.Audit","Sys.Audit","Mapping.Use","Mapping.Audit","SDN.Use","SDN.Audit"]},
               "acl":[{"path":"/","type":"user","ugid":"op@pve","roleid":"Operate"},{"path":"/","type":"token","ugid":"op@pve!console","roleid":"Operate"}]}}
            """;

    private static PveSimulator shared;

    private TestLab() {}

    static LabSeed seed() {
        return LabSeeds.parse(SEED.getBytes(StandardCharsets.UTF_8));
    }

    /** The shared server, in the state of the seed. */
    static synchronized PveSimulator fresh() {
        try {
            if (shared == null) {
                shared = PveSimulator.start(seed(), PveSimulator.memoryMachines(seed()), PveSettings.fast());
            }
            shared.reset();
            shared.speed(100);
            return shared;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
