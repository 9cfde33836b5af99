"""The worker commands of ampctl, and the client of the worker endpoints behind them."""

from ampctl.plugin import CommandGroup

__version__ = "0.2.0"

group = CommandGroup(
    summary="Show worker nodes",
    api="1",
    aliases=("workers",),
    synonyms={"list": ("nodes",), "inspect": ("show", "describe", "info", "view")},
)
