#!/usr/bin/env bash
# The tests with the oldest and with the newest TensorFlow and Keras that
# setup.cfg allows, on the oldest and on the newest Python: `make test-versions`.
#
#   benchmarks/versions.sh [TESTS ...]      the whole suite where none is named
#
# PYTHONS names the interpreters. uv (`pip install uv`) finds or fetches them and
# installs; what it cannot install is told, and is no failure of the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHONS=${PYTHONS:-"3.10 3.13"}
command -v uv >/dev/null || { echo "pip install uv, please" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TF_CPP_MIN_LOG_LEVEL=2 PYTHONDONTWRITEBYTECODE=1

# One of pyenv's is found, too.
python_of() {
  for place in "$HOME"/.pyenv/versions/"$1".*/bin/python; do
    if [ -x "$place" ]; then echo "$place"; return; fi
  done
  echo "$1"
}

# The lower end of a range in setup.cfg
lowest() { sed -n "s/^    $1>=\([0-9.]*\).*/\1/p" setup.cfg | head -n 1; }

failed=0
tests=("${@:-tests}")
try() {  # PYTHON NAME REQUIREMENT ...
  local python=$1 name=$2; shift 2
  local venv="$folder/$name"
  if ! { uv venv --quiet --seed --python "$python" "$venv" \
      && uv pip install --quiet --python "$venv/bin/python" "$@" ".[test]"
    } 2>"$folder/uv.log"; then
    echo "$name: cannot be installed: $(head -n 1 "$folder/uv.log")"
    return
  fi
  echo "$name: $(uv pip list --quiet --python "$venv/bin/python" \
    | awk '/^(keras|tensorflow|numpy) /{printf "%s %s  ", $1, $2}')"
  "$venv/bin/python" -m pytest -q -p no:cacheprovider "${tests[@]}" \
    || { failed=1; echo "$name: failed"; }
}

for version in $PYTHONS; do
  python=$(python_of "$version")
  try "$python" "$version-oldest" \
    "tensorflow==$(lowest tensorflow).*" "keras==$(lowest keras).*"
  # named first, so that no newer library keeps an older one of these
  try "$python" "$version-newest" --upgrade tensorflow keras
done
exit "$failed"
