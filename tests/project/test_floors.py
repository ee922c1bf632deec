"""The house stands: who may import whom, read from the sources and not from a run of them."""

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from floors import FLOORS

import cchc_stats

SRC = Path(cchc_stats.__file__).parent
# On one floor: the first stands on the second, never the other way round.
BESIDE = {("calendars", "words"), ("statistics", "indicators"), ("publishing", "plots")}
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "base", "misc"}
# Loaded only by who needs them: at the top of modules of these rooms, or inside functions.
HEAVY = {
    "pandera": {"forms"},
    "jinja2": {"publishing"},
    "click": {"cli"},
    "tqdm": {"cli", "publishing"},
    "docx": set(),
    "xlsxwriter": set(),
    "great_tables": set(),
    "matplotlib": set(),
    "scipy": set(),
    "holidays": set(),
    "duckdb": set(),
    "narwhals": set(),
}

FILES = sorted(SRC.rglob("*.py"))
MODULES = {".".join(path.relative_to(SRC).with_suffix("").parts): path for path in FILES}


def names_of_face(path: Path) -> set[str]:
    """Return what `__all__` of a face lists."""
    stated = [
        node.value
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
    ]
    return {
        name for value in stated if isinstance(value, ast.List) for name in ast.literal_eval(value)
    }


FACES = {name: names_of_face(path) for name, path in MODULES.items() if path.stem == "__init__"}


def room(module: str) -> str:
    return module.split(".")[0]


def imports(tree: ast.AST) -> list[tuple[str, str]]:
    """Return (module, name) of every import in a tree, also inside functions."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            found += [(node.module, alias.name) for alias in node.names]
    return found


def own_imports(path: Path) -> set[str]:
    """Return the modules of the package that a file imports."""
    found = set()
    for module, name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if room(module) != "cchc_stats":
            continue
        target = module.removeprefix("cchc_stats").lstrip(".")
        inner = f"{target}.{name}".lstrip(".")
        face = f"{target}.__init__".lstrip(".")
        # A function may bear its module's name: the face hands on the function.
        if MODULES.get(face) != path and name in FACES.get(face, ()):
            found.add(face)
            continue
        options = (inner, f"{inner}.__init__", target, face)
        found.add(next(option for option in options if option in MODULES))
    return found


IMPORTS = {module: own_imports(path) for module, path in MODULES.items()}


def test_every_module_has_a_floor():
    assert {room(module) for module in MODULES} <= set(FLOOR_OF)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module):
    floor = FLOOR_OF[room(module)]
    up = [
        name
        for name in IMPORTS[module]
        if room(name) != room(module)
        and FLOOR_OF[room(name)] >= floor
        and (room(module), room(name)) not in BESIDE
    ]
    assert up == []


def face_of(module: str, target: str) -> str:
    """Return the module through which `target` is entered from `module`."""
    here, there = module.split(".")[:-1], target.split(".")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    entered = ".".join(there[: shared + 1])
    return f"{entered}.__init__" if f"{entered}.__init__" in MODULES else entered


@pytest.mark.parametrize("module", MODULES)
def test_a_room_is_entered_through_its_face(module):
    assert [name for name in IMPORTS[module] if face_of(module, name) != name] == []


def test_the_face_of_an_inner_room():
    assert face_of("checking.check", "reading.prose.scope") == "reading.__init__"
    assert face_of("reading.tables.account", "reading.prose.scope") == "reading.prose.__init__"
    assert face_of("reading.prose.claims", "reading.prose.scope") == "reading.prose.scope"
    assert face_of("reading.prose.claims", "reading.report") == "reading.report"


def test_the_test_sees_an_import_that_goes_up(tmp_path):
    path = tmp_path / "labels.py"
    path.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from cchc_stats.forms import Form\n"
        "def late():\n    import cchc_stats.reading.report\n    from cchc_stats import checking\n"
    )
    assert own_imports(path) == {"forms.__init__", "reading.report", "checking.__init__"}
    assert all(FLOOR_OF[room(name)] > FLOOR_OF["words"] for name in own_imports(path))


def test_no_room_imports_in_a_circle():
    sorter = TopologicalSorter(IMPORTS)
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        pytest.fail(f"imports in a circle: {error.args[1]}")
    assert set(order) == set(MODULES)


def test_within_forms_the_parts_stand_below_the_forms_and_these_below_the_door():
    order = [
        {"column"},
        {"pandera_models"},
        {"form"},
        {"catalogue", "faults"},
        {"validation"},
    ]
    below: set[str] = set()
    for level in order:
        for name in level:
            inside = {dep.removeprefix("forms.") for dep in IMPORTS[f"forms.{name}"]}
            parts = inside & set().union(*order)
            assert parts <= below, name
        below |= level


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_named_after_a_subject(module):
    assert not VAGUE & set(module.split("."))


@pytest.mark.parametrize("module", MODULES)
def test_heavy_packages_are_loaded_where_they_are_needed(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    top = [
        node
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)  # `if TYPE_CHECKING:` is another node
    ]
    early = {room(name) for name, _ in imports(ast.Module(top, []))}
    assert {name for name in early & set(HEAVY) if room(module) not in HEAVY[name]} == set()


def loaded_after(code: str) -> set[str]:
    watched = [*HEAVY, "hypothesis", "IPython"]
    script = f"import sys\n{code}\nprint(*(name for name in {watched} if name in sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import cchc_stats") == set()


def test_a_name_loads_what_it_needs_and_no_more():
    assert loaded_after("from cchc_stats import validate; validate") == set()
    model = "from cchc_stats import FORMS; FORMS[0].model"
    assert loaded_after(model) == {"pandera"}
    assert loaded_after("from cchc_stats import parse_number, parse_period, FormError") == set()


def test_the_public_names_are_those_of_the_stub_and_each_resolves():
    stub = ast.parse((SRC / "__init__.pyi").read_text(encoding="utf-8"))
    lines = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    # A room, as `indicators`, is there for who types and no name of its own.
    imported = [alias.name for node in lines if node.module for alias in node.names]
    stated = next(
        ast.literal_eval(node.value) for node in stub.body if isinstance(node, ast.Assign)
    )
    assert sorted(imported) == sorted(stated)
    assert len(set(stated)) == len(stated)
    assert set(cchc_stats.__all__) == set(stated)
    assert set(stated) <= set(dir(cchc_stats))
    missing = [name for name in stated if getattr(cchc_stats, name, None) is None]
    assert missing == []
    assert cchc_stats.indicators.on_time_rate is cchc_stats.on_time_rate


def test_the_project_speaks_of_itself_alone():
    """No path of a machine stands in what is shipped."""
    for path in [*FILES, *SRC.rglob("*.toml"), *SRC.rglob("*.pyi")]:
        assert not re.search(r"/(work|home|root|tmp)/", path.read_text(encoding="utf-8")), path
