#!/bin/sh
# Makes sure that a Chromium is there for the browser tests. $1: the Python of the virtual environment.
if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Cài Chromium qua apt để chạy kiểm thử trình duyệt…"
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
        exit 0
    fi
fi
if "$1" -m playwright install chromium; then
    exit 0
fi
echo "Không có Chromium và không tự cài được. Hãy cài gói chromium (sudo apt install chromium) rồi chạy lại make test." >&2
exit 1
