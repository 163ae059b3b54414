"""Runs one command in its own session, outlives whoever started it, and writes down how the command ended.

    python3 -I supervise.py DIR           start what DIR/spec.json says; a folder that was started already is left alone
    python3 -I supervise.py --sweep DIR   the supervisor is gone: kill what it left behind and record the loss

Prints one JSON line: {"result": "started" | "already" | "swept" | "held" | "error", "message"?}. Only the standard library, Python 3.10 or newer.
"""

import ctypes
import datetime
import errno
import fcntl
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time

MARK = "FLOE_PROCESS_UID"
RESERVED = 4096

# How long the end of a command waits for room on a full disk, so that its last output can be written.
ROOM_SECONDS = 60
LINUX = sys.platform.startswith("linux")


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def read_json(path):
    try:
        return json.loads(read_text(path))
    except FileNotFoundError:
        return None


def start_of(pid):
    """When a process began, as a text that no later process with the same number shares; None if there is none."""
    try:
        if LINUX:
            fields = read_text(f"/proc/{pid}/stat").rpartition(")")[2].split()
            return None if fields[0] in "ZX" else fields[19]
        answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return answer.stdout.strip() or None
    except OSError:
        return None


def boot_id():
    if LINUX:
        return read_text("/proc/sys/kernel/random/boot_id").strip()
    return subprocess.run(["sysctl", "-n", "kern.boottime"], capture_output=True, text=True, check=False).stdout.strip()


def prctl(option, value):
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def clear_words(error):
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full ({error.filename or 'while writing'})"
    if isinstance(error, FileNotFoundError):
        return f"{error.filename}: no such file"
    if isinstance(error, PermissionError):
        return f"{error.filename}: permission denied"
    return str(error)


def signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class Folder:
    """The files of one supervised process."""

    def __init__(self, path):
        self.path = path

    def file(self, name):
        return os.path.join(self.path, name)

    def lock(self):
        """An open descriptor that holds the folder's lock, or None where another supervisor lives."""
        descriptor = os.open(self.file("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None

    def sync(self):
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def write(self, name, content, durable=True):
        temporary = self.file(f".{name}.tmp")
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, self.file(name))
        if durable:
            self.sync()

    def reserve_ending(self):
        """Takes the blocks of exit.json now, so that an end can be recorded on a full disk too."""
        self.write(".exit.reserved", b" " * RESERVED)

    def write_ending(self, ending):
        content = json.dumps(ending).encode()
        if len(content) > RESERVED:
            ending = dict(ending, message=ending.get("message", "")[:1000])
            content = json.dumps(ending).encode()
        reserved = self.file(".exit.reserved")
        if not os.path.exists(reserved):
            self.write("exit.json", content)
            return
        with open(reserved, "r+b") as file:
            file.write(content.ljust(RESERVED))
            file.flush()
            os.fsync(file.fileno())
        os.replace(reserved, self.file("exit.json"))
        self.sync()

    def remove(self, *names):
        for name in names:
            try:
                os.unlink(self.file(name))
            except FileNotFoundError:
                pass


class Log:
    """Both output streams in one capped file.

    Where the disk is full the output waits in memory and is written once there is room. What finds no room in memory
    either is counted, and a line in the log says how much is missing there; the command never waits. Of a command that
    writes more than the cap the last part is kept in memory and written at its end.
    """

    WAITING = 8 << 20
    LAST = 256 << 10

    def __init__(self, folder, spec):
        self.path = folder.file("log")
        self.limit = spec.get("logMaxBytes") or 64 << 20
        self.last = min(self.LAST, self.limit // 2)
        self.rotates = spec["mode"] == "service"
        self.waiting = bytearray()
        self.dropped = 0
        self.lost = 0
        self.tail = None
        self.beyond = 0
        self.open()

    def open(self):
        self.file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.size = os.fstat(self.file).st_size

    @property
    def stuck(self):
        """Whether output waits for room on the disk."""
        return bool(self.waiting or self.dropped)

    def append(self, data):
        if self.tail is not None:
            self.keep_last(data)
            return
        if self.size + len(self.waiting) + len(data) > self.limit - (0 if self.rotates else self.last):
            if self.rotates:
                self.rotate()
                data = data[-self.limit:]
            else:
                room = max(0, self.limit - self.last - self.size - len(self.waiting))
                self.tail = bytearray()
                self.keep_last(data[room:])
                data = data[:room]
        self.put(data)

    def rotate(self):
        try:
            os.replace(self.path, self.path + ".1")
            os.close(self.file)
            self.open()
        except OSError:
            pass  # continues in the present file until there is room for another

    def keep_last(self, data):
        self.beyond += len(data)
        self.tail += data
        if len(self.tail) > 2 * self.last:
            del self.tail[: -self.last]

    def put(self, data):
        """Writes, in order, now or once there is room."""
        if not self.flush():
            self.wait_for_room(data)
            return
        rest = self.write(data)
        if rest:
            self.wait_for_room(rest)

    def wait_for_room(self, data):
        room = 0 if self.dropped else max(0, self.WAITING - len(self.waiting))
        self.waiting += data[:room]
        self.dropped += len(data) - len(data[:room])

    def write(self, data):
        """What could not be written."""
        data = memoryview(bytes(data))
        while data:
            try:
                written = os.write(self.file, data)
            except OSError:
                return bytes(data)
            self.size += written
            data = data[written:]
        return b""

    def flush(self):
        """Writes what waits; False where there is still no room."""
        if self.waiting:
            self.waiting = bytearray(self.write(self.waiting))
        if not self.waiting and self.dropped:
            lost, self.dropped = self.dropped, 0
            self.lost += lost
            self.waiting = bytearray(self.write(b"\n[floe] %d bytes of output are missing here: the disk was full\n" % lost))
        return not self.waiting

    def finish(self, go_on):
        """The command has ended: writes what is left, for as long as `go_on` says; the rest is lost."""
        if self.tail is not None:
            last = bytes(self.tail[-self.last :])
            if self.beyond > len(last):
                self.put(b"\n[floe] %d bytes are left out here: %d bytes are the log's limit\n" % (self.beyond - len(last), self.limit))
            self.put(last)
            self.tail = None
        while not self.flush() and go_on():
            time.sleep(0.2)
        self.lost += len(self.waiting) + self.dropped
        self.waiting, self.dropped = bytearray(), 0


class Memory:
    """A memory limit for the command and all it starts, by the strongest means this machine gives us."""

    def __init__(self, uid, limit):
        self.kind = "none"
        self.limit = limit
        self.group = None
        if not limit:
            return
        self.kind = "rlimit"
        if LINUX:
            for kind, parent in self.candidates():
                if self.make(kind, os.path.join(parent, f"floe-{uid}"), limit):
                    return

    @staticmethod
    def candidates():
        try:
            own = {}
            for line in read_text("/proc/self/cgroup").splitlines():
                _, controllers, path = line.split(":", 2)
                own[controllers] = path.strip("/")
            for line in read_text("/proc/self/mountinfo").splitlines():
                front, _, back = line.partition(" - ")
                fields, kind = front.split(), back.split()
                mount = fields[4]
                if kind[0] == "cgroup2":
                    path = own.get("", "")
                    while True:
                        parent = os.path.join(mount, path)
                        controllers = os.path.join(parent, "cgroup.subtree_control")
                        if os.path.exists(controllers) and "memory" in read_text(controllers).split():
                            yield "cgroup-v2", parent
                        if not path:
                            break
                        path = os.path.dirname(path)
                elif kind[0] == "cgroup" and "memory" in kind[2].split(","):
                    path = next((p for c, p in own.items() if "memory" in c.split(",")), "")
                    yield "cgroup-v1", os.path.join(mount, path)
                    yield "cgroup-v1", mount
        except OSError:
            return

    def make(self, kind, group, limit):
        try:
            os.mkdir(group)
        except FileExistsError:
            pass
        except OSError:
            return False
        try:
            if kind == "cgroup-v2":
                self.put(group, "memory.max", limit)
                self.put(group, "memory.swap.max", 0, optional=True)
                self.put(group, "memory.oom.group", 1, optional=True)
            else:
                self.put(group, "memory.limit_in_bytes", limit)
                self.put(group, "memory.memsw.limit_in_bytes", limit, optional=True)
            self.kind, self.group = kind, group
            return True
        except OSError:
            try:
                os.rmdir(group)
            except OSError:
                pass
            return False

    @staticmethod
    def put(group, name, value, optional=False):
        try:
            with open(os.path.join(group, name), "w", encoding="ascii") as file:
                file.write(str(value))
        except OSError:
            if not optional:
                raise

    def enter(self):
        """In the child, before it becomes the command."""
        if self.group:
            self.put(self.group, "cgroup.procs", 0)
        elif self.limit:
            try:
                resource.setrlimit(resource.RLIMIT_DATA, (self.limit, self.limit))
            except (OSError, ValueError):
                pass

    def kills(self):
        """How often the kernel killed for memory in this group."""
        name = {"cgroup-v2": "memory.events", "cgroup-v1": "memory.oom_control"}.get(self.kind)
        if not name:
            return 0
        try:
            for line in read_text(os.path.join(self.group, name)).splitlines():
                key, _, value = line.partition(" ")
                if key == "oom_kill":
                    return int(value)
        except OSError:
            pass
        return 0

    def members(self):
        try:
            return [int(line) for line in read_text(os.path.join(self.group, "cgroup.procs")).split()] if self.group else []
        except OSError:
            return []

    def remove(self):
        if not self.group:
            return
        for _ in range(50):
            try:
                os.rmdir(self.group)
                return
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.02)


def strays(uid, pgid=None):
    """Processes that carry the mark of this uid in their environment, or stand in its group."""
    found = []
    if not LINUX:
        return found
    mark = f"{MARK}={uid}".encode()
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if mark in file.read().split(b"\0"):
                    found.append(int(name))
                    continue
            if pgid and int(read_text(f"/proc/{name}/stat").rpartition(")")[2].split()[2]) == pgid:
                found.append(int(name))
        except OSError:
            continue
    return found


def kill_quietly(pid, number=signal.SIGKILL, group=False):
    try:
        (os.killpg if group else os.kill)(pid, number)
    except OSError:
        pass


class Supervision:
    """One folder's supervisor, after it became a daemon."""

    def __init__(self, folder, spec, report):
        self.folder = folder
        self.spec = spec
        self.report = report
        self.stop_asked = False
        self.stop_grace = spec.get("graceSeconds", 10)
        self.statuses = {}
        self.began = now()
        self.state = {
            "uid": spec["uid"],
            "supervisorPid": os.getpid(),
            "supervisorStart": start_of(os.getpid()),
            "bootId": boot_id(),
            "restarts": 0,
            "startedAt": self.began,
        }
        self.wake, writer = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self.on_stop)
        signal.signal(signal.SIGINT, self.on_stop)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if spec["mode"] != "service":
            # PR_SET_CHILD_SUBREAPER: what leaves the session still comes home. Not so for a service: the supervisors
            # that it starts would come too, and must outlive it.
            prctl(36, 1)

    def on_stop(self, *_):
        self.stop_asked = True

    def save(self, durable=False, **changes):
        self.state.update(changes)
        self.folder.write("process.json", json.dumps(self.state).encode(), durable)

    def save_if_possible(self, **changes):
        try:
            self.save(**changes)
        except OSError:
            pass

    def stop_wanted(self):
        """Grace in seconds where a stop was asked for, otherwise None."""
        asked = self.folder.file("stop")
        if os.path.exists(asked):
            try:
                return float((read_json(asked) or {}).get("graceSeconds", self.stop_grace))
            except (ValueError, OSError):
                return self.stop_grace
        return self.stop_grace if self.stop_asked else None

    def run(self):
        self.memory = Memory(self.spec["uid"], self.spec.get("memoryBytes"))
        try:
            self.folder.reserve_ending()
            self.save(durable=True, state="Starting", memoryLimit=self.memory.kind)
            self.log = Log(self.folder, self.spec)
        except OSError as error:
            self.folder.remove(".exit.reserved", "..exit.reserved.tmp", ".process.json.tmp", "process.json")
            self.memory.remove()
            self.report("error", clear_words(error))
            return
        ending = self.serve() if self.spec["mode"] == "service" else self.once()
        self.finish_log(ending["reason"] == "Stopped")
        if self.log.lost:
            ending["logLostBytes"] = self.log.lost
            ending["message"] = (ending.get("message", "") + f" ({self.log.lost} bytes of output were not kept: the disk was full)").strip()
        ending.update(startedAt=self.began, finishedAt=now())
        self.memory.remove()
        self.record(ending)
        if self.spec["mode"] != "service":
            self.forget_environment()
        self.report("started")

    def finish_log(self, stopped):
        """Waits for room on a full disk, but does not let whoever stops this wait for long."""
        room = self.spec.get("roomSeconds", ROOM_SECONDS)
        until = time.monotonic() + (min(room, 5) if stopped else room)
        self.log.finish(lambda: time.monotonic() < until and (stopped or self.stop_wanted() is None))

    def record(self, ending):
        for pause in (0.1, 0.5, 2, 10, 60, 600):
            try:
                self.folder.write_ending(ending)
                return
            except OSError:
                time.sleep(pause)

    def forget_environment(self):
        """The command is over: what was secret in its environment need not stay on the disk."""
        try:
            self.folder.write("spec.json", json.dumps(dict(self.spec, env={})).encode())
        except OSError:
            pass

    def once(self):
        if self.stop_wanted() is not None:
            return {"reason": "Stopped", "message": "stopped before it began"}
        return self.command()

    def serve(self):
        restart = self.spec.get("restart") or {}
        first = restart.get("initialSeconds", 1)
        most = restart.get("maxSeconds", 60)
        reset = restart.get("resetSeconds", 60)
        pause = first
        while True:
            if self.stop_wanted() is not None:
                return {"reason": "Stopped", "message": "stopped"}
            began = time.monotonic()
            ending = self.command()
            if ending["reason"] == "Stopped" or (ending["reason"] == "StartError" and self.state["restarts"] == 0):
                return ending
            if time.monotonic() - began >= reset:
                pause = first
            last = dict(ending, finishedAt=now())
            self.save_if_possible(state="BackingOff", pid=None, start=None, restarts=self.state["restarts"] + 1, lastEnding=last)
            self.log.append(f"[floe] ended ({describe(ending)}), starting again in {pause:g} s\n".encode())
            until = time.monotonic() + pause
            while time.monotonic() < until and self.stop_wanted() is None:
                self.wait([], until - time.monotonic())
            pause = min(pause * 2, most)

    def command(self):
        kills = self.memory.kills()
        try:
            child = self.spawn()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return {"reason": "StartError", "message": clear_words(error)}
        output = child.stdout.fileno()
        os.set_blocking(output, False)
        self.save_if_possible(state="Running", pid=child.pid, pgid=child.pid, start=start_of(child.pid), commandStartedAt=now())
        self.report("started")
        status, why = self.follow(child.pid, output)
        self.clear(child.pid)
        self.drain(output)
        child.stdout.close()
        child.returncode = 0
        return self.ending(status, why, self.memory.kills() > kills)

    def spawn(self):
        parent = os.getpid()

        def prepare():
            self.memory.enter()
            prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: without its supervisor nobody would see its end
            if os.getppid() != parent:
                os._exit(127)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])

        environment = dict(self.spec["env"])
        environment[MARK] = self.spec["uid"]
        return subprocess.Popen(
            self.spec["command"],
            cwd=self.spec["workdir"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare,
        )

    def wait(self, readable, seconds):
        if self.log.stuck and not self.log.flush():
            seconds = 0.5 if seconds is None else min(seconds, 0.5)
        ready, _, _ = select.select([self.wake, *readable], [], [], max(0.0, seconds) if seconds is not None else None)
        if self.wake in ready:
            try:
                os.read(self.wake, 4096)
            except BlockingIOError:
                pass
        return ready

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.statuses[pid] = status

    def follow(self, pid, output):
        """Waits for the command's end; asks it to end at its deadline or when told to, and makes it end after the grace."""
        timeout = self.spec.get("timeoutSeconds")
        deadline = time.monotonic() + timeout if timeout else None
        kill_at = None
        why = None
        streams = [output]
        while True:
            limits = [limit for limit in (deadline if why is None else None, kill_at) if limit is not None]
            ready = self.wait(streams, min(limits) - time.monotonic() if limits else None)
            if output in ready and not self.read(output):
                streams = []
            self.reap()
            if pid in self.statuses:
                return self.statuses.pop(pid), why
            grace = self.stop_wanted()
            if grace is not None and why is None:
                why = "Stopped"
                kill_at = self.ask(pid, grace)
                self.stop_asked = False
            elif grace is not None and self.stop_asked:
                kill_at = min(kill_at or float("inf"), time.monotonic() + grace)
                self.stop_asked = False
            if deadline and why is None and time.monotonic() >= deadline:
                why = "DeadlineExceeded"
                kill_at = self.ask(pid, self.stop_grace)
            if kill_at is not None and time.monotonic() >= kill_at:
                kill_quietly(pid, group=True)
                kill_at = None

    def ask(self, pid, grace):
        kill_quietly(pid, getattr(signal, "SIG" + self.spec.get("stopSignal", "TERM")))
        return time.monotonic() + grace

    def clear(self, pid):
        """Nothing that the command started stays, but supervisors: its group, what left it, what its memory group holds."""
        for _ in range(200):
            kill_quietly(pid, group=True)
            rest = set(self.memory.members())
            rest.update(strays(self.spec["uid"]) if self.spec["mode"] == "service" else self.descendants())
            for stray in rest:
                kill_quietly(stray)
            self.reap()
            self.statuses.clear()
            if not rest:
                return
            time.sleep(0.02)

    @staticmethod
    def descendants():
        if not LINUX:
            return []
        parents = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    parents.setdefault(int(read_text(f"/proc/{name}/stat").rpartition(")")[2].split()[1]), []).append(int(name))
                except (OSError, IndexError):
                    continue
        found, queue = [], [os.getpid()]
        while queue:
            for child in parents.get(queue.pop(), []):
                found.append(child)
                queue.append(child)
        return found

    def read(self, output):
        try:
            data = os.read(output, 65536)
        except BlockingIOError:
            return True
        self.log.append(data)
        return bool(data)

    def drain(self, output):
        until = time.monotonic() + 5
        while time.monotonic() < until:
            if not select.select([output], [], [], 0.5)[0] or not self.read(output):
                break

    @staticmethod
    def ending(status, why, out_of_memory):
        ending = {"reason": why or "Exited", "message": ""}
        if os.WIFSIGNALED(status):
            ending["signal"] = os.WTERMSIG(status)
            ending["message"] = f"killed by {signal_name(ending['signal'])}"
        else:
            ending["exitCode"] = os.WEXITSTATUS(status)
            ending["message"] = f"exit code {ending['exitCode']}"
        if out_of_memory and why is None and status != 0:
            ending["reason"] = "OOMKilled"
            ending["message"] = "the kernel killed it: more memory than its limit"
        elif why == "DeadlineExceeded":
            ending["message"] = "still running at its timeout"
        return ending


def describe(ending):
    return ending.get("message") or ending["reason"]


def kill_remains(folder, spec):
    """Ends what an earlier supervisor of this folder left running; True where it had recorded a start."""
    state = read_json(folder.file("process.json"))
    if not state:
        return False
    same_boot = state.get("bootId") == boot_id()
    pid, pgid = state.get("pid"), state.get("pgid")
    ours = same_boot and pid and start_of(pid) == state.get("start")
    if ours and spec.get("mode") == "service":
        kill_quietly(pid, getattr(signal, "SIG" + spec.get("stopSignal", "TERM")))
        until = time.monotonic() + spec.get("graceSeconds", 10)
        while start_of(pid) == state.get("start") and time.monotonic() < until:
            time.sleep(0.05)
    for _ in range(200):
        left = strays(spec["uid"], pgid if ours and start_of(pid) == state.get("start") else None) if same_boot else []
        if not left:
            break
        for stray in left:
            kill_quietly(stray)
        time.sleep(0.02)
    return True


def sweep(path):
    folder = Folder(path)
    lock = folder.lock()
    if lock is None:
        return answer("held")
    spec = read_json(folder.file("spec.json")) or {"uid": "none"}
    started = kill_remains(folder, spec)
    if started and not os.path.exists(folder.file("exit.json")):
        state = read_json(folder.file("process.json"))
        rebooted = state.get("bootId") != boot_id()
        words = "the machine was restarted" if rebooted else "its supervisor was killed"
        folder.write_ending({"reason": "Rebooted" if rebooted else "Lost", "message": words, "startedAt": state.get("startedAt"), "finishedAt": now()})
    return answer("swept")


def answer(result, message=None):
    print(json.dumps({"result": result, "message": message} if message else {"result": result}))
    return 1 if result == "error" else 0


def detach(work):
    """Runs work(report) in a daemon; answers with its first report."""
    reader, writer = os.pipe()
    if os.fork():
        os.close(writer)
        with os.fdopen(reader) as file:
            line = file.readline()
        os.wait()
        if not line:
            return answer("error", "the supervisor ended without a word")
        print(line.strip())
        return 1 if json.loads(line)["result"] == "error" else 0
    os.close(reader)
    os.setsid()
    if os.fork():
        os._exit(0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    done = []

    def report(result, message=None):
        if not done:
            done.append(result)
            os.write(writer, (json.dumps({"result": result, "message": message}) + "\n").encode())
            os.close(writer)

    try:
        work(report)
    except BaseException as error:  # whatever it was, the starter must hear of it
        report("error", clear_words(error))
    os._exit(0)


def start(path):
    folder = Folder(path)

    def work(report):
        os.umask(0o077)
        os.chdir("/")
        lock = folder.lock()
        if lock is None:
            return report("already")
        spec = read_json(folder.file("spec.json"))
        if spec is None:
            return report("error", f"{folder.file('spec.json')}: no such file")
        if spec["mode"] == "service":
            kill_remains(folder, spec)
            folder.remove("exit.json", "stop")
        elif os.path.exists(folder.file("process.json")) or os.path.exists(folder.file("exit.json")):
            return report("already")
        return Supervision(folder, spec, report).run()

    return detach(work)


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--sweep":
        return sweep(os.path.abspath(arguments[1]))
    if len(arguments) == 1:
        return start(os.path.abspath(arguments[0]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
