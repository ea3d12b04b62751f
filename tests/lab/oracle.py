#!/usr/bin/python3
"""Says what listens on this machine and whose it is, as JSON, by the tools that people use by hand: ss, ps, systemctl,
dpkg, docker. It shares no code and no method with Portcullis, whose answers it checks inside the lab servers."""
import functools
import json
import os
import re
import subprocess

INTERPRETERS = re.compile(r"^(python|perl|ruby|node|bash|dash|sh)[0-9.]*$")
# Linux calls the wildcard "*" where one socket takes IPv4 and IPv6.
FAMILIES = {"*": ("::", "dual"), "0.0.0.0": ("0.0.0.0", "ipv4"), "::": ("::", "ipv6")}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def properties(text):
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


@functools.cache
def package_of(path):
    """The package that owns a path, also where the package still calls /usr/sbin /sbin, or the path is an alternative."""
    real = os.path.realpath(path)
    names = [path, real] + [name[4:] for name in (path, real) if name.startswith("/usr/")]
    found = next((text for text in (run("dpkg", "-S", name) for name in names) if text), "")
    owners = [line.split(":")[0] for line in found.splitlines() if not line.startswith("diversion ")]
    return owners[0] if owners else None


def executable(pid):
    """Path, whether it was deleted, and what sort of file it is."""
    path = os.readlink(f"/proc/{pid}/exe")
    deleted = path.endswith(" (deleted)")
    path = path.removesuffix(" (deleted)")
    if path.startswith("/memfd:"):
        return path, deleted, "memory"
    if deleted:
        return path, True, "deleted"
    return path, False, "temporary" if path.startswith(("/tmp/", "/var/tmp/", "/dev/shm/")) else "file"


@functools.cache
def process(pid):
    name, user = run("ps", "-p", str(pid), "-o", "comm:64=,user:32=").split()
    path, deleted, origin = executable(pid)
    packaged = origin == "file" and package_of(path) is not None
    return {"pid": pid, "name": name, "exe": path, "user": user, "deleted": deleted, "origin": origin, "packaged": packaged}


def script_of(pid):
    with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
        arguments = file.read().split("\0")[1:]
    return next((word for word in arguments if word.startswith("/") and os.path.isfile(word)), None)


def as_user(uid, *command):
    return run("runuser", "-u", uid, "--", "env", f"XDG_RUNTIME_DIR=/run/user/{run('id', '-u', uid).strip()}", *command)


@functools.cache
def unit_facts(name, user=None):
    wanted = "-p", "UnitFileState,UnitFilePreset,TriggeredBy,FragmentPath,SourcePath"
    text = as_user(user, "systemctl", "--user", "show", name, *wanted) if user else run("systemctl", "show", name, *wanted)
    facts = properties(text)
    sockets = [other for other in facts.get("TriggeredBy", "").split() if other.endswith(".socket")]
    return {"name": name, "activatedBy": sockets[0] if sockets else None, "enabled": facts.get("UnitFileState") or None,
            "preset": facts.get("UnitFilePreset") or None, "file": facts.get("SourcePath") or facts.get("FragmentPath") or None}


@functools.cache
def unit_of(pid):
    system, own, user = run("ps", "-p", str(pid), "-o", "unit:200=,uunit:200=,user:32=").split()
    return unit_facts(own, user) if own.endswith(".service") else unit_facts(system)


def socket_units():
    """Which socket unit holds which port: {("tcp", "8002"): "lab-echo.socket"}."""
    found = {}
    for line in run("systemctl", "list-sockets", "--all", "--no-legend", "--show-types", "--full").splitlines():
        words = line.split()
        port = re.search(r":(\d+)$", words[0])
        if port:
            found["tcp" if words[1] == "Stream" else "udp", port.group(1)] = words[2]
    return found


