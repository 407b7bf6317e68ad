# Sourced by ./mvnw and ./muster: sets JAVA_HOME to a JDK of at least version 25, whatever the default java is.
# Where none is found it says what to install and returns 1.

# Prints the feature version of the JDK in directory $1, read from its release file: no JVM is started.
_jdk_version() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" | head -n 1
}

_jdk_fits() {
    _jdk_found=$(_jdk_version "$1") || return 1
    [ "${_jdk_found:-0}" -ge "$_jdk_needed" ]
}

# Prints the first directory that holds a JDK that fits: what the user set, then the default java, then the usual places.
_jdk_search() {
    _jdk_default=
    if command -v javac >/dev/null 2>&1; then
        _jdk_default=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    fi
    for _jdk_dir in "${JAVA_HOME:-}" "${JAVA_HOME_25:-}" "${JAVA_HOME_25_X64:-}" "$_jdk_default" \
        /usr/lib/jvm/* /usr/lib/jvm/*/Contents/Home /usr/java/* /opt/*jdk* /opt/java/* \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
        "$HOME"/.asdf/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$_jdk_dir" ] && _jdk_fits "$_jdk_dir"; then
            printf '%s\n' "$_jdk_dir"
            return 0
        fi
    done
    return 1
}

_jdk_needed=25
if _jdk_home=$(_jdk_search); then
    JAVA_HOME=$_jdk_home
    export JAVA_HOME
else
    cat >&2 <<EOF
No JDK $_jdk_needed or newer was found (the default java may be older; that is fine as long as one is installed beside it).
Looked at JAVA_HOME, JAVA_HOME_25, the javac on the PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks, mise and asdf.
Install one, for example "temurin-25-jdk" or "openjdk-25-jdk" from your package manager, or "sdk install java 25-tem",
or unpack a JDK anywhere and set JAVA_HOME to it; no root is needed for that.
EOF
    return 1
fi
