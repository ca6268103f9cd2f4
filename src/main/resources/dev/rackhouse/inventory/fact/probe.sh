# Rackhouse host probe, output format 1. It only reads.
#
# Needs a POSIX sh and coreutils; ip, zpool, pveversion and dmesg are used when they are there.
# Sent on standard input in one round trip:  timeout 30 sh -s       (not root:  sudo -n timeout 30 sh -s)
# One record a line, TAG<TAB>field<TAB>field...; no field holds a tab or a line end. The last line is END<TAB>count of the
# records before it: without it, or with another count, the whole output is to be thrown away.
# R is an optional prefix, so that tests run this same script over a copied tree.

LC_ALL=C
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

R=${R:-}
SYS=$R/sys
PROC=$R/proc
ETC=$R/etc
RUNDIR=$R/run/qemu-server
COUNT=0
TAB=$(printf '\t')

# rec TAG FIELD...: one record
rec() {
    COUNT=$((COUNT + 1))
    line=$1
    shift
    for field; do line=$line$TAB$field; done
    printf '%s\n' "$line"
}

# first FILE: its first line into $v, without starting a process; false when there is none
first() {
    v=
    { IFS= read -r v <"$1"; } 2>/dev/null || [ -n "$v" ]
}

# key NAME FILE: a K record when the file can be read
key() {
    first "$2" && rec K "$1" "$v"
}

# lines SOURCE: each line of standard input that is not empty, as an L record
lines() {
    while IFS= read -r text || [ -n "$text" ]; do
        [ -n "$text" ] && rec L "$1" "$text"
    done
}

# file SOURCE FILE: a text file as L records; tabs and carriage returns become blanks
file() {
    [ -r "$2" ] || return 0
    lines "$1" <<TEXT
$(tr '\t\r' '  ' <"$2")
TEXT
}

# tool SOURCE COMMAND...: what a tool prints, as L records; over a copied tree, a file stands for the tool
tool() {
    source=$1
    shift
    if [ -n "$R" ]; then
        printed=$(cat "$R/cmd/$source.txt" 2>/dev/null)
    elif command -v "$1" >/dev/null 2>&1; then
        printed=$("$@" 2>/dev/null | tr '\t' ' ')
    else
        return 0
    fi
    lines "$source" <<TEXT
$printed
TEXT
}

rec BEGIN 1

# ---- the machine ----------------------------------------------------------------------------------------------------------

key hostname "$PROC/sys/kernel/hostname"
key kernel "$PROC/sys/kernel/osrelease"
key boot_id "$PROC/sys/kernel/random/boot_id"
key uptime "$PROC/uptime"
key cmdline "$PROC/cmdline"
key board_vendor "$SYS/class/dmi/id/board_vendor"
key board "$SYS/class/dmi/id/board_name"
key bios "$SYS/class/dmi/id/bios_version"
key bios_date "$SYS/class/dmi/id/bios_date"
rec K now "$(date +%s)"
rec K uid "$(id -u)"
[ -n "${SSH_CONNECTION:-}" ] && rec K ssh_connection "$SSH_CONNECTION"

while IFS= read -r cpu; do
    case $cpu in
    'model name'*) rec K cpu_model "${cpu#*: }" ;;
    vendor_id*) rec K cpu_vendor "${cpu#*: }" ;;
    flags*)
        for flag in ${cpu#*: }; do
            case $flag in vmx | svm | hypervisor | pdpe1gb | x2apic) rec K cpu_flag "$flag" ;; esac
        done
        break
        ;;
    esac
done <"$PROC/cpuinfo"

if [ -e "$R/dev/kvm" ]; then rec K dev_kvm 1; else rec K dev_kvm 0; fi

while read -r name value rest; do
    case $name in
    MemTotal: | MemAvailable: | HugePages_Total: | HugePages_Free: | Hugepagesize:) rec K "mem_${name%:}" "$value" ;;
    esac
done <"$PROC/meminfo"

