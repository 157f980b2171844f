# shellcheck shell=bash disable=SC2034 # What is set here is used by the start scripts.
# For the start scripts beside it: finds Java and what was built. Sourced, not run.

java_version_min=25

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

# Sets target, the folder with the jars, also when a start script is called through a link.
find_target() {
  local self=${BASH_SOURCE[0]}
  # In one form however it is called, because a cache fits only the very same class path.
  target=$(cd "${self%/*}/../target" 2>/dev/null && pwd -P) ||
    fail "nothing is built yet; run \`mvn package -pl node -am\`"
}

# Sets version to that of a Java home, 0 when it is none. Read from its release file: asking java
# itself would take as long as the rest of the start.
read_java_version() {
  local line
  version=0
  [[ -x $1/bin/java && -r $1/release ]] || return
  while read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      version=${BASH_REMATCH[1]}
      return
    fi
  done <"$1/release"
}

# Sets java_home: JAVA_HOME, else the java on the path, else the newest one installed.
find_java() {
  local home best=0 path
  java_home=${JAVA_HOME:-}
  if [[ -n $java_home ]]; then
    read_java_version "$java_home"
    ((version >= java_version_min)) && return
  fi
  if path=$(command -v java) && path=$(readlink -f "$path"); then
    java_home=${path%/bin/java}
    read_java_version "$java_home"
    ((version >= java_version_min)) && return
  fi
  for home in /usr/lib/jvm/*; do
    read_java_version "$home"
    if ((version >= java_version_min && version > best)); then
      best=$version java_home=$home
    fi
  done
  ((best > 0)) || fail "no Java $java_version_min is installed; install one or set JAVA_HOME"
}
