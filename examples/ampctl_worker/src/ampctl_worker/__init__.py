"""The worker commands of ampctl."""

from ampctl.plugin import CommandGroup

group = CommandGroup(summary="Show worker nodes", api="1")
