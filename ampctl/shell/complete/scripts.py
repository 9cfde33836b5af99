"""The script for each shell, and where the shell looks for it when it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ampctl.errors import OutputError

_HERE = Path(__file__).parent


class Script(NamedTuple):
    """What teaches a shell to complete.

    Attributes:
        name: of the file with it.
        base: the variable that holds the folder which the user's files are in.
        usual_base: that folder below the home folder, where the variable isn't set.
        folder: where the shell looks below it.
        advice: what else a person has to do, with the folder in braces.
    """

    name: str
    base: str
    usual_base: str
    folder: str
    advice: str = ""

    @property
    def text(self) -> str:
        """The script."""
        return (_HERE / self.name).read_text(encoding="utf-8")

    def find_place(self, environ: Mapping[str, str]) -> Path:
        """Return the file that the shell reads when ampctl is completed for the first time."""
        base = environ.get(self.base) or f"{environ.get('HOME', '~')}/{self.usual_base}"
        return Path(base).expanduser() / self.folder / self.name.removesuffix(".bash")

    def install(self, environ: Mapping[str, str]) -> tuple[Path, bool]:
        """Write the script where the shell finds it; return the file and whether it was changed.

        Raises:
            OutputError: it can't be written.
        """
        place = self.find_place(environ)
        try:
            if place.is_file() and place.read_text(encoding="utf-8") == self.text:
                return place, False
            place.parent.mkdir(parents=True, exist_ok=True)
            # A shell that starts meanwhile must not read half of it.
            new = place.with_name(f".{place.name}.new")
            new.write_text(self.text, encoding="utf-8")
            new.replace(place)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise OutputError(f"can't write {place}: {reason}") from error
        return place, True


SCRIPTS = {
    "bash": Script("ampctl.bash", "XDG_DATA_HOME", ".local/share", "bash-completion/completions"),
    "zsh": Script(
        "_ampctl",
        "XDG_DATA_HOME",
        ".local/share",
        "zsh/site-functions",
        "put this before compinit in ~/.zshrc, once: fpath=({folder} $fpath)",
    ),
    "fish": Script("ampctl.fish", "XDG_CONFIG_HOME", ".config", "fish/completions"),
}