if [ -r "$PROC/spl/kstat/zfs/arcstats" ]; then
    while read -r name type value; do
        case $name in size | c_max) rec K "arc_$name" "$value" ;; esac
    done <"$PROC/spl/kstat/zfs/arcstats"
fi

if [ -d "$SYS/firmware/efi" ]; then rec K firmware efi; else rec K firmware bios; fi
# An EFI variable starts with four bytes of attributes.
for f in "$SYS"/firmware/efi/efivars/SecureBoot-8be4df61-*; do
    [ -r "$f" ] && rec K secureboot "$(od -An -tu1 "$f" | tr -d ' \n' | cut -c5-)"
done
for f in "$SYS"/firmware/efi/efivars/LoaderInfo-4a67b082-*; do
    [ -r "$f" ] && rec K loader "$(tail -c +5 "$f" | tr -cd '[:print:]')"
done
if [ -s "$ETC/kernel/proxmox-boot-uuids" ]; then rec K boot_tool 1; else rec K boot_tool 0; fi

# ---- configuration that decides about passthrough -------------------------------------------------------------------------

file /etc/kernel/cmdline "$ETC/kernel/cmdline"
file /etc/default/grub "$ETC/default/grub"
file /etc/modules "$ETC/modules"
for f in "$ETC"/default/grub.d/*.cfg "$ETC"/modules-load.d/*.conf "$ETC"/modprobe.d/*.conf; do
    [ -e "$f" ] && file "${f#"$R"}" "$f"
done
if [ -r "$PROC/modules" ]; then
    while read -r module rest; do
        case $module in
        vfio* | nvidia* | nouveau | amdgpu | radeon | i915 | xe | kvm* | ast | mgag200) rec M "$module" ;;
        esac
    done <"$PROC/modules"
fi
for module in vfio vfio_pci vfio_iommu_type1 iommufd nvidia zfs; do
    if [ -d "$SYS/module/$module" ]; then
        first "$SYS/module/$module/version"
        rec MOD "$module" "${v:--}"
    fi
done
key unsafe_interrupts "$SYS/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
file /etc/network/interfaces "$ETC/network/interfaces"
[ -e "$ETC/network/interfaces.new" ] && rec K interfaces_new 1

# ---- IOMMU ----------------------------------------------------------------------------------------------------------------

for unit in "$SYS"/class/iommu/*; do
    [ -e "$unit" ] && rec IOMMU "${unit##*/}"
done
# The names of interrupt chips tell it and never age; the kernel log does.
case $(cat "$PROC/interrupts" 2>/dev/null) in
*' IR-'*) rec K irq_remap 1 ;;
*) rec K irq_remap 0 ;;
esac
for group in "$SYS"/kernel/iommu_groups/*; do
    [ -d "$group" ] || continue
    first "$group/type"
    type=${v:--}
    members=
    rmrr=0
    for member in "$group"/devices/*; do
        [ -L "$member" ] && members=$members${members:+,}${member##*/}
    done
    if [ -r "$group/reserved_regions" ]; then
        while read -r start end kind; do
            [ "$kind" = direct ] && rmrr=1
        done <"$group/reserved_regions"
    fi
    rec G "${group##*/}" "type=$type" "rmrr=$rmrr" "devices=$members"
done

# ---- PCI functions --------------------------------------------------------------------------------------------------------

