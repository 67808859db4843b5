"""The report to take along: CSV that spreadsheets open rightly and harmlessly, and a PDF that says what it says."""

import csv
import io
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from tests import people
from tidings import networks
from tidings.analytics.asked import asked
from tidings.analytics.models import Measurement, Meter, Series, Standing
from tidings.analytics.report import report
from tidings.channels.models import Channel
from tidings.core import clock
from tidings.deliveries.models import Delivery
from tidings.posts.models import Item, Post
from tidings.settings import settings
from tidings.web.analytics import printing
from tidings.web.analytics.laid_out import laid_out
from tidings.web.analytics.sheet import packed
from tidings.workspaces.models import Member, User, WorkspaceLogo
from tidings.workspaces.tags import named

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.use(lambda: NOW):
        yield


@pytest.fixture
def owner() -> Member:
    return people.owner(name="Ana")  # the workspace is at home in Lisbon


def out(channel: Channel, text: str = "Good morning", days: float = 2, **numbers: Any) -> Standing:
    """A post that went out so many days ago, with its numbers as last read."""
    at = NOW - timedelta(days=days)
    post = Post.objects.create(workspace=channel.workspace, stage="approved")
    item = Item.objects.create(post=post, position=0, text=text)
    delivery = Delivery.objects.create(
        workspace=channel.workspace, post=post, item=item, channel=channel, state="delivered", due_at=at, again_at=at,
        delivered_at=at, receipt={"id": "1", "url": f"https://one.example/{post.pk}"},
    )  # fmt: skip
    return Standing.objects.create(
        delivery=delivery, workspace=channel.workspace, channel=channel, post=post, out_at=at, shape="words",
        **({"read_at": NOW - timedelta(hours=1)} | numbers),
    )  # fmt: skip


def followed(channel: Channel, *counts: int) -> None:
    """The profile's followers on the last days, today last."""
    series = Series.objects.create(
        workspace=channel.workspace, channel=channel, theirs="followers_count", ours="followers"
    )
    for ago, count in enumerate(reversed(counts)):
        Measurement.objects.create(series=series, at=NOW - timedelta(days=ago), value=count)


