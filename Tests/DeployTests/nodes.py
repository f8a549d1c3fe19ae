"""Call nodes on one database, proxies in front of them as Samples/deploy has it, and callers of light calls."""

import json
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from call_client import CallClient
from ports import free_port
from samples import ADDRESSES, replaced
from server import Server

KEY = "planted-environment-key-0123456789"
BEARER = {"Authorization": f"Bearer {KEY}"}
NAMES = ["one", "two", "three"]
START_WAIT_S = 60
# Of /proc/net/tcp.
ESTABLISHED = "01"
# One word of the quickest voice, so that a call costs next to nothing.
FLOW = """
voice: espeak:en-gb
states:
  ask:
    listen: Yes?
    intents: {over: {hear: [over], next: bye}}
    no-match: {say: Yes?, times: 9}
    no-input-after: 60s
    else: bye
  bye: {end: done, say: Bye.}
"""
# Between two calls of a caller. A node refuses calls beyond what it could serve if each of them spoke, and on a quick machine
# callers without a rest would place as many.
REST_S = 0.3


class Nodes:
    """Three servers on one PostgreSQL, by their names."""

    def __init__(self, cluster, folder):
        (folder / "light.yaml").write_text(FLOW)
        self._flows = str(folder)
        self._environment = {"USE_DATABASE": "true", "DATABASE_URL": cluster.url, "VOICE_API_KEY": KEY}
        self.servers = {name: self._started(name) for name in NAMES}
        for server in self.servers.values():
            self._warm(server)

    def addresses(self):
        """Where they listen, in the order of their names."""
        return [f"127.0.0.1:{self.servers[name].port}" for name in NAMES]

    def stop(self, name):
        """Ends one as an operator would: its calls go on until they end."""
        self.servers[name].stop()

    def start(self, name):
        """Starts one again where it was."""
        self.servers[name] = self._started(name, self.servers[name].port)
        self._warm(self.servers[name])

    def figure(self, name, metric):
        """A whole figure of the metrics of one, such as `voiceforge_calls_active`."""
        request = urllib.request.Request(f"{self.servers[name].url}/metrics", headers=BEARER)
        with urllib.request.urlopen(request, timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(metric + " "))

    def vanish(self):
        for server in self.servers.values():
            server.vanish()

    @staticmethod
    def _warm(server):
        """Has it say once what it says in every call: after that it finds all of it in its cache, and calls cost next to nothing."""
        server.wait_until_ready()
        call = begin(server.url)
        call.receive("turn")
        end(call)

    def _started(self, name, port=0):
        return Server(
            "--node", name, "--flows", self._flows, "--behind-proxy", "--loops", "1", "--lame-duck", "2s", "--drain", "60",
            port=port, environment=self._environment)


