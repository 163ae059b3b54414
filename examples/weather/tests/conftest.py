"""A copy of the product to run, and warehouses to run it against."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PRODUCT = Path(__file__).resolve().parent.parent


@dataclass
class Product:
    """The product as a job sees it: a folder nothing is written to, and an environment of its own."""

    folder: Path
    python: str
    env: dict[str, str]
    files: set[Path] = field(default_factory=set)

    def run(self, step: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, "-m", f"weather.{step}", *arguments],
            cwd=self.folder,
            env=self.env | env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=300,
        )


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    folder = tmp_path / "product"
    shutil.copytree(PRODUCT, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.rmtree(folder / "tests")
    env = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    for name in ("HOME", "TMPDIR"):
        (tmp_path / name).mkdir()
        env[name] = str(tmp_path / name)
    before = set(folder.rglob("*"))
    yield Product(folder, os.environ["WEATHER_PYTHON"], env)
    assert set(folder.rglob("*")) == before
    assert list((tmp_path / "TMPDIR").iterdir()) == []


@pytest.fixture
def duckdb(product: Product, tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    product.env |= {"FLOE_WAREHOUSE_TYPE": "duckdb", "FLOE_WAREHOUSE_PATH": str(file)}
    return file


@pytest.fixture
def postgres(product: Product) -> Iterator[dict[str, str]]:
    """A PostgreSQL of this machine's binaries, on loopback, asking for a password."""
    found = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *_debian_folders()]))
    if found is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    binaries = Path(found).resolve().parent
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="weather-postgres-"))
    password = secrets.token_urlsafe(16)
    (folder / "password").write_text(password)
    if user is not None:
        for path in (folder, folder / "password"):
            shutil.chown(path, user)

    def run(command: Sequence[str | Path]) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            cwd=folder,
            user=user,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )

    port = _free_port()
    data = folder / "data"
    init = [binaries / "initdb", "-D", data, "-U", "weather", "-A", "scram-sha-256", "--no-sync"]
    run([*init, "--pwfile", folder / "password"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    pg_ctl = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    run([*pg_ctl, "-o", options, "start"])
    try:
        binding = {
            "FLOE_WAREHOUSE_TYPE": "postgres",
            "FLOE_WAREHOUSE_HOST": "127.0.0.1",
            "FLOE_WAREHOUSE_PORT": str(port),
            "FLOE_WAREHOUSE_DATABASE": "postgres",
            "FLOE_WAREHOUSE_USER": "weather",
            "FLOE_WAREHOUSE_PASSWORD": password,
        }
        product.env |= binding
        yield binding
    finally:
        run([*pg_ctl, "-m", "fast", "stop"])
        shutil.rmtree(folder)


def _debian_folders() -> list[str]:
    return [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
