#!/bin/bash
# manual_test.sh PAGE [PROGRAM]: the page is well made and names every command that the program has.
set -euo pipefail
. "$(dirname "$0")/check.sh"

check 'the page does not format' groff -mandoc -ww -z -Kutf8 -b "$1"
[ ! -s "$scratch/said" ] || { complain 'groff has warnings'; cat "$scratch/said"; }
check 'man does not show it' man --warnings -E UTF-8 -l "$1"
documented=$(sed -nE 's/^\.Ss ([a-z]+).*/\1/p' "$1" | sort -u)
[ -n "$documented" ] || complain 'the page has no command'

if [ -n "${2:-}" ]; then
    # The list below "Subcommands:" in the help of the program.
    known=$("$2" --help | sed -n '/^Subcommands:/,$p' | sed -nE 's/^  ([a-z]+).*/\1/p' | sort -u)
    for command in $(comm -3 <(echo "$documented") <(echo "$known")); do
        complain "$command is in the manual or in the program, but not in both"
    done
fi
finish
