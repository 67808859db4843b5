"""People, workspaces and who belongs to which."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tidings.core import clock, secrets
from tidings.core.ids import new_id


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the login."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with this address; None as password means one that cannot sign in by password."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of this address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A login. `is_operator` runs the instance: the first person to register."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    clock24 = models.BooleanField(default=True)
    week_starts = models.PositiveSmallIntegerField(default=0)  # 0 Monday … 6 Sunday
    theme = models.CharField(max_length=6, default="system")
    single_keys = models.BooleanField(default=True)  # letters lead to pages
    portrait = models.CharField(max_length=16, blank=True)  # of its bytes, so that browsers may keep them; empty: none
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    told_until = models.DateTimeField(default=clock.now)  # mail has told them of what was held back until then
    frozen_at = models.DateTimeField(null=True, blank=True)  # since when nothing of theirs is processed, as they wish
    mailed = models.BooleanField(default=True)  # takes mails beside those that keep the login safe
    watched = models.BooleanField(default=True)  # address and browser of each sign-in are kept for the person to see
    storage = models.BigIntegerField(null=True, blank=True)  # bytes they may keep; null: as the instance says
    data_key = models.TextField(blank=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_once"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new person gets a data key of their own first."""
        if not self.data_key:
            self.data_key = secrets.ring().new_data_key(f"user:{self.id}:data_key")
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def face(self) -> str:
        """Where their picture is served; the address changes with the picture. Empty: there is none."""
        return f"/people/{self.id}/{self.portrait}.webp" if self.portrait else ""

    def key(self) -> secrets.DataKey:
        """What seals this person's secrets."""
        return secrets.ring().unwrap(self.data_key, f"user:{self.id}:data_key")


class UserPortrait(models.Model):
    """The picture that a person gave of themselves: a small WEBP, for whoever shares a workspace with them."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="kept_portrait")
    picture = models.BinaryField()

    def __str__(self) -> str:
        return str(self.user)


class Workspace(models.Model):
    """Whose things these are. Late policy: what to do with a delivery more than `late_minutes` behind."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=40, unique=True)
    zone = models.CharField(max_length=64, default="UTC")
    late_policy = models.CharField(
        max_length=5,
        default="send",
        choices=(("send", "Send it late"), ("hold", "Hold it back"), ("ask", "Ask me")),
    )
    late_minutes = models.PositiveIntegerField(default=60)
    data_key = models.TextField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (
            models.Index(fields=("late_policy",), name="workspace_holds", condition=~models.Q(late_policy="send")),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new workspace gets a data key of its own first."""
        if not self.data_key:
            self.data_key = secrets.ring().new_data_key(f"workspace:{self.id}:data_key")
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.name

    def key(self) -> secrets.DataKey:
        """What seals this workspace's secrets."""
        return secrets.ring().unwrap(self.data_key, f"workspace:{self.id}:data_key")


class WorkspaceLogo(models.Model):
    """The picture that stands on a workspace's printed reports: a small WEBP."""

    workspace = models.OneToOneField(Workspace, models.CASCADE, primary_key=True, related_name="logo")
    picture = models.BinaryField()

    def __str__(self) -> str:
        return str(self.workspace)


class Member(models.Model):
    """A person in a workspace, with a role (workspaces.policy says what each may do)."""

    ROLES = (
        ("owner", _("Owner")),
        ("admin", _("Admin")),
        ("editor", _("Editor")),
        ("contributor", _("Contributor")),
        ("client", _("Client")),
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=11, choices=ROLES)
    joined_at = models.DateTimeField(default=clock.now)
    key: "ApiKey | None" = None  # by which a program acts for them just now

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "user"), name="member_once"),)

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Tag(models.Model):
    """A word by which members sort posts and media; the same for both."""

    COLOURS = ("grey", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=6, default="grey", choices=[(colour, colour) for colour in COLOURS])

    class Meta:
        constraints = (models.UniqueConstraint("workspace", Lower("name"), name="tag_once"),)
        ordering = (Lower("name"),)

    def __str__(self) -> str:
        return self.name


class View(models.Model):
    """A calendar as a member likes to look at it: `query` is what stands in its address, the day left out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="views")
    user = models.ForeignKey(User, models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "user", "name"), name="view_once"),)
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CalendarLink(models.Model):
    """A private address at which a member's calendar program reads a workspace's posts; kept as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.OneToOneField(Member, models.CASCADE, related_name="calendar_link")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"calendar of {self.member}"


class Invitation(models.Model):
    """A link that lets somebody join; only the hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=11, choices=Member.ROLES, default="editor")
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email or str(self.id)


class SecurityEvent(models.Model):
    """Something about a login that matters for its safety. `whom`: a keyed hash of the address that was typed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="security_events")
    whom = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=100, blank=True)  # the network of a channel, the name of an API key
    ip = models.GenericIPAddressField(null=True, blank=True)
    place = models.CharField(max_length=45, blank=True)  # what the locks count an address as: itself, or its IPv6 /64
    browser = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (
            models.Index(fields=("user", "at"), name="security_of_user"),
            models.Index(fields=("kind", "whom", "at"), name="security_of_login"),
            models.Index(fields=("kind", "place", "at"), name="security_of_place"),
            models.Index(fields=("at",), name="security_age"),
            models.Index(fields=("at",), name="security_in_full", condition=~models.Q(place="", browser="")),
        )

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%F %T}"


class Knock(models.Model):
    """How often somebody came to one of our pages lately. `key`: a keyed hash of the page and who it was."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%F %T}"


class AuditEntry(models.Model):
    """Who did what in a workspace: written once, chained by hashes. Knows people by their ids only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="audit")
    number = models.PositiveBigIntegerField()
    who = models.UUIDField(null=True, blank=True)  # null: the program itself
    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)  # roles, networks, counts; nothing that a person wrote or is called
    at = models.DateTimeField(default=clock.now)
    before = models.CharField(max_length=64)  # the hash of the entry before
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "number"), name="audit_number_once"),)
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number}: {self.verb} {self.thing}"


class ApiKey(models.Model):
    """Lets a program act as a member. Shown once; kept as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)  # what people recognise it by
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # verbs of workspaces.policy
    created_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name
