#!/usr/bin/env bash
# The tests with the oldest and with the newest TensorFlow and Keras that
# setup.cfg allows, on the oldest and on the newest Python: `make test-versions`.
#
#   benchmarks/versions.sh [TESTS ...]      the whole suite where none is named
#
# PYTHONS names the interpreters; uv fetches one that is not here, where it can.
# A version that cannot be installed is told, and is no failure of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHONS=${PYTHONS:-"3.10 3.13"}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TF_CPP_MIN_LOG_LEVEL=2 PYTHONDONTWRITEBYTECODE=1

find_python() {
  for place in "$(command -v "python$1")" "$HOME"/.pyenv/versions/"$1".*/bin/python; do
    if [ -x "$place" ] && "$place" -c 'import venv' 2>/dev/null; then
      echo "$place"; return
    fi
  done
  uv python find "$1" 2>/dev/null || { uv python install --quiet "$1" \
    && uv python find "$1"; } 2>/dev/null
}

# The lower ends of the ranges in setup.cfg, for the two that matter most.
lowest() { sed -n "s/^    $1>=\([0-9.]*\).*/\1/p" setup.cfg | head -n 1; }

failed=0
try() {  # PYTHON NAME REQUIREMENT ...
  local python=$1 name=$2; shift 2
  local venv="$folder/$name"
  "$python" -m venv "$venv"
  if ! "$venv/bin/pip" install --quiet --disable-pip-version-check "$@" \
      ".[test]" >"$folder/pip.log" 2>&1; then
    echo "$name: cannot be installed: $(grep -m 1 -i error "$folder/pip.log")"
    return
  fi
  echo "$name: $("$venv/bin/pip" list 2>/dev/null \
    | awk '/^(keras|tensorflow|numpy) /{printf "%s %s  ", $1, $2}')"
  "$venv/bin/python" -m pytest -q -p no:cacheprovider "${tests[@]}" \
    || { failed=1; echo "$name: failed"; }
}

tests=("${@:-tests}")
for version in $PYTHONS; do
  python=$(find_python "$version" || true)
  if [ -z "$python" ]; then
    echo "python $version: not here, and no installer brings it"
    continue
  fi
  try "$python" "$version-oldest" \
    "tensorflow==$(lowest tensorflow).*" "keras==$(lowest keras).*"
  try "$python" "$version-newest" --upgrade tensorflow keras
done
exit "$failed"
