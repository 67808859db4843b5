"""The operator's first page says in one sentence whether all is well, and what to do first."""

from tidings.core import clock
from tidings.instance.finding import Finding
from tidings.instance.look import Looked
from tidings.web.instance.shown import BAD, GOOD, LOOK, Vital
from tidings.web.instance.verdict import verdict


def _vital(state: str) -> Vital:
    return Vital("Disk", "", state, "", f"{state}.")


def _looked(*levels: str) -> Looked:
    return Looked(clock.now(), [Finding("mail", level, f"{level}!") for level in levels])


def test_all_is_well_when_nothing_was_found() -> None:
    assert verdict([_vital(GOOD)], _looked()).kind == verdict([_vital(GOOD)], None).kind == "success"


def test_the_worst_comes_first() -> None:
    said = verdict([_vital(LOOK), _vital(BAD)], _looked("warning", "error"))
    assert (said.kind, said.step) == ("error", f"Disk: {BAD}.")


def test_an_error_of_the_last_look_outweighs_a_figure_that_deserves_a_look() -> None:
    assert verdict([_vital(LOOK)], _looked("error")).step == "error!"


def test_a_warning_alone_deserves_a_look() -> None:
    assert verdict([_vital(GOOD)], _looked("warning")).kind == "warning"
