"""Running the command line as processes."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

# Against hanging, not a measure: a first `lachan migrate` takes 20 s of a quiet machine, minutes of a busy one.
SECONDS = 300


def lachan(installation: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lachan.site.cli", *arguments]
    return subprocess.run(
        command, env=installation, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def start(installation: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "lachan.site.cli", *arguments]
    # What a script runs in the background ignores Ctrl-C, and so would its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(
        command, env=installation, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def status_of(url: str, process: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.1)
    return 0


def stop(process: subprocess.Popen[str]) -> int:
    process.terminate()
    process.communicate(timeout=SECONDS)
    return process.returncode