class Proxy:
    """HAProxy or nginx with the file of Samples/deploy, on ports of its own, in front of nodes at `addresses`; `log` is what it wrote."""

    def __init__(self, kind, addresses, folder):
        self.port, self.figures_port = free_port(), free_port()
        self._nodes = dict(zip(ADDRESSES, addresses, strict=True))
        command = {"haproxy": self._haproxy, "nginx": self._nginx}[kind](folder)
        self.log = folder / f"{kind}.log"
        with self.log.open("w") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self.url = f"http://127.0.0.1:{self.port}"
        self._wait()

    def stop(self):
        self._process.kill()
        self._process.wait()

    def figures(self, name):
        """What HAProxy says of itself: the values of a metric by its labels."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.figures_port}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith(name + "{")}

    def connections(self):
        """Ports of connections that are open from here to the nodes."""
        ports = {int(address.rsplit(":", 1)[1]) for address in self._nodes.values()}
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ends = [[int(end.split(":")[1], 16) for end in row[1:3]] for row in rows if row[3] == ESTABLISHED]
        return {own for own, other in ends if other in ports}

    def _haproxy(self, folder):
        path = folder / "haproxy.cfg"
        path.write_text(replaced("haproxy.cfg", {
            **self._nodes, "bind :8080": f"bind 127.0.0.1:{self.port}",
            "bind 127.0.0.1:8405": f"bind 127.0.0.1:{self.figures_port}"}))
        return ["haproxy", "-db", "-f", str(path)]

    def _nginx(self, folder):
        path = folder / "nginx.conf"
        kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        own = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
        path.write_text(replaced("nginx.conf", {
            **self._nodes, "listen 8080": f"listen 127.0.0.1:{self.port}", "pid /run/nginx.pid": f"pid {folder}/pid",
            "error_log /var/log/nginx/error.log": "error_log stderr",
            "http {\n": "http {\n" + own}))
        return ["nginx", "-c", str(path), "-p", str(folder), "-e", "stderr", "-g", "daemon off;"]

    def _wait(self):
        deadline = time.monotonic() + START_WAIT_S
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + "/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"no node is ready behind {self.url} after {START_WAIT_S} s")


@contextmanager
def proxied(kind, addresses, folder):
    """A proxy in front of nodes at three addresses; stopped at the end."""
    proxy = Proxy(kind, addresses, folder)
    try:
        yield proxy
    finally:
        proxy.stop()


def is_there(kind):
    """Whether the program of a proxy is installed."""
    return shutil.which(kind) is not None


def ask(url, path):
    """A document of REST."""
    with urllib.request.urlopen(urllib.request.Request(url + path, headers=BEARER), timeout=60) as answer:
        return json.load(answer)


def begin(url):
    """A call that is up and whose caller was understood once; opened with a call token and an `Origin`, as pages do."""
    request = urllib.request.Request(f"{url}/api/call-tokens", data=b"", headers={**BEARER, "Origin": url}, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        token = json.load(answer)["token"]
    call = CallClient(url, headers=[("Origin", url)], query=f"?token={token}")
    call.token = token
    call.send(type="start", flow="light")
    call.id = call.receive("ready")["callId"]
    say(call, "I have a question.")
    return call


def say(call, words):
    """Types something, and waits until it was understood."""
    call.send(type="text", text=words)
    call.receive("transcript", role="caller", text=words)


def end(call):
    """Hangs up, and waits until the node said that the call is over."""
    call.send(type="hangup")
    ending = call.receive("ended")
    call.close()
    assert ending["reason"] == "caller-hung-up", ending


class Callers:
    """Threads that place one light call after the other, each up for `hold_s` and a little, and ask REST meanwhile. `wrong` lists what went
    otherwise than it should."""

    def __init__(self, url, count, calls=None, hold_s=0):
        self._url, self._most, self._left, self._hold_s = url, calls, threading.Lock(), hold_s
        self._up, self._changes = 0, threading.Condition()
        self.placed, self.wrong = [], []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count):
        """Returns when so many calls more than now are over, or something went wrong."""
        goal = len(self.placed) + count
        while len(self.placed) < goal and not self.wrong:
            self._threads[0].join(0.05)

    def wait_until_up(self, count):
        """Returns when so many calls are up at once, or something went wrong."""
        with self._changes:
            self._changes.wait_for(lambda: self._up >= count or self.wrong)

    def finish(self):
        """Has the calls that are up end, and waits for them."""
        if self._most is None:
            self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _run(self):
        while not self._is_over.is_set() and self._may_begin():
            try:
                ask(self._url, "/api/calls?limit=1")
                call = begin(self._url)
                self._note(1)
                ask(self._url, "/api/flows")
                self._is_over.wait(self._hold_s)
                self._note(-1)
                end(call)
                self.placed.append(call.id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                self.wrong.append(repr(error))
                self._note(0)
            self._is_over.wait(REST_S)

    def _note(self, more):
        with self._changes:
            self._up += more
            self._changes.notify_all()

    def _may_begin(self):
        if self._most is None:
            return True
        with self._left:
            self._most -= 1
            return self._most >= 0
