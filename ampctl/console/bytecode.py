"""Compiled files that Python can't read: cut short by a full disk, or made by another Python."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from ampctl.errors import AmpError

# Python takes a compiled file at its word once its header fits, and says neither which file it is
# nor that it is one: what is raised then is an error of its reader.
_READER = "<frozen importlib._bootstrap_external>"
_STEPS = ("_classify_pyc", "_compile_bytecode")
_IMPORT_ERRORS = ("bad magic number", "Non-code object")


def explain_damage(error: BaseException) -> AmpError | None:
    """Return what to tell if ``error`` is about a compiled file that Python can't read."""
    path = _find_file(error)
    if path is None:
        return None
    # The name of a file that is made from a source, as it is imported, holds the version of Python.
    if f".{sys.implementation.cache_tag}." in Path(path).name:
        hint = "remove this file, Python compiles it again from its source"
    else:
        hint = "reinstall what this file belongs to, for this version of Python"
    return AmpError(f"the compiled file {path} is damaged or made by another Python", hint=hint)


def _find_file(error: BaseException) -> str | None:
    if isinstance(error, ImportError):
        message: object = error.msg  # a plugin may give anything
        about_file = isinstance(message, str) and message.startswith(_IMPORT_ERRORS)
        return error.path if about_file else None
    steps = list(traceback.walk_tb(error.__traceback__))
    if not steps:
        return None
    frame = steps[-1][0]
    if frame.f_code.co_filename != _READER or frame.f_code.co_name not in _STEPS:
        return None
    known = frame.f_locals
    path = known.get("bytecode_path") or known.get("exc_details", {}).get("path")
    return str(path) if path else None
