# shellcheck shell=bash
# For install.sh beside it: a ZooKeeper server is restarted while all others serve, and no host changes the session timeout by itself. Sourced,
# not run; needs host.sh, and of install.sh FORCE and RESTART_ZOOKEEPER.

ZOO_CFG=/etc/understudy-zookeeper/zoo.cfg
# Seconds until a server that was restarted serves again: a start of Java, and an election.
SERVING_MAX=60

voters() { sed -n 's/^server\.\([0-9]*\)=.*/\1/p' "$ZOO_CFG"; }
session_timeout() { sed -n 's/^minSessionTimeout=//p' "$1"; } # FILE
# serving: the hosts whose servers answered and serve. The doctor of a node asks all of them, that of the witness its own.
serving() {
  { understudy cluster doctor -o json </dev/null 2>/dev/null || true; } | tr '\n' ' ' | { grep -o '{[^{}]*}' || true; } |
    sed -n '/It answers as \(leader\|follower\)/s/.*"ZooKeeper on \([^"]*\)".*/\1/p'
}

# A node does not serve with another timeout than the one that its lease counts on, and servers with different ones would be as many answers.
check_session_timeout() {
  local now next
  if $FORCE || [ ! -e "$ZOO_CFG" ] || [ ! -e "$BUNDLE/files$ZOO_CFG" ]; then return 0; fi
  now=$(session_timeout "$ZOO_CFG") next=$(session_timeout "$BUNDLE/files$ZOO_CFG")
  [ "$now" = "$next" ] ||
    fail "this bundle changes the session timeout from $now to $next ms, which all hosts have to do together; while markets are closed stop understudyd on all nodes (systemctl stop understudyd, which logs out), then run install.sh --force --restart-zookeeper on every host"
}

# may_restart_zookeeper: the others keep their quorum without this server, or a person says so.
may_restart_zookeeper() {
  local all answered
  if $RESTART_ZOOKEEPER; then return 0; fi
  all=$(voters | wc -l) answered=$(serving | wc -l)
  [ "$answered" -ge "$all" ]
}
restart_zookeeper() { # UNIT
  local end=$((SECONDS + SERVING_MAX)) answered
  systemctl restart "$1"
  # One server alone is a trial, and the doctor cannot ask before there is a note of what to ask.
  [[ -n $(voters) && -e $INSTALLED ]] || return 0
  while ((SECONDS < end)); do
    mapfile -t answered < <(serving)
    if among "$(installed_host)" "${answered[@]}"; then return 0; fi
    sleep 1
  done
  fail "the ZooKeeper server was restarted and does not serve within $SERVING_MAX s; restart no other one before it does, and look at journalctl -u understudy-zookeeper"
}
