# shellcheck shell=bash
# For the scripts of this folder: finds a JDK 25 and Maven, builds when something has changed. Sourced, not run.
# Sets ROOT; find_jdk sets JAVA_HOME and MAVEN_OPTS.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
JDK_MIN=25
# What programs of this project want from a JVM of that version, so that Netty and protobuf do not warn.
QUIET_JVM=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

die() {
  echo "${0##*/}: $*" >&2
  exit 2
}

# help_if_asked ARGUMENT...: shows the head of the script that runs, to whoever asks for help first.
help_if_asked() {
  case ${1:-} in
    -h | --help)
      sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
      exit 0
      ;;
  esac
}

# jdk_version FOLDER: prints the major version of the JDK there; fails when there is none, or no compiler.
jdk_version() {
  local version
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$version" ] && echo "$version"
}

find_jdk() {
  local candidate found='' version on_path=''
  if command -v java >/dev/null; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/*; do
    version=$(jdk_version "$candidate") || continue
    if [ "$version" -eq "$JDK_MIN" ]; then
      found=$candidate
      break
    elif [ "$version" -gt "$JDK_MIN" ] && [ -z "$found" ]; then
      found=$candidate
    fi
  done
  [ -n "$found" ] || die "no JDK $JDK_MIN found in JAVA_HOME, on the PATH or in /usr/lib/jvm; install one (Debian 13: apt-get install" \
    "openjdk-25-jdk-headless; elsewhere https://adoptium.net) or set JAVA_HOME to it"
  export JAVA_HOME=$found
  export MAVEN_OPTS="${MAVEN_OPTS:-} ${QUIET_JVM[*]}"
}

find_maven() {
  command -v mvn >/dev/null || die "Maven (mvn) is not on the PATH; install version 3.8.7 or later (Debian: apt-get install maven)"
}

# What the build is made of, for git.
SOURCES=(':(glob)**/src/main/**' ':(glob)**/pom.xml')

pom_version() {
  sed -n '/<artifactId>understudy<\/artifactId>/{n;s/.*<version>\(.*\)<\/version>.*/\1/p;q}' "$ROOT/pom.xml"
}

# What the programs of a build say that they are: a snapshot with the commit that last changed its sources, as far as git knows, so that
# an operator can tell one from another.
build_version() {
  local version commit dirty
  version=$(pom_version)
  commit=$(git -C "$ROOT" log -1 --abbrev=8 --format=%h -- "${SOURCES[@]}" 2>/dev/null) || commit=''
  if [[ $version == *-SNAPSHOT && -n $commit ]]; then
    dirty=$(git -C "$ROOT" status --porcelain -- "${SOURCES[@]}")
    version+="+$commit${dirty:+.dirty}"
  fi
  echo "$version"
}

# class_path MODULE: the class path of a built module.
class_path() {
  echo "$ROOT/$1/target/classes:$ROOT/$1/target/lib/*"
}

build_is_current() {
  local stamp=$ROOT/target/built module
  [ -e "$stamp" ] && [ "$(<"$stamp")" = "$(build_version)" ] || return 1
  for module in node controller ops/simulator ops/laboratory; do
    [ -d "$ROOT/$module/target/lib" ] && [ -d "$ROOT/$module/target/classes" ] || return 1
  done
  [ -z "$(find "$ROOT/pom.xml" "$ROOT/proto" "$ROOT/node" "$ROOT/controller" "$ROOT/ops" -name target -prune \
    -o -type f \( -path '*/src/main/*' -o -name pom.xml \) -newer "$stamp" -print -quit)" ]
}

# After a build: makes the start-up caches of the command line, which else its first call would make in the background, and of the
# undertaker, which makes none by the way.
mark_built() {
  "$ROOT/controller/bin/understudy" --make-cache </dev/null || echo "The command line starts slower without its cache." >&2
  "$ROOT/node/bin/undertaker" --make-cache </dev/null || echo "The undertaker starts slower without its cache." >&2
  mkdir -p "$ROOT/target"
  build_version >"$ROOT/target/built"
}

# Builds without tests, unless the last build is newer than every source.
build_if_needed() {
  build_is_current && return
  find_maven
  echo "Building (the first time Maven fetches what it needs, which takes a minute or two) ..." >&2
  (cd "$ROOT" && mvn -B -q -ntp -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -Dunderstudy.version="$(build_version)" package </dev/null >&2) || die "the build failed, see above"
  mark_built
}

# run_lab MAIN ARGUMENT...: replaces this shell by a program of the lab, which reads no input.
run_lab() {
  run_lab_with_input "$@" </dev/null
}

# run_lab_with_input MAIN ARGUMENT...: the same for one that reads what a person types.
run_lab_with_input() {
  local main=$1
  shift
  exec "$JAVA_HOME/bin/java" "${QUIET_JVM[@]}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -cp "$(class_path ops/laboratory)" \
    "-Dunderstudy.root=$ROOT" "io.understudy.lab.$main" "$@"
}
