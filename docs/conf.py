"""How the documentation is built: ``make docs``, nitpicky and with warnings as errors."""

from __future__ import annotations

import sys
from pathlib import Path

import ampctl

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "ampctl"
author = "The ampctl developers"
copyright = "The ampctl developers"
release = version = ampctl.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "commands",
    "changelog",
]
exclude_patterns = ["_build"]
nitpicky = True

# Of an example only what is typed is copied.
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = f"ampctl {release}"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["narrow.css"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# A build must not need the network, so names of other projects are no links.
nitpick_ignore_regex = [
    (
        "py:.*",
        r"(argparse|cliff|collections|concurrent|contextlib|datetime|enum|marshmallow|os|pathlib|requests_mock|sqlalchemy)\..*",
    ),
    ("py:.*", r"(ValueError|AssertionError|OSError|Future)"),
    # Private, a variable of types, or named without its module.
    ("py:.*", r"(.*\.)?(_\w+|T|Cursor|Fetched|Reader|Target)"),
    ("py:.*", r"(.*\.)?(Registry|Application|Session|Keyboard|Pair|BaseAdapter|Future)"),
]

_GROUPS = {
    "plugin": "see, check and write plugins",
    "job": "show and control extraction jobs",
    "sandbox": "serve a local Admin API",
    "worker": "show worker nodes",
}
man_pages = [
    ("reference/commands/core", "ampctl", "operate Amp from the terminal", author, 1),
    *(
        (f"reference/commands/{name}", f"ampctl-{name}", summary, author, 1)
        for name, summary in _GROUPS.items()
    ),
]
man_show_urls = True
