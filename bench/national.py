"""The nation's month beside what an office without a portal would do with the same 495 workbooks, in one run.

Like for like, as far as the two go: the peer (`bench.merge`, plain openpyxl) reads each workbook once and writes one
for each of 64 districts, 8 divisions and the nation; LibreOffice prints these 73. The portal reads them with
its checks, judges, submits and verifies each return, adds up the totals, and prints the same 73 months as it always
does: designed, with code, QR, text layer and data. Its times include the start of its commands; papers are made by two
processes that have printed before, as in production. Both begin from nothing in each of the pairs, one after the other,
and the sums of all 73 are compared. ``python -m bench.national [--json]``: beside the home and database that the
environment names.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO, Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.suite import RUNS, Measure, report

PAIRS = 2
PRINTERS = 2
#: Resident memory of the import, its readers included, in MB.
MEMORY = 300


@dataclass(frozen=True)
class Instance:
    """A home, and its database where that does not lie in it."""

    home: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        own = {"PORTAL_HOME": str(self.home), "PORTAL_DEMO": "1"}
        return os.environ | own | ({"DATABASE_URL": self.database} if self.database else {})

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self.environment, stdout=subprocess.PIPE, check=True, text=True
        )
        return done.stdout

    @contextmanager
    def copy(self) -> Iterator[Instance]:
        """The same once more, until the block ends."""
        home = Path(tempfile.mkdtemp(prefix="bench-"))
        twin = Instance(home / "home", f"{self.database}_run" if self.database else "")
        try:
            shutil.copytree(self.home, twin.home)
            if self.database:
                make_database(twin.database, template=self.database)
            yield twin
        finally:
            shutil.rmtree(home)


def make_database(address: str, *, template: str = "") -> None:
    """A database of that name, anew; as a copy of another one."""
    name = sql.Identifier(urlsplit(address).path.lstrip("/"))
    source = sql.Identifier(urlsplit(template).path.lstrip("/") if template else "template0")
    with psycopg.connect(address.rpartition("/")[0] + "/postgres", autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, source))


class Worker:
    """A process of `bench.work`; ``ask`` and ``answer`` apart, so that two can work at once."""

    def __init__(self, instance: Instance) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.work"],
            env=instance.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._orders: IO[str] = self._process.stdin
        self._answers: IO[str] = self._process.stdout
        assert json.loads(self._answers.readline()) == "ready"

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_error: object) -> None:
        self._orders.close()
        self._answers.close()
        self._process.wait()

    def ask(self, *words: str) -> None:
        self._orders.write(json.dumps(words) + "\n")
        self._orders.flush()

    def answer(self) -> tuple[float, Any]:
        """The seconds it took, and what came of it."""
        line = self._answers.readline()
        assert line, "a process of the bench died"
        seconds, answer = json.loads(line)
        return seconds, answer

    def do(self, *words: str) -> tuple[float, Any]:
        self.ask(*words)
        return self.answer()


@dataclass
class Times:
    """Seconds of each pair."""

    merge: list[float] = field(default_factory=list)
    convert: list[float] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)
    papers: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    rolled: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def seconds(*words: str | Path, **more: Any) -> float:
    begun = time.perf_counter()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, **more)
    return time.perf_counter() - begun


def run_peer(folder: Path, tree: dict[str, str | None], out: Path, times: Times) -> None:
    known = out / "tree.json"
    known.write_text(json.dumps(tree))
    times.merge.append(seconds(sys.executable, Path(__file__).with_name("merge.py"), folder, known, out / "merged"))
    books = sorted((out / "merged").glob("*.xlsx"))
    assert len(books) == 73, f"the peer wrote {len(books)} workbooks"
    if office := shutil.which("soffice"):
        profile = f"-env:UserInstallation=file://{out}/profile"
        words = [
            office,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(out / "printed"),
            *map(str, books),
        ]
        times.convert.append(seconds(*words, stderr=subprocess.DEVNULL))
        assert len(list((out / "printed").glob("*.pdf"))) == len(books), "LibreOffice left some out"


def memory_of(process: subprocess.Popen[bytes]) -> float:
    """MB that a process and those it started hold now, pages that they share counted in each."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    try:
        pids = [str(process.pid), *children.read_text().split()]
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    except (OSError, IndexError):  # it ended meanwhile
        return 0.0
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1024**2


def import_all(instance: Instance, folder: Path, period: str, times: Times) -> None:
    """Files to verified totals, the department's included, by the portal's own commands."""
    begun, peak = time.perf_counter(), 0.0
    words = ["--period", period, "--as", "admin.bd", "--submit", "--verify-as", "cell.bd"]
    command = [sys.executable, "manage.py", "import_returns", str(folder), *words]
    with subprocess.Popen(command, env=instance.environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, memory_of(process))
            time.sleep(0.05)
    assert process.returncode == 0, "the import was refused"
    told = json.loads(instance.run("manage.py", "show_totals", "bd", period, "--json"))
    times.totals.append(time.perf_counter() - begun)
    times.memory.append(peak)
    assert told["completeness"]["verified"] == len(list(folder.glob("*.xlsx"))), told["completeness"]


