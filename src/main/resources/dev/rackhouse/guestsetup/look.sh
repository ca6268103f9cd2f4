# What a guest is and what its GPUs have, in one round trip. Reads only. R is the root prefix of the pretend labs; empty in real guests.
# One record a line, fields between tabs, from BEGIN to END with the number of records.
R=${R:-}
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
as_root=
[ "$(id -u)" = 0 ] || [ -n "$R" ] || as_root='sudo -n'
t() { timeout 20 "$@" 2>/dev/null </dev/null; }
clean() { tr -d '\000-\010\013-\037' | cut -c1-600; }
k() { printf 'K\t%s\t%s\n' "$1" "$(printf '%s' "$2" | tr '\t\n' '  ' | clean)"; }
rows() { clean | head -n 200 | sed "s/^/$1	/"; }
file() { # content as base64, so that every byte can be put back
  if [ -e "$R$1" ]; then printf 'FILE\t%s\t%s\n' "$1" "$($as_root head -c 65536 "$R$1" 2>/dev/null | base64 | tr -d '\n')"; else printf 'NONE\t%s\n' "$1"; fi
}
look() {
  if $as_root true 2>/dev/null; then k root 1; else k root 0; fi
  k os "$(sed -n 's/^ID=//p' "$R/etc/os-release" 2>/dev/null | tr -d '"')"
  k os_version "$(sed -n 's/^VERSION_ID=//p' "$R/etc/os-release" 2>/dev/null | tr -d '"')"
  k kernel "$(uname -r)"
  k arch "$(uname -m)"
  k boot_id "$(cat "$R/proc/sys/kernel/random/boot_id" 2>/dev/null)"
  k secure_boot "$(cat "$R"/sys/firmware/efi/efivars/SecureBoot-* 2>/dev/null | od -An -tu1 -j4 -N1 2>/dev/null | tr -d ' ')"
  k cloud_init "$(t cloud-init status)"
  k free_kib "$(df -Pk / 2>/dev/null | awk 'NR == 2 { print $4 }')"
  for d in "$R"/sys/bus/pci/devices/*; do
    v=$(cat "$d/vendor" 2>/dev/null) && c=$(cat "$d/class" 2>/dev/null) && i=$(cat "$d/device" 2>/dev/null) || continue
    case $v$c in 0x10de0x03*) printf 'GPU\t%s\t%s:%s\n' "${d##*/}" "${v#0x}" "${i#0x}" ;; esac
  done
  k driver "$(head -n 1 "$R/proc/driver/nvidia/version" 2>/dev/null)"
  if command -v nvidia-smi >/dev/null 2>&1; then
    s=$(t nvidia-smi --query-gpu=pci.bus_id,uuid,name,driver_version,power.limit,power.default_limit,power.min_limit,power.max_limit,persistence_mode --format=csv,noheader,nounits); c=$?
    k smi_code $c
    if [ $c = 0 ]; then printf '%s\n' "$s" | rows SMI; else k smi_said "$s"; fi
  fi
  t dpkg-query -W -f '${Package}\t${Version}\t${db:Status-Abbrev}\n' 'linux-modules-nvidia-*' 'nvidia-*' 'libnvidia-compute-*' 'libnvidia-container*' 'cuda-drivers*' docker.io docker-ce | rows PKG
  t apt-mark showhold | rows HOLD
  t apt-config dump | sed -n 's/^Unattended-Upgrade::Package-Blacklist:: "\(.*\)";$/\1/p' | rows BLACK
  if command -v docker >/dev/null 2>&1; then
    k docker "$(t $as_root docker info --format '{{.ServerVersion}} cdi={{json .CDISpecDirs}} runtimes={{json .Runtimes}}')"
    t $as_root docker ps --format '{{.Names}}' | rows RUNS
  fi
  if command -v nvidia-ctk >/dev/null 2>&1; then
    k toolkit "$(t nvidia-ctk --version)"
    t $as_root nvidia-ctk cdi list | rows CDI
  fi
  for u in "$R"/etc/systemd/system/*.service; do
    [ -e "$u" ] && grep -q 'nvidia-smi.*[ ]-pl[ ]' "$u" 2>/dev/null || continue
    n=${u##*/}
    e=$(t systemctl is-enabled "$n")
    sed -n 's/^ExecStart=//p' "$u" | rows "POWER	$n	${e:-unknown}"
  done
  grep -l libnvidia-container "$R"/etc/apt/sources.list.d/* 2>/dev/null | sed "s|^$R||" | rows LIST
  t $as_root dmesg | grep 'NVRM: Xid' | tail -n 5 | rows XID
  for f in /etc/apt/apt.conf.d/99rackhouse-nvidia /etc/apt/keyrings/rackhouse-nvidia-container-toolkit.asc \
    /etc/apt/sources.list.d/rackhouse-nvidia-container-toolkit.list /etc/systemd/system/nvidia-persistenced.service \
    /etc/systemd/system/rackhouse-gpu-power.service /etc/docker/daemon.json; do file "$f"; done
  if [ -e "$R/etc/cdi/nvidia.yaml" ]; then k cdi_file 1; else k cdi_file 0; fi
  if [ -d "$R/etc/docker" ]; then k docker_folder 1; else k docker_folder 0; fi
}
printf 'BEGIN\t1\n'
o=$(look)
printf '%s\n' "$o"
printf 'END\t%s\n' "$(printf '%s\n' "$o" | wc -l | tr -d ' ')"
