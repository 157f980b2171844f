#!/usr/bin/env bash
# Root's part of what understudyd wants of the tunnels: the daemon itself has no rights over the network. For understudy-tunnel@.service,
# one connection each: reads one line, answers, and ends.
#
#   allowed-ips, latest-handshakes   the table of that name of `wg show all`; none of them has a secret
#   cut SECONDS                      for a drill: nothing passes the tunnels for 1 to 300 seconds. The kernel counts them, so the cut ends in
#                                    time whatever else dies; a reboot ends it too
#
# An answer that begins with "error: " says in a sentence why nothing was done.
set -euo pipefail

refuse() { # SENTENCE
  echo "error: $*"
  exit 0
}

cut_tunnels() { # SECONDS
  nft -f - <<EOF
table inet understudy_drill
delete table inet understudy_drill
table inet understudy_drill {
  set cut {
    type ifname
    flags timeout
    elements = { "wg0" timeout $1s, "wg1" timeout $1s }
  }
  chain in {
    type filter hook prerouting priority raw
    iifname @cut drop
  }
  chain out {
    type filter hook output priority raw
    oifname @cut drop
  }
}
EOF
}

IFS= read -r -t 5 -n 64 line || refuse "no whole line came within 5 s"
case $line in
  allowed-ips | latest-handshakes)
    table=$(wg show all "$line") || refuse "wg show all $line failed; is WireGuard up on this host?"
    printf '%s\n' "$table"
    ;;
  'cut '*)
    seconds=${line#cut }
    if ! [[ $seconds =~ ^[1-9][0-9]{0,2}$ ]] || ((seconds > 300)); then refuse "cut '$seconds' (expected: 1 to 300 seconds)"; fi
    cut_tunnels "$seconds" || refuse "nft did not take the rules; does this kernel have nf_tables?"
    echo "<4>understudyd asked for it: nothing passes the tunnels for $seconds s" >&2
    echo "cut for $seconds s"
    ;;
  *) refuse "what is '$line'? (expected: allowed-ips, latest-handshakes or cut SECONDS)" ;;
esac
