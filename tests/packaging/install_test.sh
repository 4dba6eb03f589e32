#!/bin/bash
# install_test.sh CMAKE BUILD: what `cmake --install` places, held against systemd's own tools.
set -euo pipefail
. "$(dirname "$0")/check.sh"
root=$scratch/root

check 'install' env DESTDIR="$root" "$1" --install "$2" --prefix /usr
units=$root/usr/lib/systemd/system
for file in bin/fristvakt libexec/fristvakt/backup lib/sysusers.d/fristvakt.conf \
    lib/tmpfiles.d/fristvakt.conf share/man/man1/fristvakt.1 share/doc/fristvakt/copyright \
    share/doc/fristvakt/examples/prometheus-rules.yml \
    share/doc/fristvakt/examples/config/fristvakt.yaml \
    lib/systemd/system/fristvakt.service lib/systemd/system/fristvakt-backup.service \
    lib/systemd/system/fristvakt-backup.timer; do
    [ -s "$root/usr/$file" ] || complain "/usr/$file is not installed"
done
check 'the installed program runs' "$root/usr/bin/fristvakt" --help

# Another prefix is named in the units too.
check 'install below /opt' env DESTDIR="$scratch/opt" "$1" --install "$2" --prefix /opt/fristvakt
check 'the unit follows the prefix' grep -q '^ExecStart=/opt/fristvakt/bin/fristvakt serve ' \
    "$scratch/opt/opt/fristvakt/lib/systemd/system/fristvakt.service"

# `verify` looks whether the programs are there: let it find them where they were put.
mkdir "$scratch/verify"
for unit in fristvakt.service fristvakt-backup.service fristvakt-backup.timer; do
    sed -E "s#=/usr/(bin|libexec)/#=$root/usr/\1/#" "$units/$unit" >"$scratch/verify/$unit"
done
systemd-analyze verify --man=no "$scratch"/verify/fristvakt* >"$scratch/verify.log" 2>&1 ||
    complain 'systemd-analyze verify'
! grep -F fristvakt "$scratch/verify.log" || complain 'systemd-analyze verify has complaints'
for unit in fristvakt.service fristvakt-backup.service; do
    check "$unit is exposed by more than 1.5" \
        systemd-analyze security --offline=true --threshold=15 "$units/$unit"
done

mkdir -p "$root/etc"
check 'sysusers makes the user' systemd-sysusers --root="$root" \
    "$root/usr/lib/sysusers.d/fristvakt.conf"
check 'the user is there' grep -q '^fristvakt:' "$root/etc/passwd"
if [ "$(id -u)" -eq 0 ]; then
    check 'tmpfiles makes the folders' systemd-tmpfiles --root="$root" --create \
        "$root/usr/lib/tmpfiles.d/fristvakt.conf"
    [ "$(stat -c %a "$root/var/backups/fristvakt")" = 750 ] || complain 'the backups are too open'
fi
finish
