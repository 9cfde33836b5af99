"""Options of other programs, and what does the same here."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

# kubectl, docker and the like have them. Of several the first one that a command has is meant.
_MEANT: Mapping[str, tuple[str, ...]] = {
    "--format": ("-o", "--output", "--template"),
    "--format value": ("--no-headers", "--no-header", "--noheaders", "--noheader", "-H"),
    "--column": ("--columns", "--fields", "--custom-columns"),
    "--limit": ("-n", "--last", "--max", "--count"),
    "--status": ("--filter", "--state", "--field-selector"),
    "--status all": ("-A", "--all-namespaces"),
    "--sort-column": ("--sort", "--sort-by", "--order-by"),
    "--sort-descending": ("--reverse", "--desc"),
    "--watch": ("--follow", "-w"),
    "--follow": ("--watch", "-w", "--tail"),
    "--max-width 0": ("--no-trunc", "--wide"),
    "--yes": ("--force", "--no-prompt", "--assume-yes", "--noconfirm"),
    "--admin-url": ("--url", "--server", "--host", "--endpoint", "--context"),
    "--auth-token": ("--token", "--login"),
    "--ca-file": ("--insecure", "-k", "--cacert", "--certificate-authority"),
    "--color never": ("--no-color", "--no-colour"),
    "--request-timeout": ("--timeout",),
}
# Of these the value decides.
_OUTPUT = re.compile(r"(-o|--output)[ =]?(name|custom-columns|wide)\b")
_MEANT_BY_OUTPUT = {"name": "-f value -c id", "custom-columns": "--column", "wide": "--max-width 0"}
# There -f takes no value: it follows, or it forces.
_IS_NO_FORMAT = re.compile(r"argument -f/--format: (expected one|'[\d-]+' is none)")


def find_known(options: Container[str], words: Sequence[str] = ()) -> dict[str, str]:
    """Return for each option of other programs what stands for it.

    Args:
        options: what the command has.
        words: what was typed, since the value of an option may decide.
    """
    known: dict[str, str] = {}
    for option, value in _OUTPUT.findall(" ".join(words)):
        if _MEANT_BY_OUTPUT[value].partition(" ")[0] in options:
            known[option] = _MEANT_BY_OUTPUT[value]
    for meant, words in _MEANT.items():
        if meant.partition(" ")[0] in options:
            for word in words:
                known.setdefault(word, meant)
    return known


def find_meant(message: str, options: Container[str]) -> list[str]:
    """Return what of ``options`` was meant by who is told ``message`` about a value of ``-f``."""
    meant = [option for option in ("--follow", "--yes") if option in options]
    return meant if _IS_NO_FORMAT.match(message) else []
