"""Small enough to be read: modules, functions, network files, templates."""

import re
from statistics import median

from tests.house.source import ROOT, SRC, files, length, modules, percentile
from tidings import networks

# "path" or "path:function": (its size now, why). The list and the sizes in it only shrink.
EXEMPT: dict[str, tuple[int, str]] = {}
MEDIAN_NETWORK = 150  # lines; only shrinks


def _too_long(sizes: dict[str, int], most: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > EXEMPT.get(name, (most, ""))[0]}


def test_modules_are_short() -> None:
    """Apart from networks and simulators, which are one file each, and have measures of their own."""
    sizes = [module.lines for module in modules() if not re.search("/(networks|simulators)/", module.path)]
    assert median(sizes) <= 80
    assert percentile(sizes, 0.9) <= 250


def test_no_module_is_long() -> None:
    everything = (*modules(), *modules("tests"))
    assert _too_long({module.path: module.lines for module in everything}, 400) == {}


def test_functions_are_short() -> None:
    sizes = [length(function) for module in modules() for function in module.functions()]
    assert median(sizes) <= 8
    assert percentile(sizes, 0.9) <= 30


def test_no_function_is_long() -> None:
    sizes = {f"{m.path}:{f.name}": length(f) for m in modules() for f in m.functions()}
    assert _too_long(sizes, 60) == {}


def test_a_network_is_told_in_one_short_file() -> None:
    inside = {m.path: m.lines for m in modules() if "/networks/" in m.path and not _shared(m.path)}
    assert inside
    assert _too_long(inside, 220) == {}
    assert median(inside.values()) <= MEDIAN_NETWORK


def test_a_network_is_played_in_one_short_file() -> None:
    inside = {m.path: m.lines for m in modules() if "/simulators/" in m.path and not _shared(m.path)}
    assert _too_long(inside, 220) == {}


def _shared(path: str) -> bool:
    """The contract and what several networks or simulators stand on, not one of them."""
    name = path.rpartition("/")[2].removesuffix(".py")
    return name.startswith("_") or name in networks.NOT_NETWORKS


def test_templates_are_short() -> None:
    sizes = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in files(SRC / "web", ".html", ".txt")}
    assert _too_long(sizes, 250) == {}


def test_exemptions_are_still_needed_and_have_a_reason() -> None:
    sizes = {m.path: m.lines for m in (*modules(), *modules("tests"))}
    sizes |= {f"{m.path}:{f.name}": length(f) for m in modules() for f in m.functions()}
    for name, (size, reason) in EXEMPT.items():
        assert sizes[name] == size, f"{name} has {sizes[name]} lines now: say so, or take it off the list"
        assert len(reason) > 20
