"""Storage in an S3 bucket, so that several machines share media. Its host is the operator's choice, as the database's
is, and nobody else can name one: it is not reached by the door."""

import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tidings.media import sign
from tidings.media.address import Address
from tidings.media.storage import KEY, Away, Held, checked, fresh_key

STEP = 1 << 20  # bytes asked for at once by who reads along; what each reader holds in memory
STRIDE = 8 << 20  # the same for who only copies
PART = 5 << 20  # bytes of one part of a large file on its way up, the least that S3 takes
AT_ONCE = 2  # parts on their way up
FILES = BoundedSemaphore(4)  # copies on this machine's disk at once
CONNECT, SILENCE, WHOLE = timedelta(seconds=5), timedelta(seconds=90), timedelta(minutes=10)


def opened(address: Address, signed: bool = True) -> S3Store:
    """The client for this bucket. What the environment says of other buckets (AWS_…) is not believed."""
    return S3Store(
        address.bucket, prefix=address.folder or None, region=address.region,
        endpoint=address.endpoint, aws_endpoint_url_s3=address.endpoint,
        virtual_hosted_style_request=address.style == "virtual",
        access_key_id=address.key, secret_access_key=address.secret, skip_signature=not signed,
        disable_bulk_delete=True,  # not every S3 has it
        client_options={
            "allow_http": not address.tls, "connect_timeout": CONNECT, "read_timeout": SILENCE, "timeout": WHOLE,
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )  # fmt: skip


@contextmanager
def told() -> Iterator[None]:
    """What the client says of a bucket that cannot be used, in one line of ours."""
    try:
        yield
    except BaseError as error:
        raise Away(str(error).partition("\n")[0].partition(": <?xml")[0]) from None


class Bucket:
    """Storage in a bucket."""

    def __init__(self, address: Address, copies: Path) -> None:
        self.place, self._copies = address, copies
        self._there = opened(address)

    def put(self, file: IO[bytes], extension: str) -> str:
        """Keep what the stream gives; the key to find it again."""
        return self._put(fresh_key(extension), file)

    def adopt(self, path: Path, extension: str) -> str:
        """Keep a file of this machine, which is gone from `path` afterwards."""
        key = self._put(fresh_key(extension), path)
        path.unlink()
        return key

    def bring_back(self, key: str, file: IO[bytes]) -> bool:
        """Keep what the stream gives under a key that it had before; whether nothing was kept there."""
        try:
            self.look(key)
        except FileNotFoundError:
            self._put(key, file)
            return True
        self._put(key, file)
        return False

    def _put(self, key: str, file: IO[bytes] | Path) -> str:
        try:
            with told():
                obstore.put(self._there, checked(key), file, chunk_size=PART, max_concurrency=AT_ONCE)
        except FileNotFoundError:
            raise Away(f"There is no bucket {self.place.bucket}.") from None
        return key

    def look(self, key: str) -> Held:
        """What there is to serve; FileNotFoundError when there is nothing."""
        try:
            with told():
                found = obstore.head(self._there, checked(key))
        except FileNotFoundError:
            self._answers()
            raise FileNotFoundError(key) from None
        return Held(found["size"], found["last_modified"].timestamp(), part=partial(self._part, key))

    def _answers(self) -> None:
        """Raises Away when it is the bucket that is not there: nobody shall believe that its files are gone."""
        with told():
            next(iter(obstore.list(self._there, chunk_size=1)), None)

    async def _part(self, key: str, start: int, length: int) -> bytes:
        with told():
            return bytes(await obstore.get_range_async(self._there, key, start=start, length=length))

    def open(self, key: str) -> IO[bytes]:
        """The bytes, as a stream; FileNotFoundError when there are none."""
        return io.BufferedReader(_Reading(self._there, key, self.look(key).size), STEP)

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """The bytes as a file of this machine, while the block runs, whatever is deleted meanwhile; FileNotFoundError
        when there are none."""
        self._copies.mkdir(0o700, parents=True, exist_ok=True)
        with FILES, self.open(key) as file, tempfile.NamedTemporaryFile(dir=self._copies) as copy:
            shutil.copyfileobj(file, copy, STRIDE)
            copy.flush()
            yield Path(copy.name)

    def address(self, key: str, said: Mapping[str, str]) -> str:
        """Where whoever has this address gets the bytes without us, for a minute, with these headers."""
        return sign.address(self.place, checked(key), said)

    def delete(self, key: str) -> None:
        """Forget the bytes; nothing happens when there are none."""
        try:
            with told():
                obstore.delete(self._there, checked(key))
        except FileNotFoundError:
            self._answers()

    def kept(self) -> Iterator[tuple[str, float]]:
        """Everything kept, with the seconds since 1970 when it came; what else lies in the bucket is not ours."""
        with told():
            for batch in obstore.list(self._there):
                ours = (found for found in batch if KEY.fullmatch(found["path"]))
                yield from ((found["path"], found["last_modified"].timestamp()) for found in ours)


class _Reading(io.RawIOBase):
    """One file of a bucket, read in parts: each request is short, however slowly the reader takes what it gets."""

    def __init__(self, there: S3Store, key: str, size: int) -> None:
        super().__init__()
        self._there, self._key, self._size, self._at = there, key, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is: a part is asked for from any byte on."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go on from another byte."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: "memoryview", /) -> int:  # type: ignore[override]  # what BufferedReader hands in
        """Fill the buffer with the next part."""
        part = self._next(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def readall(self) -> bytes:
        """What is left, by one request."""
        return self._next(self._size)

    def _next(self, most: int) -> bytes:
        length = min(most, self._size - self._at)
        if length <= 0:
            return b""
        with told():
            part = bytes(obstore.get_range(self._there, self._key, start=self._at, length=length))
        self._at += len(part)
        return part
