"""Small enough to be read: modules, functions, network files, templates."""

from statistics import median

from tests.house.source import ROOT, SRC, files, length, modules, percentile

# "path" or "path:function": (its size now, why). The list and the sizes in it only shrink.
EXEMPT: dict[str, tuple[int, str]] = {}


def _too_long(sizes: dict[str, int], most: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > EXEMPT.get(name, (most, ""))[0]}


def test_modules_are_short() -> None:
    sizes = [module.lines for module in modules()]
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
    inside = {m.path: m.lines for m in modules() if "networks/" in m.path and not _shared(m.path)}
    assert inside
    assert _too_long(inside, 220) == {}


def _shared(path: str) -> bool:
    """The contract and what several networks stand on, not a network."""
    name = path.rpartition("/")[2]
    return name.startswith("_") or name in ("base.py", "check.py", "dpop.py", "errors.py", "oauth.py")


def test_templates_are_short() -> None:
    sizes = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in files(SRC / "web", ".html", ".txt")}
    assert _too_long(sizes, 250) == {}


def test_exemptions_are_still_needed_and_have_a_reason() -> None:
    sizes = {m.path: m.lines for m in (*modules(), *modules("tests"))}
    sizes |= {f"{m.path}:{f.name}": length(f) for m in modules() for f in m.functions()}
    for name, (size, reason) in EXEMPT.items():
        assert sizes[name] == size, f"{name} has {sizes[name]} lines now: say so, or take it off the list"
        assert len(reason) > 20
