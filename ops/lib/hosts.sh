# shellcheck shell=bash
# The hosts' lab, seen from this machine: what it needs, its shared root, and the life of its world. Sourced after java.sh, not run.
#
# The world is a set of namespaces (processes, mounts, network) with a first process that only waits. Everything of the lab lives in there, and a disk in
# memory holds what the hosts write: ending that one process ends all, whatever state it was in. Outside remain the folders of control groups, which are
# removed by hand, the note of that process, which is in /run so that no `mvn clean` loses it, and the archive of the hosts' shared root, which takes long
# to make and is kept in target/.

# Labs of two checkouts can be up at once. SC2153: ROOT comes from java.sh.
# shellcheck disable=SC2153
GROUP=understudy-lab-$(cksum <<<"$ROOT" | cut -d' ' -f1)
LAB=/run/$GROUP
LIBRARY=$ROOT/ops/lib
PACKAGES=$ROOT/target/packages
SUITE=trixie
# What a rented Debian has, and what the bundles' install scripts want from Debian: the hosts have no way to a mirror.
ROOT_PACKAGES=systemd,systemd-sysv,dbus,udev,iproute2,procps,iputils-ping,openssh-server,ca-certificates,kmod,nftables,wireguard-tools,wireguard-go
# Debian starts services of their own with these two, which nobody here wants.
ROOT_PACKAGES+=,prometheus,prometheus-alertmanager
WORLD_SECONDS=20

# Prints a line for everything that is missing on this machine.
hosts_missing() {
  [ "$(id -u)" -eq 0 ] || echo "it needs root; try: sudo ops/lab story"
  command -v systemd-nspawn >/dev/null || echo "it needs systemd-nspawn; install systemd-container"
  command -v mmdebstrap >/dev/null || [ -e "$(root_archive)" ] || echo "it needs mmdebstrap; install mmdebstrap"
  command -v ip >/dev/null || echo "it needs ip; install iproute2"
  command -v nft >/dev/null || echo "it needs nft; install nftables"
  command -v pgrep >/dev/null || echo "it needs pgrep; install procps"
  [ -c /dev/net/tun ] || echo "it needs /dev/net/tun; load the kernel's module tun"
  [ -n "$(hierarchies)" ] || echo "it needs a mounted cgroup2, or cgroup v1 with systemd's hierarchy"
  unshare --net --mount --pid --fork true 2>/dev/null || echo "it needs network, mount and process namespaces, which this system refuses"
}

check_hosts_lab() {
  local missing
  missing=$(hosts_missing)
  [ -z "$missing" ] || die "the hosts' lab cannot run here: $(paste -sd ';' <<<"$missing")"
}

# Where control groups are mounted that systemd cares for.
hierarchies() { awk '$3 == "cgroup2" || ($3 == "cgroup" && $4 ~ /name=systemd/) { print $2 }' /proc/mounts | paste -sd ' '; }

# The packages are made anew when the build is newer.
make_packages() {
  [ ! -e "$PACKAGES/built" ] || [ "$ROOT/target/built" -nt "$PACKAGES/built" ] || return 0
  "$ROOT/ops/package" >&2 || die "the packages could not be made, see above"
  touch "$PACKAGES/built"
}

# An archive, because a folder below target/ would hold programs with the set-user-id bit, and modes that others might mend. Another list of packages is
# another root.
root_archive() { echo "$ROOT/target/lab/$SUITE-$(cksum <<<"$ROOT_PACKAGES" | cut -d' ' -f1).tar"; }

# shellcheck disable=SC2016 # mmdebstrap's shell expands the root's folder
make_root() {
  local root log
  root=$(root_archive)
  [ ! -e "$root" ] || return 0
  echo "Making the root of the hosts, Debian $SUITE (once; half a minute) ..." >&2
  mkdir -p "${root%/*}"
  log=$(mktemp)
  if ! mmdebstrap --quiet --variant=minbase --format=tar --include="$ROOT_PACKAGES" \
    --customize-hook='systemctl --quiet --root="$1" mask prometheus.service prometheus-alertmanager.service' "$SUITE" "$root.part" </dev/null >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log" "$root.part"
    die "the root could not be made; it needs a Debian mirror, see above"
  fi
  rm "$log"
  mv "$root.part" "$root"
}

# Prints the pid of the world's first process; fails when there is no world.
world_init() {
  local pid started
  read -r pid started 2>/dev/null <"$LAB/world" || return 1
  [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

# By pid and start time a process is recognised also when pids are used again.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# The first process of the world: collects orphans and waits.
# shellcheck disable=SC2016 # the inner shell expands its own variables
FIRST_PROCESS='
  mount --make-rprivate /
  mkdir -p /run/netns
  mount -t tmpfs -o mode=755 tmpfs /run/netns
  mount -t tmpfs -o mode=700,size=80% tmpfs "$1"
  ip link set lo up
  touch "$1/begun"
  sleep infinity &
  wait $!
'

begin_world() {
  local outer init=''
  local end=$((SECONDS + WORLD_SECONDS))
  mkdir -p "$LAB/world.d"
  setsid unshare --net --mount --pid --fork --mount-proc --kill-child bash -euc "$FIRST_PROCESS" world "$LAB/world.d" </dev/null >"$LAB/world.log" 2>&1 &
  outer=$!
  until [ -n "$init" ] && [ -e "/proc/$init/root$LAB/world.d/begun" ]; do
    if ! kill -0 "$outer" 2>/dev/null || [ "$SECONDS" -ge "$end" ]; then
      die "the lab's namespaces could not be made: $(tail -n 1 "$LAB/world.log")"
    fi
    sleep 0.05
    read -r init 2>/dev/null <"/proc/$outer/task/$outer/children" || true
  done
  echo "$init $(start_time "$init")" >"$LAB/world"
}

# in_world FUNCTION ARGUMENT...: calls a function of world.sh in the world, in this terminal.
in_world() {
  local init
  init=$(world_init) || die "no lab is up; try: ops/lab up"
  # shellcheck disable=SC2016 # the inner shell expands its own arguments
  WORLD=$LAB/world.d LIBRARY=$LIBRARY HIERARCHIES=$(hierarchies) GROUP=$GROUP HOSTS_ROOT=$(root_archive) PACKAGES=$PACKAGES \
    nsenter -t "$init" -m -n -p -- bash -euo pipefail -c '. "$LIBRARY/world.sh"; "$@"' lab "$@"
}

# tell ARGUMENT...: the Java part of the lab, in the world.
tell() {
  in_world "$JAVA_HOME/bin/java" "${QUIET_JVM[@]}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp "$(class_path ops/laboratory)" \
    "-Dunderstudy.root=$ROOT" io.understudy.lab.HostsLab "$@"
}

end_world() {
  local init hierarchy end=$((SECONDS + WORLD_SECONDS))
  if init=$(world_init); then
    kill -KILL "$init"
    while kill -0 "$init" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do sleep 0.05; done
  fi
  for hierarchy in $(hierarchies); do
    [ ! -d "$hierarchy/$GROUP" ] || remove_group "$hierarchy/$GROUP"
  done
  rm -rf --one-file-system "$LAB"
}

# A control group can be removed once its processes are gone, which the kernel does shortly after their end.
remove_group() {
  local end=$((SECONDS + WORLD_SECONDS))
  until find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; do
    [ "$SECONDS" -lt "$end" ] || { echo "lab: $1 could not be removed" >&2; return 0; }
    sleep 0.1
  done
}