def print_due(offices: Sequence[str], printers: Sequence[Worker]) -> int:
    """The papers that the report centre would make for these offices, each by the printer that is free; how many."""
    wanted = set(printers[0].do("due")[1])
    waiting = iter([office for office in offices if office in wanted])
    lock = Lock()

    def work(printer: Worker) -> int:
        made = 0
        while True:
            with lock:
                office = next(waiting, None)
            if office is None:
                return made
            made += int(printer.do("print", office)[1])

    with ThreadPoolExecutor(len(printers)) as pool:
        return sum(pool.map(work, printers))


def print_papers(instance: Instance, above: dict[str, str | None], out: Path, times: Times) -> None:
    """The 73 papers; then one figure is amended, and they are asked for again."""
    offices = superiors(above)
    with ExitStack() as stack:
        printers = [stack.enter_context(Worker(instance)) for _number in range(PRINTERS)]
        agreed = printers[0].do("agree", str(out / "merged"))[1]
        assert agreed > 5000, f"only {agreed} figures are the peer's too"
        begun = time.perf_counter()
        made = print_due(offices, printers)
        times.papers.append(time.perf_counter() - begun)
        assert made == len(offices) == 73, f"{made} papers of {len(offices)}"
        begun = time.perf_counter()
        corrected = printers[0].do("correct")[1]
        again = print_due(offices, printers)
        times.again.append(time.perf_counter() - begun)
        assert again == 3, f"after one correction of {corrected} {again} papers were made anew"
        for _number in range(RUNS):
            times.rolled.append(printers[0].do("roll up")[1])


def superiors(above: dict[str, str | None]) -> list[str]:
    """The offices that have others below them, the nation first: its paper takes longest."""

    def depth(office: str | None) -> int:
        return 0 if office is None else 1 + depth(above[office])

    return sorted({office for office in above.values() if office}, key=lambda office: (depth(office), office))


def build(instance: Instance) -> None:
    """The country, once."""
    if (instance.home / "built").exists():
        return
    sys.stderr.write(f"Building the country in {instance.home}\n")
    shutil.rmtree(instance.home, ignore_errors=True)
    instance.home.mkdir(parents=True)
    if instance.database:
        make_database(instance.database)
    instance.run("manage.py", "migrate", "--verbosity", "0")
    instance.run("-m", "bench.country")
    if instance.database:  # what a server's own housekeeping has done by the time a month is imported
        with psycopg.connect(instance.database, autocommit=True) as server:
            server.execute("ANALYZE")
    (instance.home / "built").touch()


def measures() -> list[Measure]:
    """Build the country beside the home and database that the environment names, and take each measure."""
    database = os.environ.get("DATABASE_URL", "")
    instance = Instance(Path(f"{os.environ['PORTAL_HOME']}-country"), f"{database}_country" if database else "")
    build(instance)
    with Worker(instance) as worker:
        above, period = worker.do("country")[1]
    times = Times()
    for _pair in range(PAIRS):
        with instance.copy() as twin:
            out = twin.home.parent
            folder = twin.home / "workbooks"
            run_peer(folder, above, out, times)
            import_all(twin, folder, period, times)
            print_papers(twin, above, out, times)
    return told(times)


def told(times: Times) -> list[Measure]:
    merge, totals, papers, again = map(statistics.median, (times.merge, times.totals, times.papers, times.again))
    found = [
        Measure("495 workbooks merged by plain openpyxl", merge, "s"),
        Measure("495 files to verified totals, all checks", totals, "s"),
        Measure("files to verified totals", ratio(times.totals, times.merge), "× merge", 1.5),
        Measure("import of 495 files, resident memory with its readers", max(times.memory), "MB", MEMORY),
        Measure("73 designed papers", papers, "s"),
        Measure("3 of 73 papers anew after one correction", again, "s"),
        Measure("a national month rolled up from nothing", statistics.median(times.rolled), "s", 0.5),
    ]
    if not times.convert:
        sys.stderr.write("skipped: the comparison of papers (apt-get install libreoffice-calc-nogui)\n")
        return found
    whole = [sum(pair) for pair in zip(times.merge, times.convert, strict=True)]
    ours = [sum(pair) for pair in zip(times.totals, times.papers, strict=True)]
    return [
        *found,
        Measure("73 merged workbooks printed by LibreOffice", statistics.median(times.convert), "s"),
        Measure("files to 73 papers", ratio(ours, whole), "× merge and print", 2),
        Measure("after one correction", ratio(times.again, whole), "× merge and print", 0.1),
    ]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


if __name__ == "__main__":
    sys.exit(report(measures()))
