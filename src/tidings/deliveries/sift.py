"""What a calendar is narrowed to. Channels, tags and authors narrow the query; faces and words what it finds: a face
is reckoned of several rows, and SQLite knows upper and lower case of English letters only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from tidings.channels.models import Channel
from tidings.deliveries.face import LABELS
from tidings.posts.models import Item, Post, Variant

Query = list[tuple[str, str]]
MOST = 50  # values of one kind; an address with more was not made by a person
LONGEST = 200  # characters that are looked for


@dataclass(frozen=True)
class Filters:
    """Kinds narrow one another; within a kind any will do. A group stands for its channels."""

    channels: frozenset[UUID] = frozenset()
    groups: frozenset[str] = frozenset()
    tags: frozenset[UUID] = frozenset()
    states: frozenset[str] = frozenset()
    authors: frozenset[UUID] = frozenset()
    text: str = ""

    @property
    def words(self) -> list[str]:
        """What is looked for; each must be there."""
        return self.text.casefold().split()

    def lets(self, face: str) -> bool:
        """Whether posts of this face are shown."""
        return not self.states or face in self.states

    def query(self) -> Query:
        """As they stand in an address."""
        many = {"channel": self.channels, "group": self.groups, "tag": self.tags, "state": self.states,
                "author": self.authors}  # fmt: skip
        said = [(name, one) for name, values in many.items() for one in sorted(str(value) for value in values)]
        return said + ([("text", self.text)] if self.text else [])


EVERYTHING = Filters()


def read(said: Mapping[str, Sequence[str]]) -> Filters:
    """The filters of an address; what makes no sense there narrows nothing."""

    def several(name: str) -> list[str]:
        return [value for value in said.get(name, ()) if value][:MOST]

    return Filters(
        channels=_ids(several("channel")),
        groups=frozenset(several("group")),
        tags=_ids(several("tag")),
        states=frozenset(several("state")) & LABELS.keys(),
        authors=_ids(several("author")),
        text=" ".join("".join(several("text")[:1]).split())[:LONGEST],
    )


def _ids(texts: Iterable[str]) -> frozenset[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)


def sift(posts: QuerySet[Post], by: Filters) -> QuerySet[Post]:
    """These posts, as far as the query can tell; answers to what others wrote stand in the inbox."""
    posts = posts.filter(answer=False)
    if by.channels or by.groups:
        channels = Channel.objects.filter(Q(id__in=by.channels) | Q(group__in=by.groups))
        posts = posts.filter(id__in=Post.channels.through.objects.filter(channel__in=channels).values("post"))
    if by.tags:
        posts = posts.filter(id__in=Post.tags.through.objects.filter(tag__in=by.tags).values("post"))
    return posts.filter(author__in=by.authors) if by.authors else posts


def saying(posts: Iterable[UUID], words: Sequence[str]) -> set[UUID]:
    """Those in whose parts, for whichever channel, or note all of these words stand."""
    ids = list(posts)
    said: dict[UUID, list[str]] = {id: [] for id in ids}
    for rows in (
        Post.objects.filter(id__in=ids).exclude(note="").values_list("id", "note"),
        Item.objects.filter(post__in=ids).values_list("post_id", "text"),
        Variant.objects.filter(item__post__in=ids).exclude(text=None).values_list("item__post_id", "text"),
    ):
        for post, text in rows:
            said[post].append((text or "").casefold())
    whole = {post: "\n".join(texts) for post, texts in said.items()}
    return {post for post, text in whole.items() if all(word in text for word in words)}
