"""``make shots``: the screenshots of the README, taken in a real browser from the demo.

Uses the product that runs at PORT, or starts one in a folder that is thrown away. ``make shots SHOTS=--all`` takes
every page in every look (two widths, two languages, light and dark) into build/shots instead.
"""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
SIZES = {1440: 900, 390: 844}
PEOPLE = {"my-day": "layla", "client": "layla", "opportunities": "layla", "team": "omar", "survey": "layla"}
LARGEST = 250_000
READY_AFTER = 240


class Look(NamedTuple):
    page: str
    language: str
    theme: str
    width: int

    @property
    def file(self) -> str:
        return f"{self.page}-{self.language}-{self.theme}-{self.width}.png"


README = [
    Look("my-day", "en", "light", 1440),
    Look("client", "en", "light", 1440),
    Look("opportunities", "en", "dark", 1440),
    Look("team", "ar", "light", 1440),
    Look("my-day", "ar", "dark", 390),
    Look("survey", "ar", "light", 390),
]


def main() -> None:
    # Ended from outside, it still stops the demo that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    everything = "--all" in sys.argv
    looks = (
        [Look(*values) for values in product(PEOPLE, ("en", "ar"), ("light", "dark"), SIZES)] if everything else README
    )
    folder = PROJECT / ("build/shots" if everything else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Screenshots need a Chromium: put `chromium` on the PATH.")
    with a_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--font-render-hinting=none"]
        )
        paths = find_pages(browser, address)
        for look in looks:
            picture = squeeze(take(browser, address, paths[look.page], look))
            if len(picture) > LARGEST:
                sys.exit(f"{look.file} has {len(picture):,} bytes; pictures of the README have at most {LARGEST:,}.")
            (folder / look.file).write_bytes(picture)
            print(f"{len(picture):>9,}  {(folder / look.file).relative_to(PROJECT)}", flush=True)


@contextmanager
def a_demo() -> Iterator[str]:
    """The address of the product that runs already, or of one that lives as long as this."""
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if answers(address):
        yield address
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="rafiq-shots-") as folder:
        # PostgreSQL's own account must be able to walk through when root starts it.
        Path(folder).chmod(0o711)
        environment = os.environ | {"PORT": port, "DATA_DIR": f"{folder}/data", "RAFIQ_ENV": "local"}
        served = subprocess.Popen([sys.executable, "-m", "config.supervisor"], cwd=PROJECT, env=environment)
        try:
            deadline = time.monotonic() + READY_AFTER
            while not answers(address):
                if served.poll() is not None or time.monotonic() > deadline:
                    sys.exit("The demo did not start; its own words stand above.")
                time.sleep(0.5)
            yield address
        finally:
            served.send_signal(signal.SIGINT)
            served.wait(60)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2):
            return True
    except OSError:
        return False


def find_pages(browser: Browser, address: str) -> dict[str, str]:
    """Where to look: the client with the most to tell, and a survey that waits for its answer."""
    page = sign_in(browser, address, "layla", Look("", "en", "light", 1440))
    visit(page, f"{address}/o/demo/clients/?tier=strategic&sort=-mrr")
    links = page.locator("main a[href^='/o/demo/clients/0']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    clients = [link for link in dict.fromkeys(links) if re.fullmatch(r"/o/demo/clients/[0-9a-f-]{36}/", link)]
    survey = newest_survey(page, address) or send_survey(page, address, clients)
    page.context.close()
    return {
        "my-day": "/o/demo/",
        "client": clients[0],
        "opportunities": "/o/demo/clients/opportunities/",
        "team": "/o/demo/team/",
        "survey": survey,
    }


def newest_survey(page: Page, address: str) -> str:
    """The path of a survey in the local mailbox that can still be answered."""
    page.goto(f"{address}/accounts/mailbox/")
    mails = page.locator("main a[href^='/accounts/mailbox/']").evaluate_all("all => all.map(one => one.href)")
    for mail in mails[:20]:
        page.goto(mail)
        found = re.search(r"https?://[^/\s]+(/s/[^/\s]+/)(?=[?\s])", page.locator("main").inner_text())
        if found and page.goto(address + found[1]).ok and page.locator("form input[type=radio]").count():
            return found[1]
    return ""


def send_survey(page: Page, address: str, clients: list[str]) -> str:
    """As a manager would, to the first client whose contact may be asked."""
    for client in clients:
        page.goto(address + client.replace("/clients/", "/interactions/surveys/send/"))
        if not page.locator("select[name=contact]").count():
            continue
        surveys = page.locator("select[name=survey]")
        surveys.select_option(index=surveys.locator("option").count() - 1)
        page.locator("main form button[type=submit]").first.click()
        if "/surveys/send/" in page.url:
            continue
        for _ in range(30):
            if found := newest_survey(page, address):
                return found
            time.sleep(1)
    sys.exit("No survey could be sent: nobody of the first clients may be asked now.")


def sign_in(browser: Browser, address: str, person: str, look: Look) -> Page:
    context = browser.new_context(
        locale=look.language,
        color_scheme=look.theme,
        viewport={"width": look.width, "height": SIZES[look.width]},
        timezone_id="Asia/Riyadh",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", f"{person}@demo.example")
    page.fill("input[name=password]", os.environ.get("DEMO_PASSWORD", "rafiq-demo"))
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/o/demo/**")
    return page


def take(browser: Browser, address: str, path: str, look: Look) -> bytes:
    page = sign_in(browser, address, PEOPLE[look.page], look)
    visit(page, f"{address}{path}{f'?lang={look.language}&s=9' if look.page == 'survey' else ''}")
    page.evaluate("document.fonts.ready")
    picture = page.screenshot(animations="disabled", caret="hide")
    page.context.close()
    return picture


def visit(page: Page, url: str) -> None:
    """Open the page and wait until it is whole; one that answers with an error is no picture for a README."""
    answer = page.goto(url, wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{url} answered {answer.status if answer else 'nothing'}; its log may say why.")


def squeeze(picture: bytes) -> bytes:
    """The same pixels in fewer bytes: the browser compresses for speed, this for size."""
    chunks: dict[bytes, bytes] = {}
    position = 8
    while position < len(picture):
        length, kind = struct.unpack_from(">I4s", picture, position)
        chunks[kind] = chunks.get(kind, b"") + picture[position + 8 : position + 8 + length]
        position += 12 + length
    best = zlib.compress(zlib.decompress(chunks[b"IDAT"]), 9)
    kept = [(b"IHDR", chunks[b"IHDR"]), (b"IDAT", best), (b"IEND", b"")]
    return picture[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in kept
    )


if __name__ == "__main__":
    main()
