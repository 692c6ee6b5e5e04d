"""The Python packages that `cmake/setup.sh python` installs for the tests."""
import importlib
import os
import sys
from pathlib import Path

cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
sys.path.insert(0, os.environ.get("NASCENT_PYTHON", str(cache / "nascent" / "python")))


def package(name):
    """Imports it, or ends with 77 and the reason."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:
        print(f"skipped: {name} cannot be imported ({error}); `cmake/setup.sh python` installs it")
        sys.exit(77)
