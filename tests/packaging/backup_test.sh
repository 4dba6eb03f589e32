#!/bin/bash
# backup_test.sh SCRIPT: how many copies it keeps, and that half a copy never takes a copy's name.
set -euo pipefail
. "$(dirname "$0")/check.sh"
target=$scratch/backups
mkdir "$target"

# Stands where the program stands: writes a copy, or dies in the middle of one.
cat >"$scratch/program" <<'END'
#!/bin/sh
echo "$*" >"${0%/*}/asked"
echo whole >"$5"
[ ! -e "${0%/*}/broken" ]
END
chmod +x "$scratch/program"

for day in $(seq -w 1 20); do
    touch "$target/fristvakt-2021-01-${day}T023000Z.db"
done
touch "$target/somebody-elses.db"
check 'a backup' "$1" "$scratch/program" /state "$target" 14
[[ "$(cat "$scratch/asked")" == "db backup --state /state $target/fristvakt-"*.part ]] ||
    complain "the program was asked: $(cat "$scratch/asked")"
[ "$(find "$target" -name 'fristvakt-*.db' | wc -l)" -eq 14 ] || complain 'not 14 copies are kept'
[ ! -e "$target/fristvakt-2021-01-07T023000Z.db" ] || complain 'an old copy is still there'
[ -e "$target/fristvakt-2021-01-08T023000Z.db" ] || complain 'a copy went that should be kept'
[ -e "$target/somebody-elses.db" ] || complain 'a file of somebody else was removed'

touch "$scratch/broken"
before=$(ls "$target")
! "$1" "$scratch/program" /state "$target" 14 || complain 'a failed backup counts as done'
[ "$(ls "$target")" = "$before" ] || complain 'a failed backup left something or removed something'
finish
