"""The memory of the digits' training step, followed by hand: each kernel finds every operand whole where it reads it, each carried value ends an
iteration where the next one begins, nothing is copied, and nothing is allocated.

RUN: %burin build %root/examples/digits/digits.burin --emit=kernels -o %t.kernels
RUN: %burin build %root/examples/digits/digits.burin --emit=loops -o %t.loops
RUN: %python %s %t.kernels %t.loops
"""
import re
import sys

BYTES = {"f32": 4, "i32": 4, "f64": 8, "i64": 8, "i1": 1, "ui8": 1}


def size(type):
    """Bytes of !burin.tensor<…>; None for what the host holds (an i64) or the runtime (a data set's columns)."""
    inside = re.fullmatch(r"!burin\.tensor<(.*)>", type)[1]
    element, _, axes = re.fullmatch(r"((?:!burin\.index<[^>]*>)|\w+)(\[(.*)\])?", inside).group(1, 2, 3)
    if "?" in (axes or "") or (element == "i64" and not axes):
        return None
    index = re.search(r" (\d+|\?)>", element)
    width = (8 if index[1] == "?" else 1 if int(index[1]) <= 256 else 2 if int(index[1]) <= 65536 else 4) if index else BYTES[element]
    for extent in re.findall(r" (\d+)", axes or ""):
        width *= int(extent)
    return width


def types(text):
    return re.findall(r"!burin\.tensor<(?:[^<>]|<[^<>]*>)*>", text)


class Launch:
    def __init__(self, line):
        results, count, self.kernel, operands, signature = re.fullmatch(r"\s*(%\w+)(?::(\d+))? = task\.launch @([\w.]+)\((.*?)\) : (.*)", line).groups()
        self.values = [f"{results}#{i}" for i in range(int(count))] if count else [results]
        before, after = signature.split(") -> ")
        self.operands = list(zip(operands.split(", ") if operands else [], types(before)))
        self.results = list(zip(self.values, types(after)))


def graph(text):
    """(launches, carried arguments, what they become) of the loop over batches"""
    loop = re.search(r'^( +)%\S+ = burin\.for "b" .*?^\1}(?: \{task\.resumable\})?$', text, re.M | re.S)[0]
    head, *body = loop.splitlines()
    arguments = re.findall(r"(%\w+) = %", head[head.index("carries(") :])
    yielded = re.search(r"burin\.yield (.*?) :", body[-2])[1].split(", ")
    return [Launch(line) for line in body if "task.launch" in line], arguments, yielded


def calls(text):
    """(kernel, pointers) in order: each pointer (arena, offset), or None for what does not lie in an arena"""
    train = re.search(r"^  func\.func @task\.train\(.*?^  }$", text, re.M | re.S)[0]
    found = re.search(r"burin_loop_enter\(%arg5, %c1_i32.*?burin_loop_exit\(%arg5, %c1_i32", train, re.S)
    body = found[0]
    places = {"%arg0": ("persistent", 0), "%arg1": ("step", 0)}
    for name, arena, offset in re.findall(r"(%\w+) = llvm\.getelementptr (%arg[01])\[(\d+)\]", train[: found.end()]):  # later, names come again
        places[name] = (places[arena][0], int(offset))
    found = re.findall(r"func\.call @([\w.]+)\((.*?)\) :", body)
    return [(name, [places.get(p) for p in pointers.split(", ")]) for name, pointers in found if not name.startswith("burin_")], body


class Memory:
    def __init__(self):
        self.held = {}  # (arena, first byte) -> (end, value)
        self.home = {}  # a value from before the iteration -> its place

    def overlapping(self, place, bytes):
        arena, start = place
        return [key for key, (end, _) in self.held.items() if key[0] == arena and key[1] < start + bytes and start < end]

    def write(self, place, bytes, value):
        for key in self.overlapping(place, bytes):
            del self.held[key]
        self.held[place] = (place[1] + bytes, value)

    def read(self, place, bytes, value, fresh):
        there = self.overlapping(place, bytes)
        if not fresh and value not in self.home and not there:  # from before: seen here for the first time
            self.home[value] = place
            self.write(place, bytes, value)
            there = [place]
        holds = [self.held[key] for key in there]
        assert there == [place] and holds == [(place[1] + bytes, value)], f"{value} is read at {place}, which holds {holds}"


def check(launches, arguments, yielded, found):
    memory, made, bytes_of = Memory(), set(), {}
    # What an iteration begins with is there from its first byte to its first use: so all of it is laid out before.
    for launch, (_, pointers) in zip(launches, found):
        for (value, type), place in zip(launch.operands, pointers):
            if size(type) and value not in made and value not in memory.home:
                memory.read(place, size(type), value, fresh=False)
        made |= {value for value, _ in launch.results}
    made = set()
    for launch, (name, pointers) in zip(launches, found):
        assert name == launch.kernel, f"{name} is called where {launch.kernel} is launched"
        assert len(pointers) == len(launch.operands) + len(launch.results)
        for (value, type), place in zip(launch.operands, pointers):
            if size(type):
                memory.read(place, size(type), value, fresh=value in made)
        for (value, type), place in zip(launch.results, pointers[len(launch.operands) :]):
            bytes_of[value] = size(type)
            memory.write(place, size(type), value)
            made.add(value)
        for (value, type), place in zip(launch.results, pointers[len(launch.operands) :]):
            memory.read(place, size(type), value, fresh=True)  # no result of a kernel lies over another
    for argument, value in zip(arguments, yielded):
        if argument in memory.home:
            memory.read(memory.home[argument], bytes_of[value], value, fresh=True)
    rest = {value: place for value, place in memory.home.items() if value not in arguments}
    for value, place in rest.items():
        assert memory.held[place][1] == value, f"{value}, from outside the loop, is overwritten in it"
    assert len(memory.home) >= len(arguments), "carried values that no kernel reads"


if __name__ == "__main__":
    launches, arguments, yielded = graph(open(sys.argv[1]).read())
    found, body = calls(open(sys.argv[2]).read())
    assert len(launches) >= 10 and len(arguments) == len(yielded) == 16
    assert len(found) == len(launches), f"{len(found)} calls for {len(launches)} launches: something is copied"
    assert not re.search(r"alloc|memcpy|memmove", body)
    check(launches, arguments, yielded, found)
