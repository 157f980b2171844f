# shellcheck shell=bash
# Inside the hosts' world: network, disks, boot, cuts, power. Sourced, not run, and only within the namespaces that lib/hosts.sh makes: whatever is
# created here, processes, mounts and network alike, ends with them. WORLD names the folder of everything that the hosts write.
#
# From outside come WORLD, LIBRARY (the folder of this file), JAVA_HOME, HIERARCHIES and GROUP (where control groups are mounted, and the name of the
# lab's own).
# The world's own network namespace is the internet: a bridge, to which each host has one cable. Its public addresses are documentation's own (RFC 5737).

INTERNET=198.51.100
BROKER=ibkr
BROKER_ADDRESS=$INTERNET.100
BROKER_PORT=8080
BOOT_SECONDS=300

die() {
  echo "lab: $*" >&2
  exit 2
}

# The table of hosts has a line for each: id, role, public address, tunnel address. One more than the cluster has is a stranger on the internet.
hosts() { cut -d' ' -f1 "$WORLD/hosts"; }
field() { # HOST NUMBER
  awk -v host="$1" -v field="$2" '$1 == host { print $field; found = 1 } END { exit !found }' "$WORLD/hosts" || die "there is no host $1, only: $(hosts | paste -sd ' ')"
}
role() { field "$1" 2; }
public_address() { field "$1" 3; }
disk() { echo "$WORLD/$1/disk"; }

make_internet() {
  ip link add br0 type bridge
  ip addr add "$INTERNET.254/24" dev br0
  ip link set br0 up
  nft -f - <<'N'
table bridge cuts {
  set cables { type ifname; }
  set tunnels { type ifname; }
  chain forward {
    type filter hook forward priority 0
    iifname @cables drop
    oifname @cables drop
    iifname @tunnels meta protocol ip meta l4proto udp drop
    oifname @tunnels meta protocol ip meta l4proto udp drop
  }
}
N
}

# connect NAME ADDRESS: a network namespace with one cable.
connect() {
  ip netns add "$1"
  ip link add eth0 netns "$1" type veth peer name "v-$1"
  ip link set "v-$1" master br0 up
  ip -n "$1" link set lo up
  ip -n "$1" addr add "$2/24" dev eth0
  ip -n "$1" link set eth0 up
}

# A disk is the shared root, which is never written to, under what the host changes.
make_disk() { # HOST
  local folder=$WORLD/$1 unit disk
  disk=$(disk "$1")
  mkdir -p "$folder"/{changes,work,disk}
  mount -t overlay overlay -o "lowerdir=$WORLD/root,upperdir=$folder/changes,workdir=$folder/work" "$disk"
  : >"$disk/etc/machine-id"
  echo "$1" >"$disk/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$1" >"$disk/etc/hosts"
  : >"$disk/etc/resolv.conf"
  for unit in apt-daily.timer apt-daily-upgrade.timer console-getty.service; do
    ln -sf /dev/null "$disk/etc/systemd/system/$unit"
  done
}

# Each host has a control group of its own, since nspawn makes two of fixed names beside itself.
boot() { # HOST
  local hierarchy
  for hierarchy in $HIERARCHIES; do mkdir -p "$hierarchy/$GROUP/$1"; done
  # The bpf system call and its capabilities: so that IPAddressDeny= in units is enforced inside. The variable lets a host set its own network's
  # parameters. nspawn joins the host's network only after it has mounted /sys, which would show another one: so it begins there.
  # shellcheck disable=SC2016 # the inner shell expands its own variables
  setsid bash -c 'for hierarchy in $HIERARCHIES; do echo $$ >"$hierarchy/$GROUP/$1/cgroup.procs"; done; shift; exec "$@"' boot "$1" \
    nsenter --net="/run/netns/$1" -- env SYSTEMD_NSPAWN_API_VFS_WRITABLE=network \
    systemd-nspawn --quiet -D "$(disk "$1")" --boot --keep-unit --register=no --machine="$1" --hostname="$1" \
    --network-namespace-path="/run/netns/$1" --bind=/dev/net/tun --resolv-conf=off --timezone=off \
    --capability=CAP_NET_ADMIN,CAP_NET_RAW,CAP_BPF,CAP_SYS_ADMIN --system-call-filter=bpf \
    </dev/null >"$WORLD/$1/boot.log" 2>&1 &
  echo $! >"$WORLD/$1/nspawn.pid"
}

# Prints the pid of the host's PID 1; fails when the host has no power.
init_of() { # HOST
  local nspawn pid
  nspawn=$(cat "$WORLD/$1/nspawn.pid" 2>/dev/null) || return 1
  for pid in $(pgrep -P "$nspawn"); do
    if grep -q '^NSpid:.*[[:space:]]1$' "/proc/$pid/status" 2>/dev/null; then
      echo "$pid"
      return
    fi
  done
  return 1
}

