#!/usr/bin/env bash
# Fills the bot's token into Alertmanager's configuration, since Debian 12's version takes it from no file of its own.
# For understudy-alertmanager.service: reads its credential, writes to its runtime directory, which nobody else can read.
set -euo pipefail
umask 077

config=${1:-$CREDENTIALS_DIRECTORY/alertmanager.yml}
token=$(<"$CREDENTIALS_DIRECTORY/alerts-telegram-token")
[[ $token =~ ^[A-Za-z0-9:_-]+$ ]] || {
  echo "with-token.sh: the credential alerts-telegram-token is no token of a bot (expected: letters, digits and : _ -); enter it again" >&2
  exit 1
}
text=$(<"$config")
printf '%s\n' "${text//@TELEGRAM_TOKEN@/"$token"}" >"$RUNTIME_DIRECTORY/alertmanager.yml"
