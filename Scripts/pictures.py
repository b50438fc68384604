#!/usr/bin/env python3
"""Makes the README's pictures out of the built programs at work: pictures.py BIN-FOLDER.

Documentation/pictures/watch.svg is the screen of `stipplectl watch` during a run on the virtual handpiece, as tmux has it;
report.png the page that `make demo` leaves, as a browser shows it. Needs tmux, and chromium for the page.
"""

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.join(TREE, "Documentation", "pictures")
COLUMNS, ROWS = 80, 24
# Terminal colours on a dark ground: the sixteen of the palette.
PALETTE = ["#1d1f21", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
           "#5c6370", "#ff7b86", "#b5e08e", "#ffd68a", "#7cc4ff", "#dd92f0", "#6fd3e0", "#ffffff"]
GROUND, INK = "#16181d", "#c8ccd4"
CELL_WIDTH, CELL_HEIGHT, SIZE = 8.4, 18, 14


class Style:
    """What the escape sequences so far say of the next characters."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.ink, self.ground, self.bold, self.dim, self.reverse = None, None, False, False, False

    def take(self, codes):
        codes = [int(code or 0) for code in codes]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code == 1:
                self.bold = True
            elif code == 2:
                self.dim = True
            elif code == 22:
                self.bold = self.dim = False
            elif code == 7:
                self.reverse = True
            elif code == 27:
                self.reverse = False
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.ink = PALETTE[code - 30 if code < 90 else code - 82]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.ground = PALETTE[code - 40 if code < 100 else code - 92]
            elif code == 39:
                self.ink = None
            elif code == 49:
                self.ground = None
            elif code in (38, 48) and codes[:1] == [5]:
                number = codes[1]
                colour = PALETTE[number] if number < 16 else INK
                self.ink, self.ground = (colour, self.ground) if code == 38 else (self.ink, colour)
                del codes[:2]

    def look(self):
        ink, ground = self.ink or INK, self.ground
        return (ground or GROUND, ink, self.bold, self.dim) if self.reverse else (ink, ground, self.bold, self.dim)


def svg(screen, title):
    """A terminal's screen with its escape sequences as a picture whose text can be selected and found."""
    width, height = COLUMNS * CELL_WIDTH + 24, ROWS * CELL_HEIGHT + 24
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" aria-label="{html.escape(title)}">',
             f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>',
             f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="{SIZE}">']
    style = Style()
    for row, line in enumerate(screen.split("\n")[:ROWS]):
        column, y = 0, 12 + row * CELL_HEIGHT
        for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
            if piece.startswith("\x1b"):
                style.take(piece[2:-1].split(";"))
                continue
            if not piece:
                continue
            ink, ground, bold, dim = style.look()
            x, long = 12 + column * CELL_WIDTH, len(piece) * CELL_WIDTH
            if ground:
                parts.append(f'<rect x="{x:.1f}" y="{y}" width="{long:.1f}" height="{CELL_HEIGHT}" fill="{ground}"/>')
            # Blanks at either end of a text, and several in a row, would be lost.
            for run in re.finditer(r"\S+(?: \S+)*", piece):
                weight = ' font-weight="bold"' if bold else ""
                faint = ' opacity="0.6"' if dim else ""
                parts.append(f'<text x="{x + run.start() * CELL_WIDTH:.1f}" y="{y + 14}" textLength="{len(run[0]) * CELL_WIDTH:.1f}" '
                             f'fill="{ink}"{weight}{faint}>{html.escape(run[0])}</text>')
            column += len(piece)
    return "\n".join(parts + ["</g>", "</svg>", ""])


class Practice:
    """The daemon on the virtual handpiece, and a technician's hands."""

    def __init__(self, programs):
        self.programs, self.folder = programs, tempfile.mkdtemp()
        self.socket = os.path.join(self.folder, "control")
        self.log = open(os.path.join(self.folder, "log"), "w", encoding="utf-8")
        self.daemon = subprocess.Popen(
            [f"{programs}/stippled", "--machine", f"{TREE}/Firmware-Profiles/machines/virtual-linear.yaml", "--profiles",
             f"{TREE}/Firmware-Profiles", "--state-dir", f"{self.folder}/state", "--socket", self.socket, "--virtual"],
            stderr=self.log)
        self.environment = dict(os.environ, STIPPLE_SOCKET=self.socket)
        end = time.monotonic() + 20
        while time.monotonic() < end and not os.path.exists(self.socket):
            time.sleep(0.1)

    def __call__(self, *words):
        subprocess.run([f"{self.programs}/stipplectl", *words], env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=60)

    def arm(self):
        """A busy host may wake the loop too late for a while."""
        for _ in range(20):
            try:
                return self("arm")
            except subprocess.CalledProcessError:
                time.sleep(1)
        raise SystemExit("this host keeps the machine from being armed: try when it is quiet")

    def end(self):
        self.daemon.terminate()
        self.daemon.wait(timeout=20)
        self.log.close()
        shutil.rmtree(self.folder)


def screen_of_watch(programs):
    hands = Practice(programs)
    session = f"stipple-pictures-{os.getpid()}"
    try:
        time.sleep(2)
        hands("client", "create", "K-0042")
        hands("client", "consent", "K-0042", "B-117")
        hands("session", "open", "--client", "K-0042")
        hands("session", "zone", "hairline", "--area", "12 cm²")
        hands("profile", "use", "hairline-soft")
        hands("session", "cartridge", "1rl-030", "--lot", "C-2711", "--expires", "2032-09-30")
        hands("session", "pigment", "--maker", "Nordlys", "--name", "Graphite", "--shade", "3", "--batch", "P-118",
              "--expires", "2032-06-30", "--dilution", "60 %")
        hands.arm()
        subprocess.run(["tmux", "new-session", "-d", "-s", session, "-x", str(COLUMNS), "-y", str(ROWS),
                        f"env STIPPLE_SOCKET={hands.socket} TERM=screen-256color {programs}/stipplectl watch"], check=True)
        hands("simulate", "pedal", "down")
        time.sleep(6)
        screen = subprocess.run(["tmux", "capture-pane", "-e", "-p", "-t", session], check=True, capture_output=True, text=True).stdout
        hands("simulate", "pedal", "up")
        return screen
    finally:
        subprocess.run(["tmux", "kill-session", "-t", session], stderr=subprocess.DEVNULL, check=False)
        hands.end()


def main():
    programs = os.path.abspath(sys.argv[1])
    os.makedirs(OUT, exist_ok=True)
    screen = screen_of_watch(programs)
    with open(os.path.join(OUT, "watch.svg"), "w", encoding="utf-8") as file:
        file.write(svg(screen, "stipplectl watch during a run"))
    print("Documentation/pictures/watch.svg")
    page = os.path.join(TREE, "demo-output", "report.html")
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser or not os.path.exists(page):
        sys.exit("the report's picture needs chromium, and the page that make demo leaves")
    subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=960,1180",
                    f"--screenshot={OUT}/report.png", f"file://{page}"], check=True, stderr=subprocess.DEVNULL, timeout=120)
    print("Documentation/pictures/report.png")


main()
