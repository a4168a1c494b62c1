"""Where a wheel keeps its programs, found without importing it: the packages make folders and start threads."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from config.embedded.data_dir import DataDir, as_user, server_user
from config.embedded.exceptions import SetupError


def program(package: str, path: str, *, instead: str) -> Path:
    """The program at ``path`` inside an installed package; without it a sentence that names what to do ``instead``."""
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder) / path
        if found.is_file():
            return found
    raise SetupError(f"The wheel {package.replace('_', '-')} is not installed on this kind of machine: {instead}")


def reachable(folder: Path, probe: str, data_dir: DataDir) -> Path:
    """``folder`` of programs itself, or a copy in DATA_DIR when root's lies where the server's account cannot run it.

    The libraries beside the package go along, in the same place relative to the programs.
    """
    user = server_user()
    if user is None or _runs(folder / probe):
        return folder
    package = next(parent for parent in folder.parents if parent.parent.name == "site-packages")
    copy = data_dir / "programs"
    if not copy.exists():
        unfinished = data_dir / "programs.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        tree = folder.parent
        shutil.copytree(tree, unfinished / tree.relative_to(package.parent), ignore=shutil.ignore_patterns("include"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (unfinished, *unfinished.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
        unfinished.rename(copy)
    return copy / folder.relative_to(package.parent)


def _runs(binary: Path) -> bool:
    try:
        subprocess.run([binary, "--version"], check=True, capture_output=True, cwd="/", **as_user(server_user()))
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True
