# Sourced by the commands beside it: finds a Python that is new enough, as $python.
# POSIX sh, because on some machines `python3` is too old to even read the rest.
bin=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=
for candidate in "$bin/../.venv/bin/python" python3 python3.13 python3.14 python3.12 python3.11 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    if found=$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null); then
        found="this machine has $found"
    else
        found="this machine has none"
    fi
    echo "Python 3.11 or newer is needed, but $found: install it (Debian or Ubuntu: apt install python3; macOS: brew install python) and run this command again." >&2
    exit 1
fi
