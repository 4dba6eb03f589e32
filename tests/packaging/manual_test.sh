#!/bin/bash
# manual_test.sh PAGE [PROGRAM]: the page is well made and names every command and every option that
# the program has, and no other.
set -euo pipefail
. "$(dirname "$0")/check.sh"

check 'the page does not format' groff -mandoc -ww -z -Kutf8 -b "$1"
[ ! -s "$scratch/said" ] || { complain 'groff has warnings'; cat "$scratch/said"; }
check 'man does not show it' man --warnings -E UTF-8 -l "$1"
documented=$(sed -nE 's/^\.Ss ([a-z-]+).*/\1/p' "$1" | sort -u)
[ -n "$documented" ] || complain 'the page has no command'

if [ -n "${2:-}" ]; then
    # The list below "Subcommands:" in the help of the program.
    known=$("$2" --help | sed -n '/^Subcommands:/,$p' | sed -nE 's/^  ([a-z-]+).*/\1/p' | sort -u)
    for command in $(comm -3 <(echo "$documented") <(echo "$known")); do
        complain "$command is in the manual or in the program, but not in both"
    done

    # Of each command what stands between it and the next, against its help and that of the commands
    # below it. --json and --help are said once, for all of them.
    options_in() { grep -oE -- '--[a-z][a-z-]+' | grep -vxE -- '--(json|help)' | sort -u || true; }
    for command in $known; do
        help=$("$2" "$command" --help)
        for below in $(echo "$help" | sed -n '/^Subcommands:/,$p' |
            sed -nE 's/^  ([a-z]+).*/\1/p'); do
            help+=$("$2" "$command" "$below" --help | sed 's/^Example:.*//')
        done
        offered=$(echo "$help" | sed 's/^Example:.*//' | options_in)
        section=$(sed -nE "/^\.Ss $command( |\$)/,/^\.S[sh] /p" "$1" | sed '1d;$d')
        told=$(echo "$section" | grep -v '^\.Dl' | sed -E 's/Fl Fl /--/g' | options_in)
        for option in $(comm -3 <(echo "$told") <(echo "$offered")); do
            complain "$command $option is in the manual or in the program, but not in both"
        done
    done
fi
finish
