# shellcheck shell=bash
# For ops/package: what the packages contain, by the lists of components (target/bom.json, CycloneDX) that the build makes. Sourced, not
# run; needs ROOT and die.

# Components whose list entry names no licence, each with the one that it has: `ARTIFACT LICENCE`. None at present.
LICENCES_BY_HAND=''

# list_components MODULE: for each component its file name without .jar, and its licences, separated by a tab. The metadata, which
# describe the module itself, come before the components.
list_components() {
  awk '
    /^  "components" : \[/ { inside = 1; next }
    /^  "dependencies" : \[/ { inside = 0 }
    !inside { next }
    /^    \{/ { name = version = classifier = licences = "" }
    /^      "name" : / { name = value($0) }
    /^      "version" : / { version = value($0) }
    /^      "purl" : / && match($0, /classifier=[^&"]*/) { classifier = "-" substr($0, RSTART + 11, RLENGTH - 11) }
    /^          "expression" : / { add(value($0)) }
    /^            "(id|name)" : / { if (licensed) add(value($0)) }
    /^      "licenses" : / { licensed = 1 }
    /^      \]/ { licensed = 0 }
    /^    \}/ { print name "-" version classifier "\t" licences }
    function value(line) { sub(/^[^:]* : "/, "", line); sub(/",?$/, "", line); return line }
    function add(licence) { licences = licences (licences == "" ? "" : " or ") licence }
  ' "$ROOT/$1/target/bom.json"
}

# Fails when a build made no list.
require_lists() {
  local module
  for module in node controller; do
    [ -s "$ROOT/$module/target/bom.json" ] ||
      die "$module/target/bom.json is missing, for an offline build makes none; run \`mvn package -pl node,controller -am -Dmaven.test.skip=true\`"
  done
}

# Sets MAVEN_VERSION, as the jars of this project have it.
read_maven_version() {
  local jars=("$ROOT"/node/target/understudy-node-*-undertaker.jar)
  [ ${#jars[@]} -eq 1 ] || die "jars of several versions are in node/target: ${jars[*]}; remove those of the others"
  MAVEN_VERSION=${jars[0]##*/understudy-node-}
  MAVEN_VERSION=${MAVEN_VERSION%-undertaker.jar}
}

# Fails when a component has no licence, or a library of the list is not there.
check_components() {
  local module component licences
  require_lists
  read_maven_version
  for module in node controller; do
    while IFS=$'\t' read -r component licences; do
      [ -n "$licences" ] || [[ $LICENCES_BY_HAND == *"$component "* ]] ||
        die "$component of $module names no licence; find it out and add it to LICENCES_BY_HAND in ops/lib/components.sh"
      [ -e "$ROOT/$module/target/lib/$component.jar" ] ||
        die "$component.jar is not in $module/target/lib; build again (\`mvn package\` without -o)"
    done < <(list_components "$module")
  done
}

# copy_libraries MODULE FOLDER: those of the list; target/lib may still hold ones of a former build.
copy_libraries() {
  local component
  while IFS=$'\t' read -r component _; do
    cp "$ROOT/$1/target/lib/$component.jar" "$2/"
  done < <(list_components "$1")
}

# write_runtime_components JAVA_VERSION: the list for the run time, in the same form.
write_runtime_components() {
  cat <<END
{
  "bomFormat" : "CycloneDX",
  "specVersion" : "1.6",
  "version" : 1,
  "components" : [
    {
      "type" : "platform",
      "bom-ref" : "openjdk-$1",
      "name" : "openjdk",
      "version" : "$1",
      "licenses" : [
        {
          "expression" : "GPL-2.0-only WITH Classpath-exception-2.0"
        }
      ]
    }
  ]
}
END
}

print_components() {
  local module
  require_lists
  for module in node controller; do
    list_components "$module"
  done | LC_ALL=C sort -u
}
