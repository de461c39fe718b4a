import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from returns_service.cli import cli
from returns_service.config import Settings, SettingsError, load, strangers
from returns_service.processes import CannotStart


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def set_(**values: str) -> None:
        for name, value in {"data_dir": str(tmp_path / "data"), **values}.items():
            monkeypatch.setenv(f"RETURNS_{name.upper()}", value)

    return set_


def problems() -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        load()
    return wrong.value.problems


def test_without_a_word_everything_has_a_default(env, tmp_path: Path):
    env()
    settings = load()
    assert (settings.host, settings.port, settings.sandbox_port) == ("127.0.0.1", 8000, 8001)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/returns.db"
    assert settings.bell_url == f"unix://{tmp_path}/data/redis/redis.sock"
    assert settings.policies_dir.name == "policies"


def test_the_secret_is_made_once_and_only_its_owner_may_read_it_and_the_data(env, tmp_path: Path):
    env()
    first = load().secret_key
    assert len(first) >= 40
    assert load().secret_key == first
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_an_empty_variable_is_no_variable(env):
    env(redis_url="", public_url="", port="")
    assert load().redis_url is None


def test_a_deep_folder_gets_a_socket_with_a_short_path(env, tmp_path: Path):
    env(data_dir=str(tmp_path / ("deep" * 30)))
    assert len(str(load().redis_socket)) < 100


def test_all_that_is_wrong_is_told_at_once(env):
    env(port="0", host="http://x", database_url="mysql://u:secret@h/d", log_level="loud", rate_limit="often")
    found = problems()
    names = [line.split(":")[0] for line in found]
    assert sorted(names) == sorted(
        ["RETURNS_PORT", "RETURNS_HOST", "RETURNS_DATABASE_URL", "RETURNS_LOG_LEVEL", "RETURNS_RATE_LIMIT"]
    )
    assert "secret" not in "\n".join(found)


def test_both_ports_must_differ_and_fit(env):
    env(port="8000", sandbox_port="8000")
    assert problems() == ["RETURNS_SANDBOX_PORT: must be a port from 1 to 65535 other than the web port"]
    env(port="65535", sandbox_port="")
    assert problems() == ["RETURNS_SANDBOX_PORT: must be a port from 1 to 65535 other than the web port"]


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_usual_address_of_a_postgresql_is_understood(env, url: str):
    env(database_url=url)
    assert load().database_url == "postgresql+psycopg://u@h/d"


def test_nothing_secret_is_shown(env):
    env(database_url="postgresql://u:hush@h/d", smtp_url="smtp://u:hush@h", redis_url="redis://:hush@h")
    assert "hush" not in repr(load())
    assert load().secret_key not in repr(load())


def test_a_name_that_is_no_setting_is_noticed():
    assert strangers({"RETURNS_PROT": "1", "PATH": "", "RETURNS_PORT": "1"}) == [
        "RETURNS_PROT is not a setting; did you mean RETURNS_PORT?"
    ]


def test_the_company_signs_in_over_an_address_that_nobody_reads_along(env):
    env(oidc_issuer="http://login.example.com", oidc_client_id="returns")
    assert problems()[0].startswith("RETURNS_OIDC_ISSUER: must be an https:// address")
    env(oidc_issuer="http://127.0.0.1:9000", oidc_client_id="returns")
    assert load().oidc_issuer == "http://127.0.0.1:9000"


def test_a_company_needs_to_know_us_by_name(env):
    env(oidc_issuer="https://login.example.com")
    assert problems()[0].startswith("RETURNS_OIDC_CLIENT_ID: is needed")


def test_the_command_tells_what_every_setting_is_for_and_keeps_secrets(env):
    env(database_url="postgresql://me:ge/he@im@host/db?password=geheim", port="9000", prot="1")
    env(oidc_client_secret="geheim", smtp_url="smtps://shop:geheim@mail:465")
    said = CliRunner().invoke(cli, ["settings"])
    assert said.exit_code == 0 and not re.search("geheim|he@im|ge/he", said.output)
    assert "\nRETURNS_DATABASE_URL=postgresql+psycopg://***@host/db\n" in said.stdout
    assert "\nRETURNS_SMTP_URL=smtps://***@mail:465\n" in said.stdout
    assert "# The port of the web server.\nRETURNS_PORT=9000\n" in said.stdout
    assert "\n# RETURNS_WORKERS=1\n" in said.stdout
    assert "RETURNS_PROT is not a setting; did you mean RETURNS_PORT?" in said.stderr
    assert all(field.description for field in Settings.model_fields.values())


def test_a_command_says_what_to_do_where_there_is_no_database_yet(env):
    env()
    done = CliRunner().invoke(cli, ["key", "create", "--scopes", "admin"])
    assert isinstance(done.exception, CannotStart)
    assert "`scripts/serve` or `returns-service prepare` makes them" in str(done.exception)
