"""Nothing that an installed plugin is or does can hurt the core, or another plugin."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from ampctl_sandbox.testing import Sandbox, live_sandbox, make_job

from .conftest import Environment

SOUND = "ampctl-job"
# What the sandbox imports takes most of the time of `plugin list` and `plugin check`.
WITHOUT_SANDBOX = {"AMPCTL_PLUGINS": "ampctl-job,amp-bad,amp-loud,amp-one,amp-two"}
LISTER = """
from ampctl.plugin import CommandGroup, Lister
group = CommandGroup(summary="Do harm", api="1")
class Run(Lister):
    \"\"\"Run.\"\"\"
    examples = ("ampctl bad run",)
    def take_action(self, parsed_args):
        {body}
"""
POINTS = "[ampctl.groups]\nbad = bad_plugin:group\n[ampctl.bad]\nrun = bad_plugin:Run\n"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with live_sandbox() as sandbox:
        make_job(sandbox.store, status="RUNNING")
        yield sandbox


def lister(body: str) -> str:
    return LISTER.format(body=textwrap.indent(textwrap.dedent(body), " " * 8).strip())


def states(environment: Environment) -> dict[str, str]:
    """Return what `plugin list` says of each distribution."""
    listed = json.loads(run_plugin(environment, "list", "-f", "json"))
    return {row["distribution"]: row["state"] for row in listed}


def run_plugin(environment: Environment, *words: str, expect: int = 0) -> str:
    """Run a command of the group `plugin`, and return its output."""
    return environment.ampctl("plugin", *words, expect=expect, **WITHOUT_SANDBOX).stdout


def is_unharmed(environment: Environment, sandbox: Sandbox) -> None:
    """Check that what has nothing to do with the plugin works as ever."""
    done = environment.ampctl("--admin-url", sandbox.url, "job", "list", "-f", "value", "-c", "id")
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert "  job " in environment.ampctl("--help").stdout


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("class :", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("assert 1 == 2, 'sums'", "AssertionError: sums"),
        ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
        ("class Odd(Exception):\n  def __str__(self): raise self\nraise Odd", "Odd"),
        ("def f(): f()\nf()", "RecursionError"),
        ("raise Exception('\\x1b[31m')", "Exception: \\x1b[31m"),
        ("Run = 5", "is not an ampctl.plugin.Command"),
        ("def __getattr__(name): raise OSError(name)", "OSError: Run"),
    ],
    ids=[
        "import error",
        "syntax error",
        "sys.exit",
        "assert",
        "BaseException",
        "error without text",
        "recursion",
        "control characters",
        "no command",
        "broken attribute",
    ],
)
def test_a_module_that_cannot_be_imported(
    environment: Environment, sandbox: Sandbox, source: str, fact: str
) -> None:
    environment.add("amp-bad", POINTS, bad_plugin=source)

    done = environment.ampctl("bad", "run", expect=2)
    assert done.stdout == ""
    assert done.stderr.startswith("ampctl: amp-bad can't be ")
    assert fact in done.stderr
    found = states(environment)
    assert found["amp-bad"].startswith("broken: ")
    assert found[SOUND] == "ok"
    is_unharmed(environment, sandbox)


def test_a_module_that_kills_the_process_costs_plugin_list_nothing(
    environment: Environment, sandbox: Sandbox
) -> None:
    environment.add("amp-bad", POINTS, bad_plugin="import os; os._exit(0)")

    found = states(environment)

    assert "it ends the process that imports it" in found["amp-bad"]
    assert found[SOUND] == "ok"
    is_unharmed(environment, sandbox)


def test_a_module_that_prints_at_import_changes_no_output(
    environment: Environment, sandbox: Sandbox
) -> None:
    sound = lister("return ('a',), []")
    loud = "import os\nprint('noise')\nos.write(1, b'[[\"broken\", \"noise\"]]\\n')\n" + sound
    environment.add("amp-bad", POINTS, bad_plugin="import os\nos.write(1, b'noise')\n" + sound)
    environment.add("amp-loud", POINTS.replace("bad", "loud"), loud_plugin=loud)

    assert environment.ampctl("bad", "run", "-f", "json").stdout == "[]\n"
    assert set(states(environment).values()) == {"ok"}
    is_unharmed(environment, sandbox)


def test_a_command_that_prints_beside_its_answer_changes_no_output(
    environment: Environment,
) -> None:
    body = """
    print("noise")
    def rows():
        print("noise")
        yield 1,
    return ("a",), rows()
    """
    environment.add("amp-bad", POINTS, bad_plugin=lister(body))

    done = environment.ampctl("bad", "run", "-f", "csv")

    assert (done.stdout, done.stderr) == ("a\n1\n", "noise\nnoise\n")


PRINT_IN_C = """
import ctypes
def show(text):
    ctypes.CDLL(None).printf(b"%s\\n", text.encode() * 3000)
