"""The worker commands of ampctl."""

from ampctl.groups import CommandGroup

group = CommandGroup(summary="Show worker nodes", api="1")
