"""What tests of commands need: the real program, run in this process on streams of its own."""

from ampctl.testing.runner import Result, fake_runtime, invoke

__all__ = ["Result", "fake_runtime", "invoke"]
