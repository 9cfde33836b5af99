"""Pack all distributions and what they need into one file that runs wherever a Python is.

Usage: python tools/release/pex.py FOLDER

FOLDER holds the wheels, and gets ``ampctl.pex``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Pack, and try what was packed."""
    target = folder / "ampctl.pex"
    wheels = sorted(folder.glob("*.whl"))
    # As an environment: plugins are found by what is installed in one.
    command = (sys.executable, "-m", "pex", *wheels, "--venv", "-c", "ampctl", "-o", target)
    subprocess.run(command, check=True)
    for words in (("--version",), ("job", "list", "--help"), ("plugin", "list")):
        subprocess.run([target, *words], check=True, stdout=subprocess.DEVNULL)
    print(f"Packed and tried: {target}, {target.stat().st_size / 1e6:.0f} MB.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
