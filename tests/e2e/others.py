"""A plugin of someone else, with many commands and with completers as bad as they can be."""

from __future__ import annotations

from pathlib import Path

_COMMANDS = 200
# A plugin whose import leaves a trace, and whose completers are as bad as they can be.
_PLUGIN = '''
import os
import threading
from pathlib import Path
from ampctl.plugin import Candidate, Command, CommandGroup, completes

group = CommandGroup(summary="Things of others", api="1")
Path(__file__).with_name("imported").touch()


def fail(query):
    raise RuntimeError("broken")


def leave(query):
    raise SystemExit(5)


def speak(query):
    print("seen?")
    os.system("echo seen?; echo seen? >&2")
    return [Candidate("value")]


def tell(query):
    print("seen?")
    return [Candidate("value")]


def name(query):
    return [Candidate("space/"), Candidate("a:bc"), Candidate("two words $x")]


def hang(query):
    threading.Event().wait()


class Ask(Command):
    """Ask in vain."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        for source in (fail, leave, speak, tell, name, hang):
            completes(parser.add_argument(f"--{source.__name__}"), source)
        return parser

    def take_action(self, parsed_args):
        pass
'''


_DOCSTRING = '"""Ask in another way."""'
# No test has a reason to import this one.
_UNTRIED = '''
from pathlib import Path
from ampctl.plugin import Command, CommandGroup

group = CommandGroup(summary="Things that no one tries", api="1")
Path(__file__).with_name("untried-imported").touch()


class Begin(Command):
    """Begin something."""
'''


def install_others(folder: Path) -> Path:
    """Install the plugin in a folder of its own, and return its package.

    The package has a file ``imported`` once it has been imported; beside it there is
    ``untried-imported`` once its other group has been.
    """
    info, package = folder / "others-1.0.dist-info", folder / "others"
    info.mkdir()
    package.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
    more = "".join(f"ask-{number} = others:Ask{number}\n" for number in range(_COMMANDS))
    (info / "entry_points.txt").write_text(
        "[ampctl.groups]\nothers = others:group\nuntried = untried:group\n"
        f"[ampctl.untried]\nbegin = untried:Begin\n[ampctl.others]\nquery = others:Ask\n{more}"
    )
    (folder / "untried.py").write_text(_UNTRIED)
    classes = (f"\n\nclass Ask{number}(Ask):\n    {_DOCSTRING}\n" for number in range(_COMMANDS))
    (package / "__init__.py").write_text("".join([_PLUGIN, *classes]))
    return package
