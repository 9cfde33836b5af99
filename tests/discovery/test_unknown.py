"""Who types words that are not a command is told which one was meant, and nothing is run."""

from __future__ import annotations

import pytest

from ampctl.discovery.registry import Registry
from ampctl.testing import invoke

POINTS = """
[ampctl.groups]
fish = fish_plugin:group
[ampctl.fish]
swim = fish_swim:Swim
float = fish_swim:Swim
"""
# To import either of them ends the process.
BOOM = "raise SystemExit(3)\n"


def declare(synonyms: str) -> str:
    return f"group = CommandGroup(summary='Fish', api='1', synonyms={synonyms})\n{BOOM}"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["fish", "paddle"], "'fish paddle' is not a command; did you mean 'fish float'?"),
        (["fish", "padle"], "'fish padle' is not a command; did you mean 'fish float'?"),
        (["paddle"], "'paddle' is not a command; did you mean 'fish float'?"),
        (["swim"], "'swim' is not a command; did you mean 'fish float'?"),
        (["fish", "show"], "'fish show' is not a command\n"),
    ],
    ids=" ".join,
)
def test_synonyms_of_a_plugin_lead_to_its_verbs_and_import_nothing(
    plugins, words: list[str], told: str
) -> None:
    plugins("amp-fish", POINTS, fish_plugin=declare("{'swim': ('paddle',)}"), fish_swim=BOOM)

    assert told in invoke(*words, expect=2).stderr


@pytest.mark.parametrize(
    "synonyms",
    ["7", "'paddle'", "{'swim': 'paddle'}", "{'fly': ('paddle',)}", "{'swim': (7,), 7: ()}"],
)
def test_odd_synonyms_count_as_none(plugins, synonyms: str) -> None:
    plugins("amp-fish", POINTS, fish_plugin=declare(synonyms), fish_swim=BOOM)

    assert "'fish paddle' is not a command\n" in invoke("fish", "paddle", expect=2).stderr


def test_a_synonym_never_hides_a_verb(plugins) -> None:
    plugins("amp-fish", POINTS, fish_plugin=declare("{'swim': ('float',)}"), fish_swim=BOOM)

    assert Registry().groups["fish"].synonyms == {}


def test_a_foreign_declaration_of_a_group_misleads_no_one(plugins) -> None:
    plugins(
        "amp-evil",
        "[ampctl.groups]\njob = evil_plugin:group\n",
        evil_plugin=declare("{'prune': ('show',)}"),
    )

    assert "'job show' is not a command\n" in invoke("job", "show", expect=2).stderr


def test_at_most_three_groups_are_named(plugins) -> None:
    for name in ("one", "two", "three", "four"):
        plugins(
            f"amp-{name}",
            f"[ampctl.groups]\n{name} = {name}_plugin:group\n[ampctl.{name}]\nfly = {name}:Fly\n",
            **{f"{name}_plugin": declare("{}")},
        )

    told = "'fly' is not a command; did you mean 'four fly' or 'one fly' or 'three fly'?"
    assert told in invoke("fly", expect=2).stderr
