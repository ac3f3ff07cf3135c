# Sourced by the scripts beside it, from the repository's root: installs what they need, starts a Plenum of their own with
# an embedded database in a folder of its own, and ends everything that was started, whatever happens.

# Debian packages; nothing is installed where all are there already.
debian() {
  missing=""
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 -- one word per package
  { $sudo apt-get update -qq && $sudo apt-get install -y -qq --no-install-recommends $missing; } >/tmp/interop-apt.log 2>&1 || {
    echo "$0: cannot install:$missing (see /tmp/interop-apt.log)" >&2
    exit 1
  }
}

D=$(mktemp -d)
PORT=${PORT:-4780}
IDP_PORT=${IDP_PORT:-4781}
export PORT PLENUM_DATA_DIR="$D/plenum" PLENUM_DEMO=false LOG_LEVEL=warn
ORIGIN=http://localhost:$PORT
pids=""

end() {
  # Plenum is ended first and waited for: its embedded database stops with it.
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  for pid in $pids; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$D"
}
trap end EXIT
trap 'exit 130' INT TERM

# Waits for an address; shows a log where it stays away.
await() {
  for _ in $(seq 1 300); do
    curl -fsS "$1" >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  cat "$2" >&2
  exit 1
}

start_plenum() {
  npm run --silent build
  node dist/services/main.js >"$D/plenum.log" 2>&1 &
  pids="$!"
  await "$ORIGIN/readyz" "$D/plenum.log"
  plenum org create --name "Acme" --slug acme --owner-email owner@acme.test --plan teams --seats 50 >/dev/null
}

plenum() { node dist/services/cli/main.js --json "$@" 2>>"$D/cli.log"; }
field() { node -pe "JSON.parse(require('node:fs').readFileSync(0,'utf8'))['$1']"; }
