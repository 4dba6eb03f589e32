#!/bin/bash
# fresh_debian.sh [COMMAND…]: tries the project on a Debian 12 with git and nothing else.
#
# Not part of ctest: it wants root, debootstrap and a quarter of an hour. It clones the last commit
# into an empty system in a scratch folder and runs COMMAND there; without one, it sets up,
# configures and builds the core. apt's sources and npm's settings are this machine's. Nothing is
# left behind: the mounts live in a namespace of their own.
set -euo pipefail
source=$(cd "$(dirname "$0")/../.." && pwd)

if [ "${1:-}" != --inside ]; then
    folder=$(mktemp -d)
    trap 'rm -rf --one-file-system "$folder"' EXIT
    unshare --mount --propagation private "$0" --inside "$folder" "$@"
    exit
fi

folder=$2
shift 2
[ $# -gt 0 ] || set -- \
    'script/setup build && cmake --preset dev && cmake --build --preset dev --target workflows'

debootstrap --variant=minbase bookworm "$folder" >"$folder.log" ||
    { cat "$folder.log" >&2; exit 1; }
rm -f "$folder.log" "$folder/etc/apt/sources.list"
cp /etc/apt/sources.list.d/debian.sources "$folder/etc/apt/sources.list.d/" ||
    cp /etc/apt/sources.list "$folder/etc/apt/"
cp /etc/resolv.conf /etc/hosts "$folder/etc/"
mount -t proc proc "$folder/proc"
mount --bind /dev "$folder/dev"

inside() {
    chroot "$folder" env -i HOME=/root \
        NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:+/etc/trial.crt}" \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -c "$1"
}

if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
    cp "$NODE_EXTRA_CA_CERTS" "$folder/etc/trial.crt"
    echo 'cafile=/etc/trial.crt' >"$folder/root/.npmrc"
fi
inside 'apt-get update -qq && apt-get install -y -qq --no-install-recommends git' >/dev/null 2>&1
git clone -q "$source" "$folder/srv/fristvakt"
for command in "$@"; do
    echo "== $command"
    inside "cd /srv/fristvakt && $command"
done
