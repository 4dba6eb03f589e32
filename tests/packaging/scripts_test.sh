#!/bin/bash
# scripts_test.sh SOURCE: the commands of the house say what they do, and refuse what is wrong.
set -euo pipefail
. "$(dirname "$0")/check.sh"
cd "$1"

for script in script/setup script/run script/test script/tidy script/fuzz script/mutants .ci/run \
    systemd/backup; do
    [ -x "$script" ] || complain "$script is not executable"
    [ "$(head -c 2 "$script")" = '#!' ] || complain "$script names no interpreter"
done
for script in script/setup script/run script/test script/fuzz .ci/run systemd/backup \
    tests/packaging/*.sh; do
    check "$script is no shell script" bash -n "$script"
done
for script in setup run test fuzz mutants; do
    "script/$script" --help | grep -q "script/$script" || complain "script/$script --help"
done
! script/setup nonsense 2>/dev/null || complain 'script/setup takes any word'
! script/test --only 2>/dev/null || complain 'script/test --only takes no preset'
! script/fuzz --seconds soon 2>/dev/null || complain 'script/fuzz takes any time'
! script/fuzz nonsense 2>/dev/null || complain 'script/fuzz takes any target'
! script/mutants --only nonsense 2>/dev/null || complain 'script/mutants takes any name'

# Each package once, and in the order that lets one see it.
packages=$(grep -E '^[a-z0-9]' script/packages.txt)
[ "$(echo "$packages" | sort | uniq -d)" = '' ] || complain 'a package is named twice'
finish
