"""Where settings come from."""

from __future__ import annotations

import argparse

import pytest

from ampctl.errors import UsageError
from ampctl.settings.options import allowed_plugins, duration, resolve


def test_a_flag_wins_over_the_environment_which_wins_over_the_default() -> None:
    environ = {"AMP_ADMIN_URL": "http://env", "AMP_RETRIES": "5"}

    settings = resolve({"admin_url": "http://flag"}, environ)

    assert (settings.admin_url, settings.origins["admin_url"]) == ("http://flag", "--admin-url")
    assert (settings.retries, settings.origins["retries"]) == (5, "AMP_RETRIES")
    assert (settings.request_timeout, settings.origins["request_timeout"]) == (60, "default")


def test_an_empty_variable_counts_as_unset() -> None:
    settings = resolve({}, {"AMP_ADMIN_URL": "", "AMP_AUTH_TOKEN": ""})

    assert settings.admin_url == "http://localhost:1610"
    assert settings.auth_token is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AMP_RETRIES", "many"),
        ("AMP_RETRIES", "-1"),
        ("AMP_RETRIES", "３"),
        ("AMP_REQUEST_TIMEOUT", "soon"),
        ("AMP_REQUEST_TIMEOUT", "0"),
        ("AMP_ALLOW_HTTP", "perhaps"),
    ],
)
def test_a_bad_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        resolve({}, {name: value})


def test_no_color_means_never_unless_a_flag_says_otherwise() -> None:
    environ = {"NO_COLOR": "1"}

    assert resolve({}, environ).color == "never"
    assert resolve({"color": "always"}, environ).color == "always"


def test_the_token_is_not_in_the_settings_repr() -> None:
    assert "s3cret" not in repr(resolve({"auth_token": "s3cret"}, {}))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 30), ("2s", 2), ("5m", 300), ("1.5h", 5400), ("7d", 604800), ("250ms", 0.25)],
)
def test_durations_are_read_with_and_without_unit(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "1w", "１", "1 s", "inf", "nan", "9" * 30])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        duration(text)


@pytest.mark.parametrize(
    ("argv", "environ", "allowed"),
    [
        ([], {}, None),
        (["job", "list", "--no-plugins"], {}, frozenset()),
        ([], {"AMPCTL_NO_PLUGINS": "yes"}, frozenset()),
        (["--plugins", "Ampctl_Job, other"], {}, {"Ampctl_Job", "other"}),
        (["--plugins=a"], {"AMPCTL_PLUGINS": "b"}, {"a"}),
        ([], {"AMPCTL_PLUGINS": "b"}, {"b"}),
    ],
)
def test_which_plugins_count_is_known_before_the_command(
    argv: list[str], environ: dict[str, str], allowed: object
) -> None:
    assert allowed_plugins(argv, environ) == allowed


def test_an_option_for_plugins_without_its_value_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="expected one argument"):
        allowed_plugins(["--plugins"], {})
