"""``python -m ampctl``."""

from ampctl.entry import run_and_end

if __name__ == "__main__":
    run_and_end()
