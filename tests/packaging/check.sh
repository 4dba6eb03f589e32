# Sourced by the tests of this folder: a scratch folder that goes away, and a way to complain.
# shellcheck shell=bash
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
complaints=0

complain() {
    printf 'FAILED: %s\n' "$*"
    complaints=$((complaints + 1))
}

# check WHAT COMMAND…: the command must succeed; what it prints is shown if it does not.
check() {
    local what=$1
    shift
    "$@" >"$scratch/said" 2>&1 || { complain "$what"; cat "$scratch/said"; }
}

finish() {
    [ "$complaints" -eq 0 ]
}
