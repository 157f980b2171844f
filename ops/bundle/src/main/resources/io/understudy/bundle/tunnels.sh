# shellcheck shell=bash
# For install.sh beside it: WireGuard interfaces are changed in place, and none is taken away before what stays carries the same. Sourced,
# not run; needs host.sh, and of install.sh TARGETS, FORMER, CHANGED, START, FORCE and enable.

# A healthy tunnel's last handshake is never older.
HANDSHAKE_MAX=180

is_up() { [ -e "/sys/class/net/$1" ]; }
preferred() { # FOLDER INTERFACE...: the one whose routes win
  local folder=$1 each
  shift
  for each; do
    if grep -q '^PostUp = .* metric 100 ' "$folder/etc/wireguard/$each.conf" 2>/dev/null; then echo "$each"; fi
  done
}
# conf_peers FILE: a line for each peer: public key, pre-shared key, allowed address, keepalive, endpoint or -, name.
conf_peers() {
  awk 'function flush() { if (key != "") print key, shared, allowed, alive, endpoint, name; key = ""; shared = "(none)"; alive = "off"; endpoint = "-" }
    /^# / { comment = $2 } /^\[/ { flush(); name = comment }
    /^PublicKey/ { key = $3 } /^PresharedKey/ { shared = $3 } /^AllowedIPs/ { allowed = $3 } /^PersistentKeepalive/ { alive = $3 } /^Endpoint/ { endpoint = $3 }
    END { flush() }' "$1"
}
# heard INTERFACE FIELD VALUE: whether a peer with that key (1) or address (4) was heard lately.
heard() {
  wg show "$1" dump 2>/dev/null | awk -v now="$(date +%s)" -v max=$HANDSHAKE_MAX -v field="$2" -v value="$3" \
    'NR > 1 && $field == value && now - $5 <= max { found = 1 } END { exit !found }'
}

# Before another interface is preferred, or one retired, what stays has to carry what is carried now.
check_handshakes() {
  local now next kept installed key allowed endpoint name silent=()
  mapfile -t installed < <(tunnels "${FORMER[@]}")
  mapfile -t kept < <(tunnels "${TARGETS[@]}")
  now=$(preferred '' "${installed[@]}") next=$(preferred "$BUNDLE/files" "${kept[@]}")
  if $FORCE || [ -z "$now" ] || ! is_up "$now"; then return 0; fi
  if [ "$now" = "$next" ] && [ -z "$(comm -23 <(printf '%s\n' "${installed[@]}" | sort) <(printf '%s\n' "${kept[@]}" | sort))" ]; then return 0; fi
  is_up "$next" || fail "$next, which this bundle prefers, is not up here; install the bundle of the stage before first, or --force"
  while read -r key _ allowed _ endpoint name; do
    if [ "$endpoint" != - ] || heard "$now" 4 "$allowed"; then heard "$next" 1 "$key" || silent+=("$name"); fi
  done < <(conf_peers "$BUNDLE/files/etc/wireguard/$next.conf")
  [ ${#silent[@]} -eq 0 ] ||
    fail "$next, which this bundle prefers, has not heard from ${silent[*]} for $HANDSHAKE_MAX s; install the stage before on that host and look at \`wg show $next\`, or --force"
}

live_differs() { # INTERFACE: the keys, peers or port in the kernel are not those of the file
  local file=/etc/wireguard/$1.conf port
  port=$(sed -n 's/^ListenPort = //p' "$file")
  # By the public key: the private one may stand in the file in another form of the same number.
  [ "$(wg show "$1" public-key)" = "$(sed -n 's/^PrivateKey = //p' "$file" | wg pubkey)" ] || return 0
  [ -z "$port" ] || [ "$(wg show "$1" listen-port)" = "$port" ] || return 0
  ! cmp -s <(conf_peers "$file" | cut -d' ' -f1-4 | sort) <(wg show "$1" dump | awk 'NR > 1 { print $1, $2, $4, $8 }' | sort)
}
wanted_routes() { sed -n 's|^PostUp = ip route replace \([0-9.]*\)/32 dev %i metric \([0-9]*\) .*|\1 \2|p' "/etc/wireguard/$1.conf" | sort; }
live_routes() { ip -4 route show dev "$1" | sed -n 's/^\([0-9.]*\) .*metric \([0-9]*\).*/\1 \2/p' | sort; }

apply_tunnel() { # INTERFACE: in place, so that nothing that runs through it is interrupted
  local name=$1 file=/etc/wireguard/$1.conf line route
  wg syncconf "$name" <(wg-quick strip "$name")
  ip link set dev "$name" mtu "$(sed -n 's/^MTU = //p' "$file")"
  ip -4 address replace "$(sed -n 's/^Address = //p' "$file")" dev "$name"
  while read -r line; do bash -c "${line//%i/$name}" </dev/null; done < <(sed -n 's/^PostUp = //p' "$file")
  while read -r route; do ip -4 route del "${route% *}/32" dev "$name" metric "${route#* }"; done < <(comm -13 <(wanted_routes "$name") <(live_routes "$name"))
}

put_tunnels_into_force() {
  local name
  while read -r name; do
    enable "wg-quick@$name.service"
    if ! $START; then
      continue
    elif ! is_up "$name"; then
      change "tunnel $name is up" systemctl start "wg-quick@$name.service"
    elif among "/etc/wireguard/$name.conf" "${CHANGED[@]}" || live_differs "$name" || ! cmp -s <(wanted_routes "$name") <(live_routes "$name"); then
      change "tunnel $name runs with its file's keys, peers and routes" apply_tunnel "$name"
    fi
  done < <(tunnels "${TARGETS[@]}")
}
