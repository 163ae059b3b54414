"""What the supervisor promises, seen from outside: python3 supervise_test.py SUPERVISE_PY."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SUPERVISE = sys.argv.pop(1)
LIMIT = 60


class SupervisorTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="supervise")
        self.addCleanup(shutil.rmtree, self.root, True)

    def folder(self, *command, name="one", env=None, **spec):
        path = os.path.join(self.root, name)
        os.makedirs(path)
        spec = {"uid": name, "mode": "once", "workdir": path, "graceSeconds": 5, "command": command, **spec}
        spec["env"] = {"PATH": os.environ["PATH"], **(env or {})}
        with open(os.path.join(path, "spec.json"), "w", encoding="utf-8") as file:
            json.dump(spec, file)
        return path

    def start(self, path, option=None):
        command = [sys.executable, "-I", SUPERVISE, *([option] if option else []), path]
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
        self.assertEqual("", answer.stderr)
        return json.loads(answer.stdout)["result"] if answer.returncode == 0 else json.loads(answer.stdout)

    def read(self, path, name):
        try:
            with open(os.path.join(path, name), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def log(self, path):
        try:
            with open(os.path.join(path, "log"), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def until(self, condition, what):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        self.fail(f"never happened: {what}")

    def ending(self, path):
        return self.until(lambda: self.read(path, "exit.json"), "an end")

    def gone(self, pid):
        self.until(lambda: not alive(pid), f"process {pid} is gone")

    def test_exit_code_and_output(self):
        path = self.folder("sh", "-c", "echo out; echo err >&2; exit 3")
        self.assertEqual("started", self.start(path))
        ending = self.ending(path)
        self.assertEqual(("Exited", 3), (ending["reason"], ending["exitCode"]))
        self.assertEqual({"out", "err"}, set(self.log(path).split()))

    def test_environment_is_exactly_what_was_asked_for_and_is_forgotten_at_the_end(self):
        path = self.folder("env", env={"SECRET": "s3cret"})
        self.start(path)
        self.ending(path)
        names = {line.split("=")[0] for line in self.log(path).splitlines()}
        self.assertEqual({"PATH", "SECRET", "FLOE_PROCESS_UID"}, names)
        self.until(lambda: self.read(path, "spec.json")["env"] == {}, "the environment is forgotten")

    def test_a_second_start_does_nothing(self):
        path = self.folder("sh", "-c", "echo once")
        self.start(path)
        self.ending(path)
        self.assertEqual("already", self.start(path))
        self.assertEqual("once\n", self.log(path))

    def test_signal(self):
        path = self.folder("sh", "-c", "kill -USR1 $$")
        self.start(path)
        self.assertEqual(signal.SIGUSR1, self.ending(path)["signal"])

    def test_deadline_kills_everything_the_command_started(self):
        path = self.folder("sh", "-c", "trap '' TERM; setsid sleep 1000 & echo $!; while :; do sleep 1; done", timeoutSeconds=1, graceSeconds=1)
        self.start(path)
        ending = self.ending(path)
        self.assertEqual("DeadlineExceeded", ending["reason"])
        self.gone(int(self.log(path).split()[0]))

    def test_what_the_command_leaves_behind_ends_with_it(self):
        path = self.folder("sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 & echo $!")
        self.start(path)
        self.assertEqual(0, self.ending(path)["exitCode"])
        self.gone(int(self.log(path).split()[0]))

    def test_stop_before_start(self):
        path = self.folder("sh", "-c", "echo never")
        with open(os.path.join(path, "stop"), "w", encoding="utf-8") as file:
            file.write("{}")
        self.start(path)
        self.assertEqual("Stopped", self.ending(path)["reason"])
        self.assertEqual("", self.log(path))

    def test_stop_with_grace(self):
        path = self.folder("sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done")
        self.start(path)
        self.until(lambda: "up" in self.log(path), "it runs")
        os.kill(self.read(path, "process.json")["supervisorPid"], signal.SIGTERM)
        self.assertEqual("Stopped", self.ending(path)["reason"])
        self.assertIn("bye", self.log(path))

    def test_a_killed_supervisor_takes_the_command_with_it_and_the_sweep_records_the_loss(self):
        path = self.folder("sh", "-c", "sleep 1000 & echo $!; wait")
        self.start(path)
        child = int(self.until(lambda: self.log(path).strip(), "it runs"))
        self.assertEqual("held", self.start(path, "--sweep"))
        process = self.read(path, "process.json")
        os.kill(process["supervisorPid"], signal.SIGKILL)
        self.gone(process["supervisorPid"])
        self.assertEqual("already", self.start(path))
        self.assertEqual("swept", self.start(path, "--sweep"))
        self.gone(process["pid"])
        self.gone(child)
        self.assertEqual("Lost", self.ending(path)["reason"])

    def test_memory(self):
        path = self.folder(sys.executable, "-c", "x = bytearray(300 << 20)", memoryBytes=64 << 20)
        self.start(path)
        ending = self.ending(path)
        kind = self.read(path, "process.json")["memoryLimit"]
        self.assertEqual("Exited" if kind == "rlimit" else "OOMKilled", ending["reason"], (kind, ending))

    def test_start_error(self):
        path = self.folder("/no/such/command")
        self.assertEqual("started", self.start(path))
        ending = self.ending(path)
        self.assertEqual("StartError", ending["reason"])
        self.assertIn("/no/such/command", ending["message"])

    def test_of_a_log_over_its_limit_the_first_and_the_last_part_are_kept(self):
        path = self.folder("sh", "-c", "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done", logMaxBytes=4096)
        self.start(path)
        self.assertEqual(0, self.ending(path)["exitCode"])
        whole = "".join(f"line {i}\n" for i in range(2000))
        first, mark, last = self.log(path).partition("\n[floe] ")
        self.assertTrue(whole.startswith(first))
        left_out, _, last = last.partition("\n")
        self.assertTrue(whole.endswith("\n" + last) or whole.endswith(last))
        self.assertEqual(len(whole) - len(first) - len(last), int(left_out.split()[0]))
        self.assertLess(os.path.getsize(os.path.join(path, "log")), 4300)
        self.assertGreater(len(last), 2000)

    def test_output_is_kept_byte_for_byte(self):
        path = self.folder(sys.executable, "-c", r"import os; os.write(1, b'a\r\nb\0\xff\r\rend')")
        self.start(path)
        self.ending(path)
        with open(os.path.join(path, "log"), "rb") as file:
            self.assertEqual(b"a\r\nb\0\xff\r\rend", file.read())

    def test_service_restarts_with_backoff_until_stopped_and_can_be_started_again(self):
        restart = {"initialSeconds": 0.05, "maxSeconds": 0.2, "resetSeconds": 60}
        path = self.folder("sh", "-c", "echo up; exit 1", mode="service", restart=restart)
        self.start(path)
        self.until(lambda: self.log(path).count("up\n") >= 3, "it is restarted")
        self.assertGreaterEqual(self.read(path, "process.json")["restarts"], 2)
        os.kill(self.read(path, "process.json")["supervisorPid"], signal.SIGTERM)
        self.assertEqual("Stopped", self.ending(path)["reason"])
        self.assertEqual("started", self.until(lambda: self.start(path) == "started" and "started", "the lock is free"))
        self.until(lambda: self.read(path, "exit.json") is None, "it runs again")
        os.kill(self.read(path, "process.json")["supervisorPid"], signal.SIGTERM)
        self.ending(path)

    def test_a_service_whose_supervisor_was_killed_is_replaced_never_doubled(self):
        path = self.folder("sh", "-c", "sleep 1000 & echo up $!; wait", mode="service")
        self.start(path)
        child = int(self.until(lambda: self.log(path).strip(), "it runs").split()[1])
        first = self.read(path, "process.json")
        os.kill(first["supervisorPid"], signal.SIGKILL)
        self.gone(first["supervisorPid"])
        self.assertEqual("started", self.start(path))
        self.gone(child)
        second = self.until(lambda: self.read(path, "process.json"), "a second one")
        self.assertNotEqual(first["supervisorPid"], second["supervisorPid"])
        os.kill(second["supervisorPid"], signal.SIGTERM)
        self.ending(path)

    def test_a_supervisor_outlives_the_service_that_started_it(self):
        inner = self.folder("sh", "-c", "sleep 1000", name="inner")
        starter = f"env -i PATH=$PATH {sys.executable} -I {os.path.abspath(SUPERVISE)} {inner}; setsid sleep 1000 & echo $!; wait"
        outer = self.folder("sh", "-c", starter, name="outer", mode="service", graceSeconds=1)
        self.start(outer)
        lines = self.until(lambda: len(self.log(outer).split("\n")) > 2 and self.log(outer).splitlines(), "both run")
        os.kill(self.read(outer, "process.json")["supervisorPid"], signal.SIGTERM)
        self.ending(outer)
        self.gone(int(lines[1]))
        process = self.read(inner, "process.json")
        self.assertTrue(alive(process["pid"]))
        os.kill(process["supervisorPid"], signal.SIGTERM)
        self.assertEqual("Stopped", self.ending(inner)["reason"])

    @unittest.skipUnless(sys.platform.startswith("linux") and os.geteuid() == 0, "a small disk needs root")
    def test_full_disk(self):
        small = os.path.join(self.root, "small")
        os.mkdir(small)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", small], check=False)
        running = self.folder("sh", "-c", "while [ ! -e full ]; do sleep 0.05; done; echo out; exit 7", name="small/running", roomSeconds=0.5)
        waiting = self.folder("sh", "-c", "echo never", name="small/waiting")
        self.assertEqual("started", self.start(running))
        open(os.path.join(running, "full"), "w").close()
        with open(os.path.join(small, "filler"), "wb", buffering=0) as filler, self.assertRaises(OSError):
            while True:
                filler.write(b"x" * 512)
        refused = self.start(waiting)
        self.assertIn("the disk is full", refused["message"])
        self.assertIsNone(self.read(waiting, "process.json"))
        self.assertEqual(7, self.ending(running)["exitCode"])
        os.unlink(os.path.join(small, "filler"))
        self.assertEqual("started", self.start(waiting))
        self.assertEqual("never\n", self.until(lambda: self.log(waiting), "it runs once there is room"))

    def small_disk(self, size):
        small = os.path.join(self.root, "small")
        os.mkdir(small)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", small], check=False)
        return os.path.join(small, "filler")

    def fill(self, filler):
        with open(filler, "ab", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(b"x" * 512)

    @unittest.skipUnless(sys.platform.startswith("linux") and os.geteuid() == 0, "a small disk needs root")
    def test_output_waits_for_room_on_a_full_disk(self):
        filler = self.small_disk("128k")
        script = "while [ ! -e full ]; do sleep 0.05; done; for k in $(seq 1 2000); do echo line $k; done; touch written 2>/dev/null; echo end"
        path = self.folder("sh", "-c", script, name="small/one")
        self.assertEqual("started", self.start(path))
        open(os.path.join(path, "full"), "w").close()
        self.fill(filler)
        self.until(lambda: not alive(self.read(path, "process.json")["pid"]), "the command ends")
        self.assertIsNone(self.read(path, "exit.json"))
        os.unlink(filler)
        ending = self.ending(path)
        self.assertEqual(0, ending["exitCode"])
        self.assertNotIn("logLostBytes", ending)
        self.assertEqual("".join(f"line {k}\n" for k in range(1, 2001)) + "end\n", self.log(path))

    @unittest.skipUnless(sys.platform.startswith("linux") and os.geteuid() == 0, "a small disk needs root")
    def test_output_that_finds_no_room_is_counted(self):
        filler = self.small_disk("128k")
        script = "while [ ! -e full ]; do sleep 0.05; done; head -c 200000 /dev/zero"
        path = self.folder("sh", "-c", script, name="small/one", roomSeconds=0.5)
        self.assertEqual("started", self.start(path))
        open(os.path.join(path, "full"), "w").close()
        self.fill(filler)
        ending = self.ending(path)
        self.assertEqual(0, ending["exitCode"])
        self.assertEqual(200000 - os.path.getsize(os.path.join(path, "log")), ending["logLostBytes"])
        self.assertIn("bytes of output were not kept: the disk was full", ending["message"])


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


if __name__ == "__main__":
    unittest.main()
