# shellcheck shell=bash
# For the test of packages: a bundle made by hand, the smallest that has each kind of file. Sourced, not run.

add_file() { # BUNDLE MODE OWNER TARGET, content on standard input
  mkdir -p "$1/files${4%/*}"
  cat >"$1/files$4"
  echo "$2 $3 $4" >>"$1/manifest"
  LC_ALL=C sort -k3 -o "$1/manifest" "$1/manifest"
}

# host.json, as far as the scripts read it.
write_host_json() { # BUNDLE
  local target separator=''
  sed -i '\|/etc/understudy/host.json|d' "$1/manifest"
  {
    printf '{\n  "version" : 1,\n  "cluster" : "main",\n  "host" : "alpha",\n  "files" : [\n'
    while read -r _ _ target; do
      printf '%s    {\n      "target" : "%s"\n    }' "$separator" "$target"
      separator=$',\n'
    done < <(cat "$1/manifest"; echo "- - /etc/understudy/host.json")
    printf '\n  ]\n}\n'
  } | add_file "$1" 0644 root:root /etc/understudy/host.json
}

unit() { # BUNDLE NAME, sections on standard input
  add_file "$1" 0644 root:root "/etc/systemd/system/$2"
}

add_tunnel() { # BUNDLE INTERFACE METRIC
  add_file "$1" 0600 root:root "/etc/wireguard/$2.conf" <<END
[Interface]
PrivateKey = $(head -c 32 /dev/urandom | base64)
Address = 10.77.0.1/32
ListenPort = 5182${2#wg}
MTU = 1420
Table = off
SaveConfig = false
PostUp = echo 2 >/proc/sys/net/ipv4/conf/%i/rp_filter || true
PostUp = ip route replace 10.77.0.2/32 dev %i metric $3 src 10.77.0.1

# beta
[Peer]
PublicKey = $(head -c 32 /dev/urandom | base64)
PresharedKey = $(head -c 32 /dev/urandom | base64)
AllowedIPs = 10.77.0.2/32
Endpoint = 198.51.100.2:51820
PersistentKeepalive = 25
END
  write_host_json "$1"
}
set_metric() { # BUNDLE INTERFACE METRIC
  sed -i "s/ metric [0-9]* / metric $3 /" "$1/files/etc/wireguard/$2.conf"
}
remove_tunnel() { # BUNDLE INTERFACE
  rm "$1/files/etc/wireguard/$2.conf"
  sed -i "\|/etc/wireguard/$2.conf|d" "$1/manifest"
  write_host_json "$1"
}

make_bundle() { # BUNDLE SCRIPTS
  mkdir -p "$1"
  cp "$2"/*.sh "$1/"
  chmod 0755 "$1/install.sh" "$1/uninstall.sh"
  echo alpha >"$1/host"
  : >"$1/manifest"
  echo 'node: alpha' | add_file "$1" 0644 root:root /etc/understudy/understudyd.yaml
  add_file "$1" 0644 root:root /etc/understudy/firewall.nft <<<$'table inet understudy\ndelete table inet understudy\ntable inet understudy {\n  chain input {\n    type filter hook input priority filter; policy accept;\n  }\n}'
  add_file "$1" 0755 root:root /etc/understudy/firewall-ufw.sh <<<'exit 1'
  add_file "$1" 0600 understudy-zookeeper:understudy-zookeeper /etc/understudy-zookeeper/server.pem <<<'key'
  add_file "$1" 0644 root:root /etc/understudy-zookeeper/zoo.cfg <<<$'tickTime=500\ndataDir=/var/lib/understudy-zookeeper\nclientPort=2281\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n4lw.commands.whitelist=ruok'
  add_file "$1" 0644 root:root /var/lib/understudy-zookeeper/myid <<<1
  unit "$1" understudy-firewall.service <<<$'[Unit]\nRefuseManualStop=yes\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/sbin/nft -f /etc/understudy/firewall.nft\nExecReload=/usr/sbin/nft -f /etc/understudy/firewall.nft\n[Install]\nWantedBy=multi-user.target'
  unit "$1" understudy-zookeeper.service <<<$'[Service]\nUser=understudy-zookeeper\nStateDirectory=understudy-zookeeper\nStateDirectoryMode=0700\nExecStart=/opt/understudy/node/bin/understudy-zookeeper /etc/understudy-zookeeper/zoo.cfg\nSuccessExitStatus=143\n[Install]\nWantedBy=multi-user.target'
  # A stand-in for the daemon, which tells what it was given.
  unit "$1" understudyd.service <<<$'[Unit]\nRequires=understudy-firewall.service\n[Service]\nLoadCredential=live-username:/etc/understudy/credentials/live-username\nLoadCredential=live-password:/etc/understudy/credentials/live-password\nExecStart=/bin/sh -c "cat ${CREDENTIALS_DIRECTORY}/live-password >/run/stand-in && exec sleep infinity"\n[Install]\nWantedBy=multi-user.target'
  add_tunnel "$1" wg0 100
}

make_secrets() { # FOLDER
  mkdir -p "$1"
  echo trader >"$1/live-username"
  echo s3cret >"$1/live-password"
}
