"""cliff's own classes as commands: what was written for cliff need not be written again."""

from __future__ import annotations

import argparse
import functools
import types
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import cliff.command
import cliff.display
import cliff.show

from ampctl.bases.choosing import check_names
from ampctl.bases.hosted import Hosted, add_late
from ampctl.bases.printing import make_screen
from ampctl.discovery.builtin import LIST_FORMATTERS
from ampctl.discovery.formats import FormatOptions, Formatters
from ampctl.errors import PluginError
from ampctl.output.merging import add_where_free
from ampctl.output.options import add_format_options
from ampctl.settings.options import add_global_options

if TYPE_CHECKING:
    from cliff.formatters.base import ListFormatter

    class Under(Hosted, cliff.display.DisplayCommandBase[ListFormatter]):
        """What there is when it is laid over a class."""

        _formatter_plugins: Formatters

else:
    Under = object

_JSON = "ampctl:json"
_KEPT = ("__module__", "__qualname__", "__doc__")
_OF_OUR_BASES = frozenset(
    ("client", "console", "for_each", "note_failure", "registry", "runtime", "settings")
)


def adapt(command_class: Any, owner: str) -> type[Hosted]:
    """Return the class to make a command of: ours as it is, cliff's with what it lacks.

    Args:
        command_class: what an entry point names.
        owner: the distribution that brings it.

    Raises:
        PluginError: it is not a command.
    """
    if not (isinstance(command_class, type) and issubclass(command_class, cliff.command.Command)):
        name = getattr(command_class, "__qualname__", repr(command_class))
        raise PluginError(
            f"{owner} can't be used: {name} is not an ampctl.plugin.Command, and none of cliff's"
        )
    if issubclass(command_class, Hosted):
        return command_class
    is_display = issubclass(command_class, cliff.display.DisplayCommandBase)
    laid_over = _OverDisplay if is_display else _Over
    body = {name: getattr(command_class, name) for name in _KEPT} | {"ampctl_owner": owner}
    bases = (laid_over, command_class, _Beneath)
    return types.new_class(command_class.__name__, bases, exec_body=lambda made: made.update(body))


class _Beneath(Hosted):
    """Put under a class that derives from cliff's bases alone."""

    def __getattr__(self, name: str) -> Any:
        if name in _OF_OUR_BASES:
            raise AttributeError(
                f"{type(self).__name__} derives from cliff's bases, and {name!r} comes with "
                "those of ampctl.plugin"
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")


class _Over(Under):
    """Laid over such a class: it has no method but those that it passes on."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return its parser with those global options that are not options of its own."""
        parser = super().get_parser(prog_name)
        add_where_free(parser, functools.partial(add_global_options, hidden=True))
        return parser


class _OverDisplay(_Over):
    """Laid over a class that answers with data, so that ampctl's formats print it."""

    def _load_formatter_plugins(self) -> Formatters:
        registry = self.app.registry
        # A class may be both, and then the first of the two decides what is printed.
        is_list = self.formatter_namespace == LIST_FORMATTERS
        is_one = isinstance(self, cliff.show.ShowOne) and not is_list
        return registry.one_formatters if is_one else registry.list_formatters

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return its parser with the options of our formats."""
        parser = super().get_parser(prog_name)
        environ = self.app.session.runtime.environ
        add_where_free(parser, functools.partial(_add_output_options, environ=environ))
        add_late(parser, FormatOptions(self._formatter_plugins, self.formatter_default))
        return parser

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Run it as cliff does, when it is known that its answer can be written."""
        self.app.stdout.flush()
        if vars(parsed_args).get(_JSON):
            parsed_args.formatter, parsed_args.noindent = "json", True
        formatter: Any = self._formatter_plugins[parsed_args.formatter].obj
        console, environ = self.app.session.console, self.app.session.runtime.environ
        screen = make_screen((), environ, has_color=console.paints_output)
        if hasattr(formatter, "screen"):
            formatter.screen = screen
        code = super().run(parsed_args)
        for remark in screen.remarks:
            console.remark(remark)
        return code

    def _generate_columns_and_selector(
        self, parsed_args: argparse.Namespace, column_names: Sequence[str]
    ) -> tuple[list[str], list[bool] | None]:
        try:
            return super()._generate_columns_and_selector(parsed_args, column_names)
        except ValueError:
            # cliff refuses if there is none of the columns.
            check_names(parsed_args.columns, column_names)
            raise


def _add_output_options(parser: argparse.ArgumentParser, environ: Mapping[str, str]) -> None:
    group = parser.add_argument_group("output")
    group.add_argument("--json", action="store_true", dest=_JSON, help="print JSON on one line")
    add_format_options(group, environ)