for link in "$SYS"/bus/pci/drivers/*/????:??:??.?; do
    if [ -L "$link" ]; then
        driver=${link%/*}
        rec DRV "${link##*/}" "${driver##*/}"
    fi
done
for dev in "$SYS"/bus/pci/devices/*; do
    [ -e "$dev/vendor" ] || continue
    set -- P "${dev##*/}"
    for name in vendor device subsystem_vendor subsystem_device class revision numa_node local_cpulist driver_override \
        enable boot_vga power_state d3cold_allowed current_link_speed current_link_width max_link_speed max_link_width \
        reset_method sriov_totalvfs sriov_numvfs resource1_resize; do
        if first "$dev/$name"; then
            case $v in '' | '(null)') ;; *) set -- "$@" "$name=$v" ;; esac
        fi
    done
    [ -e "$dev/pci_bus" ] && set -- "$@" bridge=1
    [ -e "$dev/reset" ] && set -- "$@" reset=1
    [ -e "$dev/rom" ] && set -- "$@" rom=1
    [ -L "$dev/iommu_group" ] || set -- "$@" nogroup=1
    [ -L "$dev/physfn" ] && set -- "$@" vf=1
    [ -d "$dev/mdev_supported_types" ] && set -- "$@" mdev=1
    [ -d "$dev/nvidia" ] && set -- "$@" vgpu=1
    first "$dev/class"
    # sysfs keeps the ids of a card that fell off the bus; its configuration space then reads ffff
    case $v in
    0x03*) [ -r "$dev/config" ] && set -- "$@" "cfg=$(od -An -tx1 -N2 "$dev/config" | tr -d ' ')" ;;
    esac
    if [ -r "$dev/resource" ]; then
        bar=0
        while read -r start end flags; do
            [ "$bar" -gt 5 ] && break
            [ "$end" != 0x0000000000000000 ] && set -- "$@" "bar$bar=$((end - start + 1))"
            bar=$((bar + 1))
        done <"$dev/resource"
    fi
    rec "$@"
done
# A firmware framebuffer inside a function's memory
inside=
while IFS= read -r region; do
    case $region in
    *' : '????:??:??.?) inside=${region##* : } ;;
    *' : BOOTFB' | *efifb* | *simplefb* | *simple-framebuffer* | *vesafb*) rec FBMEM "${inside:--}" "${region##* : }" ;;
    esac
done <<REGIONS
$(cat "$PROC/iomem" 2>/dev/null)
REGIONS
file /proc/fb "$PROC/fb"

# ---- where functions, disks, interfaces and USB devices hang --------------------------------------------------------------

while IFS= read -r path; do
    [ -n "$path" ] && rec PATH pci "${path##*/}" "${path#"$R"}"
done <<PATHS
$(readlink -f "$SYS"/bus/pci/devices/* 2>/dev/null)
PATHS
while IFS= read -r path; do
    case $path in '' | */loop[0-9]* | */ram[0-9]* | */zram* | */nbd*) continue ;; esac
    first "$path/size"
    sectors=${v:-0}
    first "$path/device/model"
    rec PATH block "${path##*/}" "${path#"$R"}" "sectors=$sectors" "model=$v"
