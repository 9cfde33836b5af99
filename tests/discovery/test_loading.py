"""Loading through stevedore."""

from __future__ import annotations

import pathlib

import pytest
from stevedore.extension import Extension

from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.loading import load_extension, load_object
from ampctl.errors import PluginError, Terminated


def test_an_extension_is_stevedores_with_what_its_entry_point_names() -> None:
    extension = load_extension(EntryPoint("home", "pathlib:Path.home", "ampctl.x"))

    assert isinstance(extension, Extension)
    assert (extension.name, extension.module_name, extension.attr) == (
        "home",
        "pathlib",
        "Path.home",
    )
    assert extension.plugin == pathlib.Path.home


def test_what_a_plugin_prints_at_import_is_not_output(
    plugins, capfd: pytest.CaptureFixture[str]
) -> None:
    plugins("amp-loud", "", loud_plugin="print('hello')\nRun = 5\n")

    assert load_object(EntryPoint("run", "loud_plugin:Run", "ampctl.loud")) == 5
    assert capfd.readouterr() == ("", "hello\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("assert False, 'sums'", "AssertionError: sums"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
        ("", "AttributeError"),
    ],
)
def test_every_failure_is_one_error_that_names_the_plugin_and_its_cause(
    plugins, source: str, reason: str
) -> None:
    plugins("amp-bad", "", bad_plugin=source)

    with pytest.raises(PluginError, match=f"^bad_plugin can't be loaded: {reason}") as caught:
        load_object(EntryPoint("run", "bad_plugin:Run", "ampctl.bad"))
    assert type(caught.value.__cause__).__name__ == reason.partition(":")[0]


@pytest.mark.parametrize("error", [KeyboardInterrupt, Terminated])
def test_a_request_to_stop_is_not_a_failure_of_the_plugin(
    plugins, error: type[BaseException]
) -> None:
    source = f"from ampctl.errors import Terminated\nraise {error.__name__}"
    plugins("amp-slow", "", slow_plugin=source)

    with pytest.raises(error):
        load_object(EntryPoint("run", "slow_plugin:Run", "ampctl.slow"))
