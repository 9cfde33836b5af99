"""Modules that are loaded by their first use: they are what they would be otherwise."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from ampctl import deferred

# What a library, or a plugin, does with modules that the console script has deferred.
USES = """
import sys
from ampctl.deferred import DEFERRED, defer_modules
defer_modules()
import requests, logging.handlers, inspect, importlib.metadata, shutil, subprocess, traceback
waiting = {name for name in DEFERRED if type(sys.modules.get(name)).__name__ == "_Deferred"}
assert {"charset_normalizer", "idna", "inspect", "logging.handlers", "zipfile"} <= waiting

assert requests.Request("GET", "http://bücher.example").prepare().url == (
    "http://xn--bcher-kva.example/"
)
response = requests.Response()
response._content = "Größe und Übermut, süße Äpfel für jeden Bäcker".encode("utf-16")
assert response.text.startswith("Größe"), response.text
assert requests.utils.extract_zipped_paths(sys.argv[1] + "/a") != sys.argv[1] + "/a"
assert [one.name for one in importlib.metadata.distributions(path=[sys.argv[1]])] == ["zipped"]
assert importlib.metadata.metadata("requests")["Name"] == "requests"
assert issubclass(logging.handlers.RotatingFileHandler, logging.Handler)
assert str(inspect.signature(lambda one, *, two=2: one)) == "(one, *, two=2)"
assert "ZeroDivisionError" in subprocess.run(
    [sys.executable, "-c", "1 / 0"], capture_output=True, text=True
).stderr
try:
    import inspect.nothing
except ModuleNotFoundError as error:
    assert "ModuleNotFoundError" in traceback.format_exc()
assert type(inspect).__name__ == type(traceback).__name__ == "module"
"""


def test_libraries_find_in_deferred_modules_what_they_need(tmp_path: Path) -> None:
    import zipfile

    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a", "text")
        file.writestr("zipped-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: zipped\n")

    done = subprocess.run(
        [sys.executable, "-c", USES, str(archive)], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")


PATTERNS = """
from ampctl.deferred import defer_modules
defer_modules()
import re
compile_now = re.compile
import marshmallow
from marshmallow import ValidationError, validate

waiting = [vars(validate.Email)[name] for name in ("USER_REGEX", "DOMAIN_REGEX")]
assert not any(isinstance(pattern, re.Pattern) for pattern in waiting)
assert re.compile is compile_now and validate.re is re
assert validate.Email()("ann@example.org") == "ann@example.org"
assert validate.URL()("http://example.org/a") and validate.Regexp("a+")("aa")
for wrong in ("ann", "ann@-", "@example.org"):
    try:
        validate.Email()(wrong)
    except ValidationError:
        continue
    raise AssertionError(wrong)
from importlib.resources import files
assert "class Email" in files("marshmallow").joinpath("validate.py").read_text()
assert validate.__spec__.loader.get_source("marshmallow.validate")
"""


@pytest.mark.parametrize("before", ["", "import marshmallow.fields, requests\n"], ids=ascii)
def test_patterns_of_marshmallow_are_compiled_when_they_are_used(before: str) -> None:
    program = PATTERNS.replace("import re\n", f"{before}import re\n", 1)

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def defer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Write a module, and import it deferred."""

    def defer(source: str) -> ModuleType:
        (tmp_path / "rarely_used.py").write_text(source)
        importlib.invalidate_caches()
        return importlib.import_module("rarely_used")

    monkeypatch.setitem(deferred._LOADERS, "rarely_used", deferred._DeferringLoader)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rarely_used", raising=False)
    deferred.defer_modules()
    yield defer
    sys.modules.pop("rarely_used", None)


def test_the_first_use_loads_and_what_was_assigned_before_stays(defer) -> None:
    module = defer("one = 1\ntwo = 2\n")
    assert "one" not in vars(module)
    module.two = "assigned"

    assert (module.one, module.two) == (1, "assigned")
    assert type(module) is ModuleType
    with pytest.raises(AttributeError, match="module 'rarely_used' has no attribute 'three'"):
        _ = module.three


def test_what_is_assigned_to_a_submodule_of_it_loads_nothing(defer) -> None:
    module = defer("one = 1\n")

    module.child = ModuleType("child")

    assert "one" not in vars(module)


def test_a_module_knows_where_it_is_from_before_it_is_loaded(defer, tmp_path) -> None:
    module = defer("1 / 0\n")

    assert module.__file__ == str(tmp_path / "rarely_used.py")
    assert module.__spec__.loader.get_source("rarely_used") == "1 / 0\n"
    assert sys.modules["rarely_used"] is module


def test_a_module_that_fails_fails_again_and_can_be_mended(defer, tmp_path) -> None:
    module = defer("half = 1\nraise OSError('the disk')\n")

    for _ in range(2):
        with pytest.raises(OSError, match="the disk"):
            _ = module.whole
    (tmp_path / "rarely_used.py").write_text("whole = 'it is there, and longer than before'\n")
    assert module.whole.startswith("it is there")


def test_a_module_may_look_for_its_own_names_while_it_is_loaded(defer) -> None:
    module = defer("import rarely_used\nfound = hasattr(rarely_used, 'later')\nlater = 1\n")

    assert module.found is False
    assert module.later == 1


def test_a_thread_waits_for_a_module_that_another_one_is_loading(defer, monkeypatch) -> None:
    gates = ModuleType("gates")
    gates.entered, gates.opened = threading.Event(), threading.Event()
    monkeypatch.setitem(sys.modules, "gates", gates)
    module = defer("import gates\ngates.entered.set()\ngates.opened.wait()\nend = 'loaded'\n")
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(module.end)) for _ in range(2)]

    threads[0].start()
    gates.entered.wait()
    threads[1].start()
    # It would have failed by now if it did not wait.
    threads[1].join(0.05)
    gates.opened.set()
    for thread in threads:
        thread.join()

    assert seen == ["loaded", "loaded"]


def test_a_deferred_module_can_be_reloaded(defer, tmp_path) -> None:
    module = defer("value = 'old'\n")
    assert module.value == "old"
    (tmp_path / "rarely_used.py").write_text("value = 'newer'\n")

    assert importlib.reload(module).value == "newer"
