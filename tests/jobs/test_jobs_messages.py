"""Messages as files: whole or not there, and one that is broken ends no worker."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest

from apa_portal.celery import app
from apa_portal.messages import logger


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Any]:
    """A channel of the embedded default, over a folder of its own."""
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(tmp_path))
    options = folders | {"control_folder": str(tmp_path / "control")}
    with app.connection_for_write("filesystem://localhost", transport_options=options) as connection:
        yield connection.channel()


def messages(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.jobs.msg") if not path.name.startswith(".")]


def test_nobody_can_take_a_message_that_is_being_written(channel: Any, tmp_path: Path) -> None:
    seen: list[list[Path]] = []

    class Slow:
        """Says what lies in the folder while it is written down."""

        def __json__(self) -> str:
            seen.append(messages(tmp_path))
            return "slow"

    channel._put("jobs", {"body": Slow()})
    assert seen == [[]] and len(messages(tmp_path)) == 1
    assert channel._get("jobs") == {"body": "slow"}


def test_messages_come_in_the_order_they_were_sent(channel: Any, tmp_path: Path) -> None:
    for number in range(12):
        channel._put("jobs", number)
    assert [channel._get("jobs") for _number in range(12)] == list(range(12))
    with pytest.raises(Empty):
        channel._get("jobs")
    assert not messages(tmp_path)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.LogCaptureFixture]:
    """What the messages' own logger says, however other tests have set up the others."""
    monkeypatch.setattr(logger, "disabled", False)
    caplog.set_level(logging.WARNING, logger=logger.name)
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


@pytest.mark.parametrize("broken", [b"", b'{"body": "cut', b"\xff\xfe"])
def test_a_broken_message_is_left_out(
    channel: Any, tmp_path: Path, broken: bytes, log: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "0_broken.jobs.msg").write_bytes(broken)
    channel._put("jobs", {"body": "whole"})
    assert channel._get("jobs") == {"body": "whole"}
    assert "could not be read" in log.text and not messages(tmp_path)


def test_a_list_of_queues_that_is_cut_off_is_written_anew(channel: Any, tmp_path: Path) -> None:
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / "jobs.exchange").write_bytes(b"")
    channel._queue_bind("jobs", "jobs", "", "jobs")
    assert [entry.queue for entry in channel.get_table("jobs")] == ["jobs"]