show("i")
"""


def test_what_c_code_prints_and_its_library_holds_back_changes_no_output(
    environment: Environment,
) -> None:
    body = """
    show("r")
    def rows():
        yield 1,
        show("r")
        yield 2,
    return ("a",), rows()
    """
    environment.add("amp-bad", POINTS, bad_plugin=PRINT_IN_C + lister(body))

    done = environment.ampctl("bad", "run", "-f", "jsonl")

    assert done.stdout == '{"a":1}\n{"a":2}\n'
    assert "iiii" in done.stderr


def test_a_command_without_an_answer_may_print_in_c(environment: Environment) -> None:
    sound = lister("print('first', flush=True)\nshow('r')").replace("Lister", "Command")
    environment.add("amp-bad", POINTS, bad_plugin=PRINT_IN_C + sound)

    assert environment.ampctl("bad", "run").stdout == "first\n" + "r" * 3000 + "\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_plugin_list_and_the_plugin_that_holds_it_up(
    environment: Environment, tmp_path: Path, number: signal.Signals
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    hanging = f"""
    import os, signal
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with open({str(pipe)!r}, "w") as file:
        file.write(str(os.getpid()))
    while True:
        signal.pause()
    """
    environment.add("amp-bad", POINTS, bad_plugin=textwrap.dedent(hanging))
    command = [environment.folder / "bin" / "python", "-m", "ampctl", "plugin", "list"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=environment.home, text=True
    ) as process:
        child = int(pipe.read_text())
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=15)

    assert (process.returncode, stdout, stderr) == (-number, "", "")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_module_that_takes_an_hour_holds_up_nobody_else(
    environment: Environment, sandbox: Sandbox
) -> None:
    environment.add("amp-bad", POINTS, bad_plugin="import time; time.sleep(3600)")

    # Each of these is given two minutes.
    is_unharmed(environment, sandbox)
    environment.ampctl("bad", "--help")


def test_a_command_of_the_core_stays_what_it_is(environment: Environment) -> None:
    points = (
        "[ampctl.groups]\nhelp = bad_plugin:group\nplugin = bad_plugin:group\n"
        "[ampctl.core]\nhelp = bad_plugin:Run\nextra = bad_plugin:Run\n"
        "[ampctl.plugin]\nlist = bad_plugin:Run\n"
        "[ampctl.formatter]\njson = bad_plugin:Run\n"
    )
    environment.add("amp-bad", points, bad_plugin="raise SystemExit(0)")

    assert "command groups:" in environment.ampctl("help").stdout
    assert "'extra' is not a command" in environment.ampctl("extra", expect=2).stderr
    rows = json.loads(run_plugin(environment, "check", "-f", "json", expect=1))
    assert {row["offer"] for row in rows if row["kind"] == "shadowed"} == {
        "help",
        "plugin",
        "plugin list",
        "-f json",
    }
    found = {row["distribution"] for row in rows if row["kind"] != "not installed"}
    assert found == {"amp-bad"}


def test_the_same_command_twice(environment: Environment, sandbox: Sandbox) -> None:
    for name in ("one", "two"):
        points = f"[ampctl.job]\nfly = {name}_plugin:Run\nlist = {name}_plugin:Run\n"
        environment.add(f"amp-{name}", points, **{f"{name}_plugin": lister("return (), []")})

    told = environment.ampctl("job", "fly", expect=2).stderr
    assert "'job fly' is offered twice, by amp-one and amp-two" in told
    url = ("--admin-url", sandbox.url)
    assert environment.ampctl(*url, "job", "list", "-f", "value", "-c", "id").stdout == "1\n"
    found = run_plugin(environment, "check", expect=1)
    assert (found.count("conflict"), found.count("shadowed")) == (2, 2)


def test_names_and_texts_with_control_characters(
    environment: Environment, sandbox: Sandbox
) -> None:
    points = POINTS + "[ampctl.job]\n\x1b[31mred = bad_plugin:Run\n"
    source = lister("raise ZeroDivisionError('\\x1b[31m')").replace("Do harm", "Do \\x1b[31m")
    environment.add("amp-\x1b[31mbad", points, bad_plugin=source)

    texts = [
        environment.ampctl(*words, expect=None)
        for words in (("--help",), ("job",), ("bad", "run"), ("plugin", "list"))
    ]

    assert "\x1b" not in "".join(done.stdout + done.stderr for done in texts)
    assert "\x1b" not in environment.ampctl("job").stdout
    is_unharmed(environment, sandbox)


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("raise ImportError('gone')", "can't be loaded: ImportError: gone"),
        ("def Format(): pass", "is not a formatter"),
        (
            "from ampctl.plugin import Formatter\nclass Format(Formatter): pass",
            "can't be loaded: TypeError: Can't instantiate",
        ),
    ],
    ids=["broken", "foreign", "unfinished"],
)
def test_a_formatter_that_cannot_be_used_is_found_out_before_anything_is_done(
    environment: Environment, sandbox: Sandbox, source: str, fact: str
) -> None:
    environment.add("amp-bad", "[ampctl.formatter]\nodd = bad_plugin:Format\n", bad_plugin=source)
    eager = lister("open('done', 'w'); return (), []")
    environment.add("amp-eager", POINTS.replace("bad", "eager"), eager_plugin=eager)

    environment.ampctl("eager", "run", "-f", "odd", expect=2)
    assert not Path(environment.home, "done").exists()
    url = ("--admin-url", sandbox.url)
    told = environment.ampctl(*url, "job", "stop", "1", "-f", "odd", expect=2).stderr

    assert "amp-bad" in told
    assert fact in told
    shown = environment.ampctl(*url, "job", "inspect", "1", "-f", "json").stdout
    assert json.loads(shown)["status"] == "RUNNING"
    is_unharmed(environment, sandbox)


@pytest.mark.parametrize(
    "declared",
    [
        "summary=7, api='1', aliases=7",
        "summary=None, api='1', aliases='jobs'",
        "summary='a' * 9, api='1', aliases=('jobs\\n', None, ('x',))",
        "summary='''two\nlines''', api=['1']",
        "**{'summary': 'x'}",
        "'x'",
    ],
)
def test_a_group_that_says_odd_things_of_itself(
    environment: Environment, sandbox: Sandbox, declared: str
) -> None:
    environment.add("amp-bad", POINTS, bad_plugin=f"group = CommandGroup({declared})\n")

    is_unharmed(environment, sandbox)
    assert "\nverbs:\n" in environment.ampctl("jobs", "--help").stdout
    assert "did you mean 'job'" in environment.ampctl("jbo", expect=2).stderr
    assert len([line for line in environment.ampctl("--help").stdout.split("\n  bad") if line]) == 2


@pytest.mark.parametrize(
    "source",
    [
        "-" * 200_000 + "1",
        "(" * 200_000,
        "x = '\\d'; y = 1 is 1",
        "\0",
        "# coding: no-such-coding",
        "\ufeff\u2028 x",
    ],
    ids=["deep", "nested", "warnings", "NUL", "coding", "odd text"],
)
def test_a_source_that_is_hard_to_read_says_nothing_and_harms_nobody(
    environment: Environment, sandbox: Sandbox, source: str
) -> None:
    environment.add("amp-bad", POINTS, bad_plugin=source + "\n")

    is_unharmed(environment, sandbox)
    for words in (("--help",), ("bad",), ("jbo",)):
        assert "Warning" not in environment.ampctl(*words, expect=None).stderr
    assert "  bad\n" in environment.ampctl("--help").stdout


@pytest.mark.parametrize(
    "body",
    [
        "def __init__(self, *args): raise SystemExit(0)",
        "def get_parser(self, name): raise SystemExit(0)",
        "def get_parser(self, name):\n"
        "        parser = super().get_parser(name)\n"
        "        parser.add_argument('word', type=lambda text: exit(0))\n"
        "        return parser",
        "def run(self, parsed_args): raise SystemExit(0)",
    ],
    ids=["made", "parser", "type", "run"],
)
def test_a_command_that_exits_is_no_success_wherever_it_does(
    environment: Environment, body: str
) -> None:
    source = lister("return (), []") + f"    {body}\n"
    environment.add("amp-bad", POINTS, bad_plugin=source)

    words = ("word",) if "word" in body else ()
    assert "sys.exit(0)" in environment.ampctl("bad", "run", *words, expect=1).stderr


def test_a_command_whose_parser_is_none_is_a_fault_of_its_own(environment: Environment) -> None:
    source = lister("return (), []") + "    def get_parser(self, name): return None\n"
    environment.add("amp-bad", POINTS, bad_plugin=source)

    assert "a bug in amp-bad" in environment.ampctl("bad", "run", expect=1).stderr


@pytest.mark.parametrize(
    ("body", "stdout", "fact"),
    [
        ("raise ZeroDivisionError('by zero')", "", "ZeroDivisionError: by zero"),
        ("raise SystemExit(0)", "", "it called sys.exit(0)"),
        ("return ('a', 'b'), [(1, 2), (3,)]", "1 2\n", "1 values for 2 columns"),
        (
            """
            def rows():
                yield (1,)
                raise RuntimeError("half-way")
            return ("a",), rows()
            """,
            "1\n",
            "it broke off after 1 row",
        ),
        (
            """
            def rows():
                yield (1,)
                raise SystemExit(0)
            return ("a",), rows()
            """,
            "1\n",
            "it broke off after 1 row",
        ),
        ('return ("a",), ["x"]', "", "a row is a str"),
        ('return ("a",), [{"a": 1}]', "", "a row is a dict"),
        (
            """
            class Odd(BaseException):
                def __str__(self):
                    raise self
            def rows():
                yield (1,)
                raise Odd
            return ("a",), rows()
            """,
            "1\n",
            "it broke off after 1 row",
        ),
        ("return ('a',), None", "", "TypeError"),
        ("return None", "", "TypeError"),
    ],
    ids=[
        "raises",
        "exits",
        "too few columns",
        "breaks off",
        "exits half-way",
        "text",
        "dict",
        "breaks off oddly",
        "no rows",
        "nothing",
    ],
)
def test_a_command_that_goes_wrong_is_exit_code_1(
    environment: Environment, body: str, stdout: str, fact: str
) -> None:
    environment.add("amp-bad", POINTS, bad_plugin=lister(body))

    done = environment.ampctl("bad", "run", "-f", "value", expect=1)

    assert done.stdout == stdout
    assert fact in done.stderr


def test_a_plugin_that_is_removed_in_mid_use(environment: Environment, sandbox: Sandbox) -> None:
    body = """
    import shutil
    for info in __import__("pathlib").Path(__file__).parent.glob("amp_bad*"):
        shutil.rmtree(info)
    __import__("pathlib").Path(__file__).unlink()
    return ("a",), [(1,)]
    """
    environment.add("amp-bad", POINTS, bad_plugin=lister(body))

    assert environment.ampctl("bad", "run", "-f", "value").stdout == "1\n"
    assert "'bad' is not a command" in environment.ampctl("bad", "run", expect=2).stderr
    is_unharmed(environment, sandbox)


@pytest.mark.parametrize(
    "says", ["raise ValueError", "raise SystemExit(0)", "return 7", "return 'x' * 100_000"]
)
def test_an_exception_that_can_not_be_shown_is_still_reported(
    environment: Environment, sandbox: Sandbox, says: str
) -> None:
    odd = f"class Odd(Exception):\n    def __str__(self):\n        {says}\n"
    environment.add("amp-bad", POINTS, bad_plugin=f"{odd}raise Odd")
    told = environment.ampctl("bad", "run", expect=2).stderr
    assert told.startswith("ampctl: amp-bad can't be loaded: Odd")
    assert len(told) < 1000

    (environment.site / "bad_plugin.py").write_text(odd + lister("raise Odd"))
    told = environment.ampctl("bad", "run", expect=1).stderr
    assert told.startswith("ampctl: this is a bug in amp-bad: Odd")
    assert len(told) < 1000
    is_unharmed(environment, sandbox)


def test_a_command_that_can_not_be_made_is_blamed_on_its_distribution(
    environment: Environment, sandbox: Sandbox
) -> None:
    unfinished = lister("").replace("def take_action(self, parsed_args):", "")
    environment.add("amp-bad", POINTS, bad_plugin=unfinished)

    told = environment.ampctl("bad", "run", expect=1).stderr

    assert told.startswith("ampctl: this is a bug in amp-bad: TypeError: Can't instantiate")
    is_unharmed(environment, sandbox)


@pytest.mark.parametrize("code", [256, -1, 1000])
def test_a_status_that_the_system_can_not_keep_is_no_success(
    environment: Environment, code: int
) -> None:
    body = lister(f"return ('n',), []\n\ndef run(self, parsed_args):\n    return {code}")
    environment.add(
        "amp-bad", POINTS, bad_plugin=body.replace("\n        def run", "\n    def run")
    )

    environment.ampctl("bad", "run", expect=1)


def test_a_plugin_whose_modules_are_gone_is_named(
    environment: Environment, sandbox: Sandbox
) -> None:
    environment.add("amp-bad", POINTS)

    assert "amp-bad can't be loaded" in environment.ampctl("bad", "run", expect=2).stderr
    is_unharmed(environment, sandbox)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"[ampctl.bad]\nno value\n", b"[ampctl.bad]\nrun = not an object\n", b"\0"],
)
def test_damaged_metadata_harm_nobody_else(
    environment: Environment, sandbox: Sandbox, content: bytes
) -> None:
    info = environment.add("amp-bad", "")
    (info / "entry_points.txt").write_bytes(content)

    is_unharmed(environment, sandbox)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"\xff\xfe",
        b'{"groups":{}}',
        b'{"groups":{"ampctl.job":[["list","antigravity:x","ampctl.job"]]}}',
    ],
    ids=["corrupt", "not text", "stale", "hostile"],
)
@pytest.mark.parametrize("mode", [stat.S_IRWXU, stat.S_IRUSR | stat.S_IXUSR], ids=oct)
def test_the_cache_of_entry_points_plays_no_part(
    environment: Environment, sandbox: Sandbox, content: bytes, mode: int
) -> None:
    # Files under the very names that the library behind cliff looks for: it knows them by the
    # search path and by when each folder of it was changed, so nothing may change afterwards.
    Path(environment.home, "named.py").write_text(
        "import sys; from stevedore import _cache\n"
        "print(_cache._hash_settings_for_path(tuple(sys.path))[0])\n"
    )
    cache = Path(environment.home, "cache", "python-entrypoints")
    cache.mkdir(parents=True)
    names = [environment.python("-B", "-m", "named").stdout.strip() for _ in range(2)]
    assert names[0] == names[1]
    (cache / names[0]).write_bytes(content)
    cache.chmod(mode)

    is_unharmed(environment, sandbox)
    cache.chmod(stat.S_IRWXU)


def test_without_plugins_only_the_core_is_there(environment: Environment) -> None:
    environment.add("amp-bad", POINTS, bad_plugin=lister("return (), []"))

    for arguments, environ in (
        (("--no-plugins", "help"), {}),
        (("help", "--no-plugins"), {}),
        (("help",), {"AMPCTL_NO_PLUGINS": "1"}),
    ):
        shown = environment.ampctl(*arguments, **environ).stdout.partition("command groups:")[2]
        assert "  plugin " in shown
        assert "  bad" not in shown
    told = environment.ampctl("--no-plugins", "job", "list", expect=2).stderr
    assert "the job commands are not among the plugins that are allowed" in told


def test_only_allowed_plugins_are_there(environment: Environment) -> None:
    environment.add("amp-bad", POINTS, bad_plugin=lister("return (), []"))

    for arguments, environ in (
        (("--plugins", "Ampctl_Job"), {}),
        ((), {"AMPCTL_PLUGINS": "ampctl-job, other"}),
    ):
        environment.ampctl(*arguments, "job", "--help", **environ)
        environment.ampctl(*arguments, "bad", "run", expect=2, **environ)


def test_a_plugin_never_sees_the_token_as_text(environment: Environment) -> None:
    body = """
    import logging
    logging.getLogger("bad").warning("token %s", "s3cret-token")
    seen = [vars(self), self.settings.values,
            self.settings, vars(parsed_args), self.app_args, dict(self.runtime.environ)]
    return ("seen",), [(str(seen),)]
    """
    environment.add("amp-bad", POINTS, bad_plugin=lister(body))

    for arguments, environ in (
        (("--auth-token", "s3cret-token"), {}),
        ((), {"AMP_AUTH_TOKEN": "s3cret-token"}),
    ):
        done = environment.ampctl("bad", "run", "-f", "json", *arguments, **environ)
        assert "auth_token" in done.stdout
        assert "s3cret-token" not in done.stdout
        assert "token [redacted]" in done.stderr
        assert "s3cret-token" not in done.stderr
