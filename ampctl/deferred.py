"""What libraries do at import in every run, and hardly any run needs: done when it is needed.

Modules are loaded by the first use of a name in them, while other threads wait: they would take a
third of the time of ``ampctl --help``. Patterns of marshmallow are compiled by their first use.
Only the console script defers them, so that a program that uses ampctl keeps its imports as they
are. A deferred module or pattern is otherwise as it would be.
"""

from __future__ import annotations

import builtins
import re
import sys
import threading
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType, SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

DEFERRED = frozenset(
    {
        "charset_normalizer",  # requests guesses encodings with it, and JSON is in UTF-8
        "csv",  # importlib.metadata reads lists of files with it
        "hashlib",  # names of stevedore's cache
        "idna",  # hosts whose names are not ASCII
        "importlib.metadata._adapters",  # the e-mail parser, for METADATA of distributions
        "inspect",  # dataclasses without a docstring, cliff's own commands
        "ipaddress",  # addresses in brackets; urllib.parse checks them
        "logging.handlers",  # cliff's own log file
        "mimetypes",  # urllib3 names what it uploads
        "shutil",  # tempfile and zipfile
        "stevedore._cache",  # stevedore's own listing of entry points
        "subprocess",  # the pager of autopage
        "tempfile",  # requests replaces files with it
        "tokenize",  # linecache opens sources with it
        "traceback",  # logging, for a record of an exception
        "zipfile",  # metadata and certificates in zip files
    }
)
# requests compares this one's version at once; it is in a small module of its own.
_VERSION_APART = "charset_normalizer"
# It compiles two patterns for e-mail addresses, which takes nearly as long as importing requests.
_HAS_SLOW_PATTERNS = "marshmallow.validate"


class _Deferred(ModuleType):
    """A module that was found and not loaded. Its first use makes it an ordinary one."""

    def __getattr__(self, name: str) -> Any:
        if (self.__name__, name) == (_VERSION_APART, "__version__"):
            return __import__(f"{_VERSION_APART}.version", fromlist=[name]).__version__
        _load(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # What is assigned must outlive loading. The import of a submodule assigns it as well.
        if not (name.startswith("__") or isinstance(value, ModuleType)):
            _load(self)
        ModuleType.__setattr__(self, name, value)


def _load(module: ModuleType) -> None:
    assert module.__spec__
    module.__spec__.loader_state.load(module)


class _Loader:
    """Gives a deferred module, and loads it once, whatever number of threads use it.

    Args:
        loader: loads the module itself.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._lock = threading.RLock()
        self._is_loading = False

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Deferred(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Execute nothing yet. The loader that is seen is the module's own."""
        assert module.__spec__
        module.__spec__.loader_state = self
        module.__spec__.loader = module.__loader__ = self._loader

    def load(self, module: ModuleType) -> None:
        with self._lock:
            # A module that is being loaded may look for names that it does not have yet.
            if self._is_loading or type(module) is ModuleType:
                return
            self._is_loading = True
            try:
                self._loader.exec_module(module)
            finally:
                self._is_loading = False
            module.__class__ = ModuleType


class _Pattern:
    """A regular expression that is compiled by its first use."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        # A class with an abstract base asks all that it holds for such a name.
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(re.compile(*self._arguments), name)


class _PatternLoader:
    """Loads a module that compiles patterns for later, and gives it a :mod:`re` that waits.

    Args:
        loader: loads the module itself.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Execute the module, whose own ``import re`` differs until that is done."""
        assert module.__spec__
        module.__spec__.loader = module.__loader__ = self._loader
        waiting = SimpleNamespace(**{**vars(re), "compile": _Pattern})

        def import_module(name: str, *arguments: Any) -> Any:
            return waiting if name == "re" else builtins.__import__(name, *arguments)

        own = {**vars(builtins), "__import__": import_module}
        vars(module)["__builtins__"] = own
        self._loader.exec_module(module)
        own["__import__"] = builtins.__import__
        vars(module)["re"] = re


class _Finder:
    """Finds the modules that are deferred where all others are found."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        make = _PatternLoader if name == _HAS_SLOW_PATTERNS else _Loader
        if target is not None or not (name in DEFERRED or make is _PatternLoader):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = make(spec.loader)  # type: ignore[assignment]  # a Loader in all but name
        return spec


def defer_modules() -> None:
    """Defer the modules that were not imported before, from now on."""
    sys.meta_path.insert(0, _Finder)
