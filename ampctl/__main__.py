"""``python -m ampctl``."""

import sys

from ampctl.entry import run

if __name__ == "__main__":
    sys.exit(run())
