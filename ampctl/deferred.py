"""What libraries do at import in every run, and hardly any run needs: done when it is needed.

Modules are loaded by the first use of a name in them; they would take a third of the time of
``ampctl --help``. Large patterns are compiled by their first use. Only the console script
defers them, so that a program that uses ampctl keeps its imports as they are.
"""

from __future__ import annotations

import builtins
import collections
import contextlib
import importlib
import re
import sys
import threading
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType, SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

DEFERRED = (
    "asyncio.sslproto",  # servers and clients of asyncio, of which the prompt has none
    "charset_normalizer",  # requests guesses encodings with it, and JSON is in UTF-8
    "csv",  # importlib.metadata reads lists of files with it
    "idna",  # hosts whose names are not ASCII
    "importlib.metadata._adapters",  # the e-mail parser, for METADATA of distributions
    "inspect",  # dataclasses without a docstring, cliff's own commands
    "ipaddress",  # addresses in brackets; urllib.parse checks them
    "logging.handlers",  # cliff's own log file
    "shutil",  # tempfile and zipfile
    "ssl",  # asyncio, for the same; a request uses it at once
    "stevedore._cache",  # stevedore's own listing of entry points
    "subprocess",  # the pager of autopage
    "tokenize",  # inspect and linecache, for sources
    "traceback",  # logging, for a record of an exception
    "xml.dom.minidom",  # prompt_toolkit reads markup with it
    "zipfile",  # metadata and certificates in zip files
)
HAVE_SLOW_PATTERNS = (
    "gettext",  # plural forms of languages
    "http.cookiejar",  # dates of cookies
    "http.cookies",  # what servers set
    "logging",  # formats that are checked
    "marshmallow.validate",  # e-mail addresses: nearly as long as importing requests
    "wcwidth.escape_sequences",  # texts of terminals that are cut or wrapped by it
)
# Reentrant, since a module that is being loaded may look for names that it does not have yet.
_LOCKS: dict[str, Any] = collections.defaultdict(threading.RLock)


class _Deferred(ModuleType):
    """A module that was found and not loaded. Its first use makes it an ordinary one."""

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            # requests asks for this one at once; in a package it may be in a module of its own.
            with contextlib.suppress(ImportError):
                return importlib.import_module(f"{self.__name__}.version").__version__
        self._load()
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # What is assigned must outlive loading. The import of a submodule assigns it as well.
        if not (name.startswith("__") or isinstance(value, ModuleType)):
            self._load()
        ModuleType.__setattr__(self, name, value)

    def _load(self) -> None:
        with _LOCKS[self.__name__]:
            if type(self) is _Deferred:
                # Found without this module's finder, and executed in the same module.
                importlib.reload(self)
                self.__class__ = ModuleType  # type: ignore[assignment]  # it is one


class _DeferringLoader(LazyLoader):
    """Loads a module when a name in it is used, once for all threads.

    Those of its base are, in some releases of Python, loaded by the second import already, and
    seen by other threads before they are complete.
    """

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        module.__class__ = _Deferred


class _PatternLoader(LazyLoader):
    """Loads a module at once, with a :mod:`re` of its own that compiles nothing yet."""

    loader: Any

    def exec_module(self, module: ModuleType) -> None:
        # The base gives the module its own loader, and makes it wait, which is not wanted here.
        super().exec_module(module)
        module.__class__ = ModuleType
        late = SimpleNamespace(**{**vars(re), "compile": _Pattern})

        def import_module(name: str, *arguments: Any) -> Any:
            return late if name == "re" else builtins.__import__(name, *arguments)

        own = {**vars(builtins), "__import__": import_module}
        vars(module)["__builtins__"] = own
        self.loader.exec_module(module)
        own["__import__"] = builtins.__import__
        vars(module)["re"] = re


class _Pattern:
    """A regular expression that is compiled by its first use."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        # A class with an abstract base asks all that it holds for such a name.
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(re.compile(*self._arguments), name)


_LOADERS = {
    **dict.fromkeys(DEFERRED, _DeferringLoader),
    **dict.fromkeys(HAVE_SLOW_PATTERNS, _PatternLoader),
}


class _Finder:
    """Finds modules where all are found, and chooses how some of them are loaded."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # What is loaded again is given as the target.
        if target is not None or name not in _LOADERS:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _LOADERS[name](spec.loader)
        return spec


def defer_modules() -> None:
    """Defer the modules that were not imported before, from now on."""
    sys.meta_path.insert(0, _Finder)
