"""A lab as a module: its name starts with a number, so `import` cannot."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

LABS = Path(__file__).parents[2] / "labs"


def load_lab(name: str) -> ModuleType:
    module_name = f"lab_{name}"
    if module_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            module_name, LABS / f"{name}.py"
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module  # dataclasses look it up there
        spec.loader.exec_module(module)
    return sys.modules[module_name]
