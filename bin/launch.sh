# What bin/prunella, bin/prunella-train and notebooks/run share; sourced by them, never run.
# Finds a JDK 25, builds the module when it is not built or its sources have changed, and puts
# the class path into $classpath. Needs $home (the project or the distribution) and $name.
# shellcheck shell=sh

say() { printf '%s: %s\n' "$name" "$*" >&2; }

is_25() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] && grep -Eq '^JAVA_VERSION="25(["+.-]|$)' "$1/release"
}

# Sets $jdk. PRUNELLA_JAVA (a JDK's folder, or its bin/java) is taken at its word or refused.
find_jdk() {
    if [ -n "${PRUNELLA_JAVA:-}" ]; then
        jdk=${PRUNELLA_JAVA%/bin/java}
        is_25 "$jdk" && return
        say "PRUNELLA_JAVA is $PRUNELLA_JAVA, which is no JDK 25"
        exit 1
    fi
    for jdk in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
        /usr/lib/jvm/*25* /Library/Java/JavaVirtualMachines/*25*/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/25* "${HOME:-}"/.jdks/*25* "${HOME:-}"/.m2/jdks/*25*; do
        [ -n "$jdk" ] && is_25 "$jdk" && return
    done
    say "a JDK 25 is needed and none was found."
    say "looked at PRUNELLA_JAVA, JAVA_HOME, JAVA25_HOME, /usr/lib/jvm, /Library/Java/JavaVirtualMachines, ~/.sdkman, ~/.jdks"
    say "get one, for instance: apt install openjdk-25-jdk | brew install openjdk@25 | sdk install java 25-tem | https://adoptium.net"
    say "or name one: JAVA_HOME=/path/to/jdk-25 $name ..."
    exit 1
}

# use_module MODULE: sets $classpath.
use_module() {
    if [ ! -f "$home/pom.xml" ]; then # a distribution: only jars
        if [ ! -d "$home/lib" ]; then
            say "neither sources (pom.xml) nor jars (lib/) in $home"
            exit 1
        fi
        classpath="$home/lib/*"
        return
    fi
    run="$home/target/run"
    stamp="$run/$1.stamp"
    is_fresh "$1" || build_once "$1"
    classpath="$(cat "$stamp")/*"
}

# The stamp is as old as the start of the last good build and names the folder of its jars.
is_fresh() {
    [ -f "$stamp" ] && [ -d "$(cat "$stamp")" ] || return 1
    modules="detector $1"
    if [ "$1" = trainer ]; then modules="detector server trainer"; fi
    for module in $modules; do
        set -- "$@" "$home/$module/pom.xml" "$home/$module/src/main"
    done
    shift
    [ -z "$(find "$home/pom.xml" "$@" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

# One build at a time: a second first use waits for the first and finds its work done.
build_once() {
    mkdir -p "$run"
    lock="$run/lock"
    waited=
    while ! mkdir "$lock" 2>/dev/null; do
        owner=$(cat "$lock/pid" 2>/dev/null || true)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
            # Its owner is gone. Whoever moves it away clears it; a lock that is new by then goes back.
            if mv "$lock" "$lock.$$" 2>/dev/null; then
                [ "$(cat "$lock.$$/pid" 2>/dev/null)" = "$owner" ] || mv "$lock.$$" "$lock"
                rm -rf "$lock.$$"
            fi
            continue
        fi
        [ -n "$waited" ] || say "waiting for another build of this folder"
        waited=yes
        sleep 1
    done
    echo $$ >"$lock/pid"
    trap 'rm -rf "$lock"' EXIT
    trap 'stop_build; exit 130' INT
    trap 'stop_build; exit 143' TERM HUP
    is_fresh "$1" || build "$1"
    rm -rf "$lock"
    trap - EXIT INT TERM HUP
}

stop_build() {
    [ -z "${maven:-}" ] || kill "$maven" 2>/dev/null || true
}

build() {
    module=$1
    if ! command -v mvn >/dev/null 2>&1; then
        say "to build it Maven 3.8.7 or newer is needed, and there is no mvn on the PATH"
        say "get it, for instance: apt install maven | brew install maven | sdk install maven"
        exit 1
    fi
    log="$run/$module.log"
    jars="$run/$module-$(date +%s)-$$"
    if [ -f "$stamp" ]; then why="sources changed"; else why="first use, about a minute"; fi
    : >"$run/$module.begun"
    # Stale jars would stay on the class path when a version changes.
    rm -rf "$home/$module/target/lib"
    started=$(date +%s)
    (cd "$home" && JAVA25_HOME="$jdk" exec mvn -B -ntp -q -DskipTests -Dmaven.test.skip=true \
        -Dformat.skip -Dcyclonedx.skip -Dmaven.javadoc.skip -pl "$module" -am package) \
        >"$log" 2>&1 </dev/null &
    maven=$!
    line="building Prunella ($why)"
    [ -t 2 ] || printf '%s ...\n' "$line" >&2
    while kill -0 "$maven" 2>/dev/null; do
        [ -t 2 ] && printf '\r%s ... %d s ' "$line" "$(($(date +%s) - started))" >&2
        sleep 1
    done
    if wait "$maven"; then result=0; else result=$?; fi
    maven=
    seconds=$(($(date +%s) - started))
    if [ "$result" -ne 0 ]; then
        [ -t 2 ] && printf '\n' >&2
        tail -n 30 "$log" >&2
        say "the build failed after $seconds s; all of it is in $log"
        exit 1
    fi
    # Jars of their own: a running Prunella keeps its jars while Maven writes new ones.
    mkdir -p "$jars"
    cp "$home/$module/target/lib/"*.jar "$home/$module/target/prunella-$module"-*.jar "$jars/"
    old=$(cat "$stamp" 2>/dev/null || true)
    for folder in "$run/$module"-*/; do
        folder=${folder%/}
        [ "$folder" = "$jars" ] || [ "$folder" = "$old" ] || rm -rf "$folder"
    done
    printf '%s\n' "$jars" >"$stamp.new"
    touch -r "$run/$module.begun" "$stamp.new"
    mv "$stamp.new" "$stamp"
    if [ -t 2 ]; then printf '\r%s ... done in %d s\n' "$line" "$seconds" >&2
    else printf '%s done in %d s\n' "$line" "$seconds" >&2; fi
}
