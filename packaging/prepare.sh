#!/bin/sh
# Runs prepare.py with the newest Python that ProxyCast supports; PYTHON=… chooses another one.
set -eu

prepare=$(dirname "$0")/prepare.py

# A command of that name may be there and yet not run (a version manager's shim), so each candidate is asked.
run_with_a_supported_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            exec "$candidate" "$prepare" "$@"
        fi
    done
}

# Ubuntu 22.04, whose own python3 is 3.10, offers 3.11 beside it.
newest_python_of_apt() {
    apt-cache search --names-only '^python3\.1[123]$' 2>/dev/null | cut -d ' ' -f 1 | sort -V | tail -n 1
}

run_with_a_supported_python "$@"

if [ -z "${PYTHON:-}" ] && command -v apt-get >/dev/null; then
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq
        offered=$(newest_python_of_apt)
        if [ -n "$offered" ]; then
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$offered" "$offered-venv"
            run_with_a_supported_python "$@"
        fi
    else
        offered=$(newest_python_of_apt)
    fi
fi

echo "ProxyCast needs Python 3.11 or newer, and none was found. Please install it, then try again." >&2
echo "ProxyCast 需要 Python 3.11 或更高版本，但没有找到。请安装后重试。" >&2
if [ -n "${offered:-}" ]; then
    echo "    sudo apt-get install -y $offered $offered-venv" >&2
fi
exit 1
