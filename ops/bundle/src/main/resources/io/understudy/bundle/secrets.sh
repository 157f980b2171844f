# shellcheck shell=bash disable=SC2154 # What is set in install.sh and host.sh is used here.
# For install.sh beside it. Sourced, not run. Secrets of gateways and of channels for alerts: only those that a unit of the bundle asks for.

declare -A SECRET_VALUES=()

secrets_of() { # UNIT
  local unit=$BUNDLE/files$UNITS/$1
  [ ! -e "$unit" ] || sed -n "s|^LoadCredential=\([^:]*\):$CREDENTIALS/.*|\1|p" "$unit"
}
read_secret_names() {
  mapfile -t DAEMON_SECRETS < <(secrets_of understudyd.service)
  mapfile -t ALERT_SECRETS < <(secrets_of understudy-alertmanager.service)
  SECRET_NAMES=("${DAEMON_SECRETS[@]}" "${ALERT_SECRETS[@]}")
}
has_secret() { [ -s "$CREDENTIALS/$1" ] || [ -s "$CREDENTIALS/$1.cred" ]; }
take_secrets() {
  local name value
  ! $SEAL || command -v systemd-creds >/dev/null || fail "--seal needs systemd-creds of Debian's systemd; leave --seal out, or install systemd"
  for name in "${SECRET_NAMES[@]}"; do
    if has_secret "$name" || $CHECK; then continue; fi
    if [ -n "$SECRETS" ]; then
      [[ -f $SECRETS/$name && -r $SECRETS/$name ]] || fail "the secret $SECRETS/$name is missing or cannot be read; write it there, and run it again"
      value=$(tr -d '\000' <"$SECRETS/$name")
    elif [ -t 0 ]; then
      IFS= read -rsp "$name: " value && echo
    else
      fail "the host lacks the secret $name; give --secrets DIR, or run install.sh in a terminal, where it asks"
    fi
    [[ -n $value && $value != *$'\n'* ]] || fail "the secret $name is empty or has more than one line; one line is expected"
    SECRET_VALUES[$name]=$value
  done
}

write_secret() { # NAME: never in an argument of a program or in the environment
  (umask 077 && printf '%s\n' "${SECRET_VALUES[$1]}" >"$CREDENTIALS/.$1")
  mv -f "$CREDENTIALS/.$1" "$CREDENTIALS/$1"
}
seal_secret() { # NAME
  (umask 077 && printf '%s' "$(<"$CREDENTIALS/$1")" | systemd-creds encrypt --name="$1" - - >"$CREDENTIALS/.$1.cred")
  mv -f "$CREDENTIALS/.$1.cred" "$CREDENTIALS/$1.cred"
  rm -f "$CREDENTIALS/$1"
}
drop_in_text() { # UNIT: all of its credentials again, the sealed ones as such
  local credential name
  printf '# Written by install.sh: some secrets are sealed.\n[Service]\nLoadCredential=\n'
  while IFS='=' read -r _ credential; do
    name=${credential%%:*}
    if [ -e "$CREDENTIALS/$name.cred" ]; then
      echo "LoadCredentialEncrypted=$name:$CREDENTIALS/$name.cred"
    else
      echo "LoadCredential=$credential"
    fi
  done < <(grep '^LoadCredential=' "$BUNDLE/files$UNITS/$1")
}
hand_over() { # UNIT DROP-IN SEALED NAME...: a unit's drop-in, where its secrets are sealed
  local unit=$1 file=$2 sealed=$3
  shift 3
  if $sealed && [ $# -gt 0 ]; then put_text "$file" "$(drop_in_text "$unit")"; else remove_file "$file"; fi
}
store_secrets() {
  local name sealed=$SEAL
  [ ${#SECRET_NAMES[@]} -gt 0 ] || return 0
  ensure_folder 0700 root:root "$CREDENTIALS"
  for name in "${SECRET_NAMES[@]}"; do [ ! -e "$CREDENTIALS/$name.cred" ] || sealed=true; done
  for name in "${SECRET_NAMES[@]}"; do
    has_secret "$name" || change "secret $name" write_secret "$name"
    if $sealed && [ ! -e "$CREDENTIALS/$name.cred" ]; then change "secret $name is sealed" seal_secret "$name"; fi
  done
  for name in "${SECRET_NAMES[@]}"; do
    [ -e "$CREDENTIALS/$name" ] || [ -e "$CREDENTIALS/$name.cred" ] || continue
    local file=$CREDENTIALS/$name
    [ -e "$file" ] || file=$file.cred
    [ "$(stat -c '%a %U:%G' "$file")" = "600 root:root" ] || change "mode of $file" set_mode 0600 root:root "$file"
  done
  hand_over understudyd.service "$DROP_IN" "$sealed" "${DAEMON_SECRETS[@]}"
  hand_over understudy-alertmanager.service "$ALERT_DROP_IN" "$sealed" "${ALERT_SECRETS[@]}"
}
