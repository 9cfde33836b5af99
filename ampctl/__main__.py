"""``python -m ampctl``."""

import sys

if __name__ == "__main__":
    # Python looks for modules in the current folder first, where anyone may have put a json.py.
    if not sys.flags.safe_path:
        del sys.path[0]
    from ampctl.entry import run_and_end

    run_and_end()