def inetd_services():
    found = {}
    with open("/etc/inetd.conf", encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    for service, _, protocol, _, _, program, *_ in lines:
        port = run("getent", "services", f"{service}/{protocol}").split()[1].split("/")[0]
        found[protocol, port] = {"server": "inetd", "service": service, "program": None if program == "internal" else program}
    return found


def containers():
    ids = run("docker", "ps", "-q", "--no-trunc").split()
    return json.loads(run("docker", "inspect", *ids)) if ids else []


def published_ports(all_containers):
    found = {}
    for one in all_containers:
        for inside, places in one["NetworkSettings"]["Ports"].items():
            for place in places or []:
                address = place["HostIp"]
                shown = f"[{address}]" if ":" in address else address
                found[inside.split("/")[1], address, place["HostPort"]] = {
                    "engine": "docker", "id": one["Id"], "name": one["Name"].lstrip("/"), "published": f"{shown}:{place['HostPort']}"}
    return found


def package_of_listener(row, holders, unit):
    """The one that an administrator would remove to be rid of the port."""
    if not holders:
        return None
    if row["superServer"] and row["superServer"]["program"]:
        return package_of(row["superServer"]["program"])
    if holders == [1]:
        return package_of(unit["file"])
    pid = next(holder for holder in holders if holder != 1)
    path, _, origin = executable(pid)
    own = package_of(path) if origin == "file" else None
    if not INTERPRETERS.match(os.path.basename(path)):
        return own
    script = script_of(pid)
    return (package_of(script) if script else None) or (package_of(unit["file"]) if unit and unit["file"] else None) or own


class Machine:
    def __init__(self):
        self.sockets = socket_units()
        self.inetd = inetd_services()
        self.containers = containers()
        self.published = published_ports(self.containers)

    def rows(self, namespace, enter):
        for kind, protocol in (("-tl", "tcp"), ("-ul", "udp"), ("-Sl", "sctp"), ("-w", "raw"), ("-0", "packet")):
            for line in run(*enter, "ss", kind, "-pnH").splitlines():
                yield self.row(namespace, protocol, line)

    def row(self, namespace, protocol, line):
        words = line.split(None, 5)
        place, port = words[3].rsplit(":", 1)
        address, _, interface = place.strip("[]").partition("%")
        address, family = FAMILIES.get(address, (address, "ipv6" if ":" in address else "ipv4"))
        holders = sorted({int(pid) for pid in re.findall(r"pid=(\d+)", words[5] if len(words) > 5 else "")})
        row = {"namespace": namespace, "protocol": protocol, "address": address, "family": family, "port": int(port) if port.isdigit() else port,
               "interface": interface or None, "processes": [process(pid) for pid in holders], "container": None, "superServer": None}
        if any(one["name"] == "inetd" for one in row["processes"]):
            row["superServer"] = self.inetd.get((protocol, port))
        if any(one["name"] == "docker-proxy" for one in row["processes"]):
            row["container"] = self.published.get((protocol, address, port))
        unit = self.unit(protocol, port, holders)
        name = package_of_listener(row, holders, unit)
        row["unit"] = unit
        row["package"] = {"name": name, "version": run("dpkg-query", "-W", "-f=${Version}", name), "manager": "dpkg"} if name else None
        return row

    def unit(self, protocol, port, holders):
        if not holders:
            return None
        if holders == [1]:
            return unit_facts(self.sockets[protocol, port])
        return unit_of(next(holder for holder in holders if holder != 1))

    def everything(self):
        yield from self.rows("host", [])
        for line in run("ip", "netns", "list").splitlines():
            name = line.split()[0]
            yield from self.rows(name, ["ip", "netns", "exec", name])
        sealed = run("systemctl", "show", "sealed.service", "-p", "MainPID", "--value").strip()
        yield from self.rows("sealed.service", ["nsenter", "--net", "--target", sealed])
        for one in self.containers:
            name = one["Name"].lstrip("/")
            for row in self.rows(name, ["nsenter", "--net", "--target", str(one["State"]["Pid"])]):
                row["container"] = {"engine": "docker", "id": one["Id"], "name": name, "published": None}
                row["unit"] = row["package"] = None
                # The image has no /etc/passwd: its users have numbers only, whatever the server calls those.
                row["processes"] = [{**inside, "packaged": None, "user": str(os.stat(f"/proc/{inside['pid']}").st_uid)}
                                    for inside in row["processes"]]
                yield row


def main():
    rows = list(Machine().everything())
    rows.sort(key=lambda row: (row["namespace"], row["protocol"], str(row["port"]), row["address"], row["family"]))
    print(json.dumps(rows, indent=1))


main()
