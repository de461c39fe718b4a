# Sourced by the scripts beside it: finds Python, makes .venv, installs a lock once for each content of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

die() { printf '%s\n' "$*" >&2; exit 1; }

find_python() {  # the first Python that is new enough and can make environments
  local name found=""
  for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    found=${found:-$name}
    if "$name" -c 'import ensurepip, venv' 2>/dev/null; then printf '%s' "$name"; return; fi
  done
  [ -n "$found" ] || die "Python 3.11 or newer is needed and was not found; on Debian: apt-get install python3 python3-venv"
  die "$found lacks the venv module; on Debian: apt-get install $("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
}

progress() {  # one line that counts, as long as the script that started it lives
  while sleep 0.5 && kill -0 $$ 2>/dev/null; do
    printf '\r  %s packages fetched ' "$(grep -c '^Collecting ' .venv/install.log)" >&2
  done
}

quietly() {  # pip with one line of progress instead of hundreds; the end of its words when it fails
  local watcher="" failed=0
  : > .venv/install.log
  if [ -t 2 ]; then progress & watcher=$!; fi
  .venv/bin/python -m pip install --progress-bar off "$@" >> .venv/install.log 2>&1 || failed=1
  if [ -n "$watcher" ]; then kill "$watcher" 2>/dev/null || true; printf '\r\033[K' >&2; fi
  if [ $failed = 1 ]; then tail -n 5 .venv/install.log >&2; die "The installation failed; all it said is in $PWD/.venv/install.log"; fi
}

prepare() {  # prepare LOCK: afterwards .venv holds what the lock names, and this package
  local lock=$1 stamp want base
  stamp=.venv/${lock//\//-}.stamp
  want="$(cksum < "$lock") $PWD"
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then return; fi
  [ -w . ] || die "This folder cannot be written to: $PWD"
  base=$(find_python)
  printf 'Installing the %s packages of %s, once; it takes a minute or two ...\n' "$(grep -c '==' "$lock")" "$lock" >&2
  if [ ! -x .venv/bin/python ] || [ ! -e .venv/made ]; then
    "$base" -m venv --clear .venv && touch .venv/made
  fi
  quietly --require-hashes -r "$lock"
  quietly --no-deps --no-build-isolation -e .
  printf '%s' "$want" > "$stamp"
}