def taken(client: Client, of: Member, what: str, query: str = "") -> bytes:
    """The file's bytes."""
    answer = client.get(f"{people.home(of)}/analytics/{what}{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def table(data: bytes, divider: str = ",") -> list[dict[str, str]]:
    """What a spreadsheet sees."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=divider))


def words(data: bytes) -> list[str]:
    """The words on each page of a PDF, without line ends."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def busy(owner: Member) -> Channel:
    """A channel of which there is something to say on every page."""
    channel = people.channel(owner, name="Corner Bakery")
    for n in range(45):
        out(channel, f"Loaf number {n}", 1.5 + n * 7 % 27, likes=n, comments=2, shares=1, engaged=n + 3)
    followed(channel, 90, 95, 100)
    Meter.objects.create(channel=channel, workspace=owner.workspace, read_at=NOW - timedelta(hours=3))
    return channel


def test_each_post_of_the_days_is_a_line_with_its_numbers(owner: Member) -> None:
    channel = people.channel(owner)
    one = out(channel, "Good\nmorning,  everybody", likes=12, comments=0, engaged=12)
    out(channel, "too long ago", 40)
    (line,) = table(taken(people.signed_in(owner), owner, "posts.csv"))
    assert line == {
        "Published": "2026-11-25T12:00:00+00:00", "Channel": f"'{channel.handle}", "Network": "Mastodon",
        "Words": "Good morning, everybody", "Address": one.delivery.receipt["url"], "Made of": "Words alone",
        "Impressions": "", "Reach": "", "Views": "", "Likes": "12", "Comments": "0", "Shares": "", "Saves": "",
        "Clicks": "", "Seconds watched": "", "Interactions": "12", "Read": "2026-11-27T11:00:00+00:00",
        "Deleted at the network": "",
    }  # fmt: skip


def test_both_files_are_about_what_the_page_is_asked_for(owner: Member) -> None:
    channel, other = people.channel(owner), people.channel(owner)
    tag = named(owner.workspace, ["Spring"])[0]
    out(channel, "tagged", likes=1).post.tags.add(tag)
    out(channel, "old", 40)
    out(other, "elsewhere")
    client = people.signed_in(owner)
    for query, texts, lines in (
        ("", ["elsewhere", "tagged"], 2), ("?days=90", ["elsewhere", "old", "tagged"], 2),
        (f"?channel={channel.pk}", ["tagged"], 1), (f"?tag={tag.pk}", ["tagged"], 2),
        ("?from=2026-10-17&to=2026-10-19", ["old"], 2),
    ):  # fmt: skip
        assert sorted(one["Words"] for one in table(taken(client, owner, "posts.csv", query))) == texts
        rows = table(taken(client, owner, "channels.csv", query))
        assert (len(rows), sum(int(one["Posts"]) for one in rows)) == (lines, len(texts))


def test_times_have_the_offset_of_the_workspaces_zone(owner: Member) -> None:
    owner.workspace.zone = "Asia/Kolkata"
    owner.workspace.save()
    out(people.channel(owner))
    (line,) = table(taken(people.signed_in(owner), owner, "posts.csv"))
    assert (line["Published"], line["Read"]) == ("2026-11-25T17:30:00+05:30", "2026-11-27T16:30:00+05:30")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r\n=1+1", "＝1+1", " =1+1"])
def test_no_cell_is_a_formula(owner: Member, text: str) -> None:
    channel = people.channel(owner, name=text, handle=text)
    out(channel, text)
    followed(channel, 100, 90)
    client = people.signed_in(owner)
    for what in ("posts.csv", "channels.csv"):
        (line,) = table(taken(client, owner, what))
        numbers = {"Followers gained"}
        cells = [cell for name, cell in line.items() if name not in numbers]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert line["Followers gained"] == "-10"  # a number stays one


@pytest.mark.parametrize("text", ['He said "no", then left', "one;two,three", "line\nbreak", "ünïcödé 🍞 日本"])
def test_words_with_separators_and_quotes_stay_in_their_cell(owner: Member, text: str) -> None:
    out(people.channel(owner), text)
    (line,) = table(taken(people.signed_in(owner), owner, "posts.csv"))
    assert (line["Words"], line["Made of"]) == (" ".join(text.split()), "Words alone")


def test_each_channel_is_a_line_with_sums_followers_and_what_has_to_be_known(owner: Member) -> None:
    channel = busy(owner)
    people.channel(owner, "bluesky", handle="quiet.example")
    line, quiet = table(taken(people.signed_in(owner), owner, "channels.csv"))
    assert line["Name"] == "Corner Bakery"
    names = ("Posts", "Likes", "Impressions", "Interactions", "Followers", "Followers gained")
    assert {name: line[name] for name in names} == {
        "Posts": "45", "Likes": str(sum(range(45))), "Impressions": "", "Interactions": str(sum(range(45)) + 135),
        "Followers": "100", "Followers gained": "10",
    }  # fmt: skip
    assert (line["For each post"], line["Read"]) == ("25.00", "2026-11-27T09:00:00+00:00")
    assert line["About its numbers"] == channel.speaks.counting.partial
    assert (quiet["Posts"], quiet["Likes"], quiet["Followers"], quiet["Read"]) == ("0", "", "", "")


def test_nothing_is_computed_for_a_network_whose_terms_forbid_it(owner: Member) -> None:
    out(people.channel(owner, "youtube"), likes=7, engaged=7)
    client = people.signed_in(owner)
    (post,) = table(taken(client, owner, "posts.csv"))
    assert (post["Likes"], post["Interactions"]) == ("7", "")
    (line,) = table(taken(client, owner, "channels.csv"))
    assert (line["Posts"], line["Likes"], line["Interactions"], line["For each post"]) == ("1", "", "", "")
    assert "YouTube" in line["About its numbers"]


def test_a_post_that_is_gone_over_there_says_since_when(owner: Member) -> None:
    out(people.channel(owner), gone_at=NOW - timedelta(days=1))
    (line,) = table(taken(people.signed_in(owner), owner, "posts.csv"))
    assert line["Deleted at the network"] == "2026-11-26T12:00:00+00:00"


def test_german_spreadsheets_get_german_words_semicolons_and_commas_in_numbers(owner: Member) -> None:
    busy(owner)
    User.objects.filter(pk=owner.user_id).update(language="de")
    client = people.signed_in(owner)
    (line,) = table(taken(client, owner, "channels.csv"), ";")
    assert (line["Netzwerk"], line["Beiträge"]) == ("Mastodon", "45")
    assert "25,00" in line.values()
    assert table(taken(client, owner, "posts.csv"), ";")[0]["Netzwerk"] == "Mastodon"


def test_a_long_file_comes_in_pieces_and_none_is_cut_off(owner: Member) -> None:
    channel = people.channel(owner)
    for n in range(30):
        out(channel, f"number {n}")
    answer = people.signed_in(owner).get(f"{people.home(owner)}/analytics/posts.csv")
    assert "Content-Length" not in answer
    assert len(list(answer.streaming_content)) == 31  # type: ignore[arg-type]


def test_files_are_called_by_what_is_in_them(owner: Member) -> None:
    people.channel(owner)
    slug, client = owner.workspace.slug, people.signed_in(owner)
    for what, name in (("posts.csv", "posts"), ("channels.csv", "channels"), ("report.pdf", "report")):
        answer = client.get(f"{people.home(owner)}/analytics/{what}?days=7")
        ending = what.rpartition(".")[2]
        assert answer["Content-Disposition"] == f'attachment; filename="{slug}-{name}-2026-11-21-2026-11-27.{ending}"'


def test_the_page_offers_each_file_for_what_is_asked(owner: Member) -> None:
    page = people.signed_in(owner).get(f"{people.home(owner)}/analytics?days=90").content.decode()
    for what in ("posts.csv", "channels.csv", "report.pdf"):
        assert f'href="{people.home(owner)}/analytics/{what}?days=90"' in page


def test_the_pdf_says_what_the_page_says(owner: Member) -> None:
    channel = busy(owner)
    out(channel, "in the days before", 30, likes=400, comments=40, shares=4, engaged=444)
    pages = words(taken(people.signed_in(owner), owner, "report.pdf"))
    first, whole = pages[0], " ".join(pages)
    assert first.startswith(f"{owner.workspace.name} 31 Oct – 27 Nov 2026, by the clocks of Europe/Lisbon.")
    assert "Changes are against 3 – 30 Oct 2026." in first
    assert "Posts +4,400 % 45" in first
    assert "Likes +148 % 990" in first
    assert "Followers gained Since the first reading" in first
    assert f"Corner Bakery {channel.handle} · Mastodon 45" in whole
    assert "100 (+10)" in whole
    most, fewest = whole.index("Most interactions"), whole.index("Fewest interactions")
    assert most < whole.index("Loaf number 44") < fewest < whole.index("Loaf number 0") < whole.index("Best times")
    assert first.endswith(f"{owner.workspace.name} · Tidings Page 1 of {len(pages)}")


def test_the_last_page_of_the_pdf_gives_source_time_and_the_networks_own_definitions(owner: Member) -> None:
    channel = busy(owner)
    last = words(taken(people.signed_in(owner), owner, "report.pdf"))[-1]
    assert f"{channel.handle} Mastodon Fri 27 Nov, 09:00 {channel.speaks.counting.partial}" in last
    speaks = networks.get("mastodon")
    words_of_ours = ("likes", "comments", "shares", "followers")
    shown = [one for one in (*speaks.metrics, *speaks.crowd) if one.ours in words_of_ours]
    assert {one.ours for one in shown} == set(words_of_ours)
    for metric in shown:
        assert f"Mastodon {metric.theirs} {metric.means}" in last


def test_the_pdf_tells_its_title_language_and_author(owner: Member) -> None:
    busy(owner)
    User.objects.filter(pk=owner.user_id).update(language="de")
    pdf = PdfReader(io.BytesIO(taken(people.signed_in(owner), owner, "report.pdf")))
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == (owner.workspace.name, settings().name)
    assert pdf.metadata.creation_date == NOW
    assert pdf.trailer["/Root"]["/Lang"] == "de"
    assert "Kommentare" in pdf.pages[0].extract_text()


def test_charts_are_drawn_as_shapes_a_bar_for_each_day(owner: Member) -> None:
    busy(owner)
    page = PdfReader(io.BytesIO(taken(people.signed_in(owner), owner, "report.pdf"))).pages[0]
    content = page.get_contents()
    assert content is not None
    days = set(Standing.objects.values_list("out_at__date", flat=True))
    assert len(re.findall(rb"\bre f\b", content.get_data())) == len(days)
    assert len(page.images) == 0


def test_the_same_report_makes_the_same_file(owner: Member) -> None:
    busy(owner)
    client = people.signed_in(owner)
    assert taken(client, owner, "report.pdf") == taken(client, owner, "report.pdf")


def test_the_logo_stands_on_the_first_page_alone_and_a_damaged_one_breaks_nothing(owner: Member) -> None:
    busy(owner)
    logo = io.BytesIO()
    Image.new("RGBA", (200, 50), (255, 0, 0, 100)).save(logo, "WEBP")
    kept = WorkspaceLogo.objects.create(workspace=owner.workspace, picture=logo.getvalue())
    client = people.signed_in(owner)
    first, *others = PdfReader(io.BytesIO(taken(client, owner, "report.pdf"))).pages
    assert [one.image.size for one in first.images if one.image] == [(200, 50)]
    assert not any(one.images for one in others)
    kept.picture = logo.getvalue()[:40]
    kept.save()
    assert len(PdfReader(io.BytesIO(taken(client, owner, "report.pdf"))).pages[0].images) == 0


def test_letters_of_many_languages_are_printed_and_what_cannot_be_is_said(owner: Member) -> None:
    owner.workspace.name = "Größe Łódź Ñandú Ελληνικά Привіт Tiếng Việt"
    owner.workspace.save()
    channel = people.channel(owner)
    out(channel, "plain", likes=1, engaged=1)
    client, said = people.signed_in(owner), "[…] stands for words in letters that this file cannot show"
    whole = " ".join(words(taken(client, owner, "report.pdf")))
    assert owner.workspace.name in whole
    assert said not in whole
    out(channel, "Fresh 🍞 日本語 のテキスト مرحبا bread", likes=2, engaged=2)
    whole = " ".join(words(taken(client, owner, "report.pdf")))
    assert "Fresh […] bread" in whole
    assert said in whole


def test_without_a_channel_or_a_number_the_pdf_says_so_little(owner: Member) -> None:
    assert "Posts 0" in words(taken(people.signed_in(owner), owner, "report.pdf"))[0]
    people.channel(owner)
    assert "No time stands out" in " ".join(words(taken(people.signed_in(owner), owner, "report.pdf")))


def test_the_printer_opens_no_connection_and_knows_no_secret(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDINGS_SECRET", "told to nobody")
    assert not [name for name in printing._environment() if name.startswith("TIDINGS")]
    busy(owner)
    question = asked(owner.workspace, {})
    sheet = packed(laid_out(report(question.scope, question.period), owner))
    watched = (
        "import sys; sys.addaudithook(lambda event, _: event.startswith('socket.') and sys.exit(event));"
        "from tidings.web.analytics.printer import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", watched], input=sheet.encode(), capture_output=True, check=False)
    assert (done.stdout[:5], done.stderr) == (b"%PDF-", b"")


@pytest.mark.parametrize("fault", ["the printer ends", "the printer hangs", "others print"])
def test_what_cannot_be_printed_leads_back_to_the_page_with_a_word(
    owner: Member, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: str
) -> None:
    people.channel(owner)
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 1" if fault == "the printer ends" else "#!/bin/sh\nexec sleep 60")
    broken.chmod(0o700)
    monkeypatch.setattr(printing.sys, "executable", str(broken))
    monkeypatch.setattr(printing, "SECONDS", 0.2)
    if fault == "others print":
        monkeypatch.setattr(printing, "WAITING", 0.01)
        monkeypatch.setattr(printing, "PRINTERS", BoundedSemaphore(1))
        printing.PRINTERS.acquire()
    answer = people.signed_in(owner).get(f"{people.home(owner)}/analytics/report.pdf?days=90", follow=True)
    assert answer.redirect_chain == [(f"{people.home(owner)}/analytics?days=90", 302)]
    assert "The file could not be made." in answer.content.decode()
