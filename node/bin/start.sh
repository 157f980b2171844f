# shellcheck shell=bash disable=SC2034 # What is set here is used by the start scripts.
# For the start scripts beside it: finds Java and the program. Sourced, not run.
#
# In a checkout the jars stand in target/ of the module and Java is one that is installed; in a package
# they stand in the module itself, and Java is the run time that the packages bring.

java_version_min=25

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

# Says that jars are missing, and what brings them.
fail_incomplete() {
  $packaged || fail "nothing is built yet; run \`mvn package -pl $module -am\`"
  fail "$home is not complete; run \`apt-get install --reinstall $package\`"
}

# find_installation MODULE PACKAGE: sets home, the module's folder; packaged; target, the folder with
# the jars; java_home; cache_default, the folder for start-up caches.
find_installation() {
  local self=${BASH_SOURCE[0]}
  module=$1 package=$2
  # In one form however it is called, because a cache fits only the very same class path.
  home=$(cd "${self%/*}/.." && pwd -P)
  if [[ -d $home/lib ]]; then
    packaged=true target=$home cache_default=/var/cache/understudy
    find_packaged_java
  else
    packaged=false target=$home/target cache_default=$home/target/cache
    [[ -d $target/lib ]] || fail_incomplete
    find_java
  fi
}

find_packaged_java() {
  java_home=${home%/*}/runtime
  [[ -x $java_home/bin/java ]] ||
    fail "$java_home is not complete; run \`apt-get install --reinstall understudy-runtime\`"
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

# make_certificates FOLDER: an authority and a certificate of it that live as long as a rehearsal,
# so that the rehearsal checks what a real call checks.
make_certificates() {
  local common=(-keyalg EC -groupname secp256r1 -validity 1
    -storetype PKCS12 -keystore "$1/rehearsal.p12" -storepass rehearsal)
  "$java_home/bin/keytool" -genkeypair -alias authority -dname CN=authority -ext bc:critical=ca:true \
    "${common[@]}" &&
    "$java_home/bin/keytool" -genkeypair -alias rehearsal -dname CN=rehearsal -signer authority \
      -ext san=ip:127.0.0.1 "${common[@]}"
}

# rehearse CACHE CLASS OPTION...: makes a start-up cache from a run of the class, which gets the
# folder with the certificates; the options are those of the real run. Everybody may read the cache.
rehearse() {
  local cache=$1 class=$2 work result=1
  shift 2
  mkdir -p "${cache%/*}" 2>/dev/null || return 1
  work=$(mktemp -d "${cache%/*}/work.XXXXXX" 2>/dev/null) || return 1
  if make_certificates "$work" >/dev/null 2>&1; then
    "$java_home/bin/java" "$@" -XX:AOTCacheOutput="$work/cache.aot" "$class" "$work" >/dev/null 2>&1
  fi
  if [[ -s $work/cache.aot ]] && chmod 0644 "$work/cache.aot"; then
    mv -f "$work/cache.aot" "$cache" && result=0
  fi
  rm -rf "$work"
  return $result
}
