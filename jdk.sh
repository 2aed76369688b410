# Sourced by the scripts of this repository: find_jdk prints the home of a JDK of version 25 or newer.

jdk_version() { # the feature version of a JDK's home, or nothing
    [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
    on_path=$(command -v javac 2>/dev/null || true)
    [ -z "$on_path" ] || on_path=$(dirname -- "$(dirname -- "$(readlink -f "$on_path")")")
    for candidate in "${PERENNIAL_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" \
        /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/*jdk*; do
        [ -n "$candidate" ] || continue
        version=$(jdk_version "$candidate" || true)
        if [ -n "$version" ] && [ "$version" -ge 25 ]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    echo "no JDK 25 or newer found; install one (for example Eclipse Temurin 25) or set PERENNIAL_JAVA_HOME" >&2
    return 1
}
