"""Options of other programs, and what does the same here."""

from __future__ import annotations

from collections.abc import Container, Mapping

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
    "--admin-url": ("--url", "--server", "--host", "--endpoint"),
    "--auth-token": ("--token", "--login"),
    "--ca-file": ("--insecure", "-k", "--cacert", "--certificate-authority"),
    "--color never": ("--no-color", "--no-colour"),
    "--request-timeout": ("--timeout",),
}


def find_known(options: Container[str]) -> dict[str, str]:
    """Return for each option of other programs what stands for it among ``options``."""
    known: dict[str, str] = {}
    for meant, words in _MEANT.items():
        if meant.partition(" ")[0] in options:
            for word in words:
                known.setdefault(word, meant)
    return known