# enter HOST COMMAND...: replaces this process by the command, as root on that host.
enter() {
  local init
  init=$(init_of "$1") || die "$1 has no power; try: ops/lab power $1 on"
  shift
  exec nsenter -t "$init" -m -u -i -n -p -C -- \
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
}
on() { (enter "$@"); }

wait_for_boot() { # HOST
  local state=none end=$((SECONDS + BOOT_SECONDS))
  while [ "$SECONDS" -lt "$end" ]; do
    state=$(on "$1" systemctl is-system-running 2>/dev/null) || true
    case $state in running | degraded) return ;; esac
    sleep 0.1
  done
  tail -n 5 "$WORLD/$1/boot.log" >&2
  die "$1 did not boot within $BOOT_SECONDS s (state '$state')"
}

# A script by which other programs in this world run commands on the host.
write_entrance() { # HOST
  cat >"$WORLD/$1/enter" <<E
#!/bin/bash
WORLD=$WORLD
. "$LIBRARY/world.sh"
enter $1 "\$@"
E
  chmod 755 "$WORLD/$1/enter"
}

# build_world ARCHIVE: everything up to running hosts without anything of ours on them. The archive holds their shared root.
build_world() {
  local host
  mkdir "$WORLD/root"
  tar -C "$WORLD/root" --numeric-owner --xattrs -xpf "$1"
  make_internet
  connect "$BROKER" "$BROKER_ADDRESS"
  for host in $(hosts); do
    [ ${#host} -le 13 ] || die "$host is too long a name for the lab (at most 13 characters)"
    connect "$host" "$(public_address "$host")"
    make_disk "$host"
    write_entrance "$host"
    boot "$host"
  done
  for host in $(hosts); do
    wait_for_boot "$host"
    (cd "$WORLD/$host/changes" && find . ! -type c ! -type d) | sort >"$WORLD/$host/before"
  done
  touch "$WORLD/built"
}

wait_for_pid() { # PID: until it is gone, at most 20 s
  local end=$((SECONDS + 20))
  while kill -0 "$1" 2>/dev/null; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

# A power loss: SIGKILL to PID 1, with which everything on the host dies. Nobody says goodbye: what the kernel still holds of its connections is dropped too.
power_off() { # HOST
  local init nspawn
  init=$(init_of "$1") || return 0
  nspawn=$(cat "$WORLD/$1/nspawn.pid")
  ip link set "v-$1" down
  kill -KILL "$init"
  ip netns exec "$1" ss --kill --tcp --all >/dev/null || true
  # nspawn tidies up for a second or two, and holds the disk that long.
  wait_for_pid "$nspawn" || kill -KILL "$nspawn"
}

power_on() { # HOST
  ! init_of "$1" >/dev/null || die "$1 has power"
  ip link set "v-$1" up
  ip -n "$1" addr replace "$(public_address "$1")/24" dev eth0
  boot "$1"
  wait_for_boot "$1"
}

# cut HOST cable|tunnel: silently, both ways. The tunnel alone is all that is UDP: the host still reaches the broker.
cut_off() {
  role "$1" >/dev/null
  case $2 in
    cable | tunnel) nft add element bridge cuts "$2s" "{ \"v-$1\" }" ;;
    *) die "cut what of $1: '$2' (expected: cable, tunnel)" ;;
  esac
}

heal() { # HOST
  role "$1" >/dev/null
  nft delete element bridge cuts cables "{ \"v-$1\" }" 2>/dev/null || true
  nft delete element bridge cuts tunnels "{ \"v-$1\" }" 2>/dev/null || true
}

# The broker is no Debian host: only its network is its own.
start_broker() {
  setsid nsenter --net="/run/netns/$BROKER" -- "$JAVA_HOME/bin/java" -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
    -cp "$LIBRARY/../simulator/target/classes:$LIBRARY/../simulator/target/lib/*" io.understudy.simulator.BrokerMain \
    --host "$BROKER_ADDRESS" --port "$BROKER_PORT" --users "$WORLD/users.json" --events "$WORLD/broker-events.jsonl" \
    </dev/null >"$WORLD/broker.log" 2>&1 &
}

# find_secrets FOLDER: prints "HOST PATH" of every file that a host has written and that holds the line of one of that folder's files.
find_secrets() {
  local host
  for host in $(hosts); do
    (cd "$WORLD/$host/changes" && { grep -rlaF -f <(cat "$1"/*) . || true; }) | sed "s|^\.|$host |"
  done
}

# leftovers HOST: prints what is there now and was not before anything was installed, without what Debian itself keeps of any installation, and
# without IBKR's program, which no bundle brings.
leftovers() {
  (cd "$WORLD/$1/changes" && find . ! -type c ! -type d) | sort | comm -13 "$WORLD/$1/before" - |
    grep -Ev '^\./(opt/clientportal\.gw|root|tmp|run|var/(log|tmp)|var/cache/(apt|debconf|ldconfig)|var/lib/(dpkg|apt|systemd)|etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$|etc/ld\.so\.cache)' || true
}
