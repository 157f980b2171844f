package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;

/**
 * {@code firewall-ufw.sh}: the same doors for whoever keeps the machine's rules with ufw. It can
 * run any number of times; rules of an earlier bundle, known by their comment, go away.
 *
 * <p>Rules are written as {@code ufw show added} prints them, because that is what they are
 * compared with. The script takes the table of {@link NftablesRules} out of force: a packet needs
 * the consent of both.
 */
final class UfwRules {
  static final String TARGET = "/etc/understudy/firewall-ufw.sh";

  private UfwRules() {}

  static RenderedFile of(Place place) {
    StringBuilder rules = new StringBuilder();
    rules(place).forEach(rule -> rules.append("  \"").append(rule).append("\"\n"));
    return new RenderedFile(
        TARGET,
        "#!/usr/bin/env bash\n"
            + place.header()
            + """
            # Puts the host's rules into ufw instead of the table of firewall.nft. Run it as root.
            set -euo pipefail

            rules=(
            %s)
            comment=understudy
            unit=understudy-firewall.service
            drop_in=/etc/systemd/system/$unit.d

            fail() {
              echo "firewall-ufw.sh: $1" >&2
              exit 1
            }

            wanted() { # RULE
              local rule
              for rule in "${rules[@]}"; do
                [ "$rule" != "$1" ] || return 0
              done
              return 1
            }

            add_rules() {
              local rule
              ufw default deny incoming
              ufw default allow outgoing
              ufw default deny routed
              for rule in "${rules[@]}"; do
                # shellcheck disable=SC2086 # A rule is several words.
                ufw $rule comment "$comment"
              done
            }

            remove_stale_rules() {
              local line rule
              while read -r line; do
                rule=${line#ufw }
                rule=${rule%%" comment "*}
                # shellcheck disable=SC2086
                wanted "$rule" || ufw --force delete $rule
              done < <(ufw show added | grep -F " comment '$comment'")
            }

            # The unit that the daemon waits for then asks for ufw instead of loading firewall.nft. It only
            # wants ufw: with Requires= a restart of ufw would stop daemon and ZooKeeper.
            replace_table() {
              mkdir -p "$drop_in"
              cat >"$drop_in/ufw.conf" <<'UNIT'
            [Unit]
            Wants=ufw.service
            After=ufw.service

            [Service]
            ExecStart=
            ExecStart=/usr/bin/systemctl is-active --quiet ufw.service
            ExecReload=
            ExecReload=/usr/bin/systemctl is-active --quiet ufw.service
            RestrictAddressFamilies=AF_UNIX
            UNIT
              [ ! -d /run/systemd/system ] || systemctl daemon-reload
              if command -v nft >/dev/null && nft list table inet understudy >/dev/null 2>&1; then
                nft delete table inet understudy
              fi
            }

            [ "$(id -u)" -eq 0 ] || fail "only root may change the firewall (run it with sudo)"
            command -v ufw >/dev/null || fail "ufw is not installed (run: apt-get install ufw)"
            add_rules
            remove_stale_rules
            ufw --force enable
            replace_table
            """
                .formatted(rules),
        "0755",
        "root:root");
  }

  private static ImmutableList<String> rules(Place place) {
    ImmutableList.Builder<String> rules = ImmutableList.builder();
    rules.add("allow 22/tcp");
    place.tunnelPorts().forEach(port -> rules.add("allow " + port + "/udp"));
    for (Firewall.Door door : Firewall.doors(place)) {
      for (String address : door.from()) {
        for (String tunnel : Place.INTERFACES) {
          rules.add(
              "allow in on %s from %s to any port %d proto %s"
                  .formatted(tunnel, address, door.port(), door.protocol()));
        }
      }
    }
    return rules.build();
  }
}
