"""Sets the version of all distributions, and of each other that they ask for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_OWN = re.compile(r'^(__version__ = )".*"$', re.MULTILINE)
# They are released together, and tried together.
_NEEDED = re.compile(r"^(    ampctl[\w-]* >= )[\d.]+", re.MULTILINE)
_SETUPS = (
    "setup.cfg",
    "ampctl_*/setup.cfg",
    "examples/*/setup.cfg",
    "ampctl/commands/plugin/template/setup.cfg.in",
)


def set_version(root: Path, version: str) -> Iterator[Path]:
    """Write ``version`` wherever it belongs below ``root``, and yield the files that changed.

    Raises:
        ValueError: it is not three numbers.
    """
    if _VERSION.fullmatch(version) is None:
        raise ValueError(f"{version!r} is not a version like 1.2.3")
    modules = [root / "ampctl" / "__init__.py", *root.glob("ampctl_*/src/*/__init__.py")]
    setups = [path for pattern in _SETUPS for path in root.glob(pattern)]
    for path in sorted({*modules, *setups}):
        text = path.read_text(encoding="utf-8")
        new = _NEEDED.sub(rf"\g<1>{version}", _OWN.sub(rf'\1"{version}"', text))
        if new != text:
            path.write_text(new, encoding="utf-8")
            yield path


if __name__ == "__main__":
    for changed in set_version(ROOT, sys.argv[1]):
        print(changed.relative_to(ROOT))
