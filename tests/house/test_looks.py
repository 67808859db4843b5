"""Every network says how a post looks there, in words that the composer can draw."""

import re

import pytest

from tests.house.source import ROOT
from tidings import networks
from tidings.networks import look

NAMES = sorted(networks.every())
COMPOSER = ROOT / "frontend" / "src" / "composer"


@pytest.mark.parametrize("name", NAMES)
def test_a_network_says_how_a_post_looks_there(name: str) -> None:
    network = networks.get(name)
    options = {option.name for option in network.options}
    named = {network.look.title, network.look.place, network.look.link} - {""}
    assert named <= options
    assert network.look.ratio[0] <= network.look.ratio[1]


def test_every_shape_is_some_networks_and_is_drawn() -> None:
    drawn = set(re.findall(r"^  (\w+): \w+,$", (COMPOSER / "Shapes.tsx").read_text(), re.M))
    assert {networks.get(name).look.shape for name in NAMES} == set(look.Shape.__args__) == drawn


def test_every_act_of_a_look_has_its_sign() -> None:
    drawn = set(re.findall(r"^  (\w+): \[", (COMPOSER / "Acts.tsx").read_text(), re.M))
    assert drawn == set(look.Act.__args__)
