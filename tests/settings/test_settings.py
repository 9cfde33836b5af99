"""Where settings come from."""

from __future__ import annotations

import inspect

import pytest

from ampctl.client import AdminClient, Timeouts
from ampctl.client.secret import Secret
from ampctl.errors import UsageError
from ampctl.settings.options import (
    SETTINGS,
    Settings,
    add_global_options,
    read_allowed_plugins,
    remove_secrets,
    resolve,
)
from ampctl.settings.parser import Parser


def test_an_option_wins_over_the_environment_which_wins_over_the_default() -> None:
    environ = {"AMP_ADMIN_URL": "http://env", "AMP_RETRIES": "5"}

    settings = resolve({"admin_url": "http://flag"}, environ)

    assert (settings.admin_url, settings.origins["admin_url"]) == ("http://flag", "--admin-url")
    assert (settings.retries, settings.origins["retries"]) == (5, "AMP_RETRIES")
    assert (settings.request_timeout, settings.origins["request_timeout"]) == (60, "default")


def test_an_empty_variable_counts_as_unset() -> None:
    settings = resolve({}, {"AMP_ADMIN_URL": "", "AMP_AUTH_TOKEN": "", "AMP_ALLOW_HTTP": ""})

    assert settings.admin_url == "http://localhost:1610"
    assert settings.auth_token is None
    assert settings.allow_http is False


@pytest.mark.parametrize("setting", [s for s in SETTINGS if s.metavar], ids=lambda s: s.name)
def test_an_empty_option_is_wrong_usage(setting) -> None:
    parser = Parser(prog="ampctl", add_help=False)
    add_global_options(parser)

    with pytest.raises(UsageError, match=f"argument {setting.flag}: the value is empty"):
        parser.parse_args([setting.flag, ""])


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


def test_no_color_means_never_unless_an_option_says_otherwise() -> None:
    environ = {"NO_COLOR": "1"}

    assert resolve({}, environ).color == "never"
    assert resolve({"color": "always"}, environ).color == "always"


def test_settings_can_not_be_changed() -> None:
    settings = resolve({}, {})

    with pytest.raises(AttributeError):
        settings.retries = 7  # type: ignore[misc, assignment]


def test_the_token_is_wrapped_at_once_and_kept_from_commands() -> None:
    environ = {"AMP_AUTH_TOKEN": "s3cret", "HOME": "/"}

    token = resolve({}, environ).auth_token

    assert isinstance(token, Secret)
    assert token.reveal() == "s3cret"
    assert remove_secrets(environ) == {"HOME": "/"}


def test_the_client_has_the_same_defaults() -> None:
    of_client = inspect.signature(AdminClient).parameters

    assert of_client["base_url"].default == Settings.admin_url.default
    assert of_client["retries"].default == Settings.retries.default
    assert Timeouts().total_s == Settings.request_timeout.default


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        (Settings.admin_url, "http://localhost:1610"),
        (Settings.request_timeout, "60s"),
        (Settings.retries, "3"),
        (Settings.ca_file, None),
        (Settings.allow_http, None),
    ],
)
def test_a_default_is_shown_as_a_person_would_give_it(setting, shown) -> None:
    assert setting.default_text == shown
    if shown:
        assert setting.parse(shown) == setting.default


@pytest.mark.parametrize(
    ("argv", "environ", "allowed"),
    [
        ([], {}, None),
        (["job", "list", "--no-plugins"], {}, frozenset()),
        ([], {"AMPCTL_NO_PLUGINS": "yes"}, frozenset()),
        (["--plugins", "Ampctl_Job, other"], {}, {"Ampctl_Job", "other"}),
        (["--plugins=a"], {"AMPCTL_PLUGINS": "b"}, {"a"}),
        (["--plugins", "a,b", "job", "list", "--plugins", "c"], {}, {"a", "b", "c"}),
        ([], {"AMPCTL_PLUGINS": "b"}, {"b"}),
    ],
)
def test_which_plugins_count_is_known_before_the_command(
    argv: list[str], environ: dict[str, str], allowed: object
) -> None:
    assert read_allowed_plugins(argv, environ) == allowed


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--plugins"], "expected one argument"),
        (["--plugins", ""], "the value is empty"),
    ],
)
def test_an_option_for_plugins_without_a_value_is_wrong_usage(argv: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        read_allowed_plugins(argv, {})

    assert caught.value.hint == "ampctl --help"