done <<PATHS
$(readlink -f "$SYS"/class/block/* 2>/dev/null)
PATHS
while IFS= read -r path; do
    [ -e "$path/address" ] || continue
    first "$path/address"
    mac=$v
    first "$path/operstate"
    state=$v
    first "$path/speed"
    rec PATH net "${path##*/}" "${path#"$R"}" "mac=$mac" "state=$state" "speed=${v:--}"
done <<PATHS
$(readlink -f "$SYS"/class/net/* 2>/dev/null)
PATHS
while IFS= read -r path; do
    [ -e "$path/idVendor" ] || continue
    first "$path/idVendor"
    vendor=$v
    first "$path/idProduct"
    product=$v
    first "$path/product"
    rec PATH usb "${path##*/}" "${path#"$R"}" "id=$vendor:$product" "product=$v"
done <<PATHS
$(readlink -f "$SYS"/bus/usb/devices/* 2>/dev/null)
PATHS

# ---- what stands on what --------------------------------------------------------------------------------------------------

for link in "$SYS"/class/block/*/slaves/*; do
    if [ -L "$link" ]; then
        upper=${link#"$SYS/class/block/"}
        rec SLAVE "${upper%%/*}" "${link##*/}"
    fi
done
for f in "$SYS"/class/block/dm-*/dm/name; do
    if [ -r "$f" ]; then
        upper=${f#"$SYS/class/block/"}
        first "$f"
        rec DM "${upper%%/*}" "$v"
    fi
done
for link in "$SYS"/class/net/*/lower_*; do
    if [ -L "$link" ]; then
        upper=${link#"$SYS/class/net/"}
        rec LOWER "${upper%%/*}" "${link##*/lower_}"
    fi
done
while read -r interface destination gateway rest; do
    [ "$destination" = 00000000 ] && rec K default_route "$interface"
done <"$PROC/net/route"
while read -r source point type rest; do
    case $type in zfs | ext? | xfs | btrfs | vfat | fuse) rec MNT "$point" "$source" "$type" ;; esac
done <"$PROC/mounts"
while read -r swap rest; do
    case $swap in /*) rec SWAP "$swap" ;; esac
done <"$PROC/swaps"
file /proc/mdstat "$PROC/mdstat"

# ---- NUMA -----------------------------------------------------------------------------------------------------------------

for node in "$SYS"/devices/system/node/node[0-9]*; do
    [ -d "$node" ] || continue
    cpus=$(cat "$node/cpulist") # a binary attribute: reading it byte by byte, as read does, gives nothing
    first "$node/distance"
    distance=$v
    total=
    free=
    while read -r word number name value unit; do
        case $name in MemTotal:) total=$value ;; MemFree:) free=$value ;; esac
    done <"$node/meminfo"
    set -- NODE "${node##*node}" "cpus=$cpus" "total_kb=$total" "free_kb=$free" "distance=$distance"
    for pool in "$node"/hugepages/hugepages-*; do
        [ -d "$pool" ] || continue
        first "$pool/nr_hugepages"
        reserved=$v
        first "$pool/free_hugepages"
        set -- "$@" "hp_${pool##*hugepages-}=$reserved/$v"
    done
    rec "$@"
done
tool ip_addr ip -br addr
tool zpool zpool list -vHPL

# ---- Proxmox VE -----------------------------------------------------------------------------------------------------------

tool pveversion pveversion
[ -e "$ETC/pve/corosync.conf" ] && rec K cluster 1
for f in "$ETC"/pve/nodes/*/qemu-server/*.conf "$ETC"/pve/nodes/*/lxc/*.conf; do
    [ -r "$f" ] || continue
    guest=${f#"$ETC/pve/nodes/"}
    while IFS= read -r option; do
        case $option in
        '['*) break ;; # snapshots and pending changes follow
        hostpci* | usb[0-9]* | name:* | hostname:* | memory:* | balloon:* | machine:* | bios:* | efidisk0:* | numa* | \
            hugepages:* | keephugepages:* | onboot:* | cores:* | sockets:* | cpu:* | affinity:* | args:* | net[0-9]* | \
            agent:* | template:* | lock:* | vga:* | hookscript:* | dev[0-9]* | lxc.cgroup* | lxc.mount* | mp[0-9]*)
            rec GUEST "$guest" "${option%%:*}" "${option#*: }"
            ;;
        esac
    done <"$f"
done
file /etc/pve/mapping/pci.cfg "$ETC/pve/mapping/pci.cfg"
file /etc/pve/ha/resources.cfg "$ETC/pve/ha/resources.cfg"
file pci_reservations "$RUNDIR/pci-id-reservations"
for f in "$RUNDIR"/*.pid; do
    if [ -r "$f" ]; then
        first "$f"
        guest=${f##*/}
        rec RUN "${guest%.pid}" "$v"
    fi
done

# ---- kernel log: the lines that matter, the last 300 of them --------------------------------------------------------------

if [ -n "$R" ]; then
    log=$(cat "$R/cmd/dmesg.txt" 2>/dev/null)
elif command -v dmesg >/dev/null 2>&1; then
    log=$(dmesg 2>/dev/null | tr '\t' ' ')
else
    log=
fi
log=$(
    while IFS= read -r text; do
        case $text in
        *DMAR* | *AMD-Vi* | *iommu:* | *IOMMU* | *vfio* | *NVRM* | *IO_PAGE_FAULT* | *"can't reserve"* | \
            *'power state from D3'* | *'not ready '*) printf '%s\n' "$text" ;;
        esac
    done <<LOG | tail -n 300
$log
LOG
)
lines dmesg <<LOG
$log
LOG

rec END "$COUNT"
