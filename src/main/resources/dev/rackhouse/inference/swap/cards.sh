# Who holds memory on the GPUs of this machine, and whether they are well. Reads only. R is the root prefix of the pretend labs; empty on
# real machines. One record a line, fields between tabs, from BEGIN to END.
R=${R:-}
PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
as_root=
[ "$(id -u)" = 0 ] || [ -n "$R" ] || as_root='sudo -n'
t() { timeout 20 "$@" 2>&1 </dev/null; }
clean() { tr -d '\000-\010\013-\037' | cut -c1-600; }
rows() { clean | head -n 200 | sed "s/^/$1	/"; }
printf 'BEGIN\t1\n'
if command -v nvidia-smi >/dev/null 2>&1; then
  s=$(t nvidia-smi --query-gpu=uuid,pci.bus_id,name,memory.total,memory.used,memory.free --format=csv,noheader,nounits); c=$?
  printf '%s\n' "$s" | rows GPU
  printf 'CODE\t%s\n' "$c"
  t nvidia-smi --query-compute-apps=gpu_uuid,pid,used_gpu_memory,process_name --format=csv,noheader,nounits | clean | head -n 200 |
    while IFS= read -r line; do
      pid=$(printf '%s' "$line" | cut -d, -f2 | tr -cd '0-9')
      [ -n "$pid" ] || continue
      group=$(head -c 4096 "$R/proc/$pid/cgroup" 2>/dev/null | tr '\n\t' '  ' | clean)
      printf 'APP\t%s\t%s\n' "$line" "$group"
    done
else
  printf 'CODE\t127\n'
fi
printf 'RAM\t%s\n' "$(grep '^MemAvailable:' "$R/proc/meminfo" 2>/dev/null | tr -cd '0-9')"
printf 'UP\t%s\n' "$(cut -d. -f1 "$R/proc/uptime" 2>/dev/null)"
t $as_root dmesg | grep 'NVRM: Xid' | tail -n 20 | rows XID
printf 'END\t1\n'
