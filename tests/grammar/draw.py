# SPDX-License-Identifier: Apache-2.0
"""Draws strings from an exported grammar. Reads GBNF and the part of Lark that `placewright grammar` writes, and knows nothing of
the data structure they come from."""

import random
import re

TOKEN = re.compile(r'''\s*(?:("(?:\\.|[^"\\])*")|(\[(?:\\.|[^\]\\])*\])|(/(?:\\.|[^/\\])+/)|([A-Za-z_][A-Za-z0-9_-]*)|'''
                   r'''(\{\d+,\d+\})|(~\d+\.\.\d+)|([()|*+?]))''')
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a"}
# Lark's terminals are regular expressions: what to draw for each that can be drawn.
LARK_TERMINALS = {"NAME": ["a", "m", "ip", "task_1", "x9"], "QUOTED_NAME": ['"A.b"', '"two words"'], "INTEGER": ["0", "7", "128"],
                  "STRING": ['"value {}"', '""']}


def unescape(text):
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(1)), text)


def members(klass):
    """The characters of `[a-z0-9_ ]`."""
    text = unescape(klass[1:-1])
    found = []
    i = 0
    while i < len(text):
        if i + 2 < len(text) and text[i + 1] == "-":
            found += [chr(c) for c in range(ord(text[i]), ord(text[i + 2]) + 1)]
            i += 3
        else:
            found.append(text[i])
            i += 1
    return found


class Parser:
    """From one right-hand side to nested lists: ("choice", [...]), ("sequence", [...]), ("repeat", node, low, high), ..."""

    def __init__(self, text):
        self.tokens = []
        position = 0
        while position < len(text.rstrip()):
            match = TOKEN.match(text, position)
            if not match:
                raise ValueError(f"cannot read {text[position:]!r}")
            self.tokens.append(match.group().strip())
            position = match.end()
        self.next = 0

    def peek(self):
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def take(self):
        self.next += 1
        return self.tokens[self.next - 1]

    def choice(self):
        options = [self.sequence()]
        while self.peek() == "|":
            self.take()
            options.append(self.sequence())
        return options[0] if len(options) == 1 else ("choice", options)

    def sequence(self):
        parts = []
        while self.peek() not in (None, "|", ")"):
            parts.append(self.repeated())
        return ("sequence", parts)

    def repeated(self):
        node = self.atom()
        while self.peek() and (self.peek() in "*+?" or self.peek()[0] in "{~"):
            mark = self.take()
            low, high = {"*": (0, 3), "+": (1, 3), "?": (0, 1)}.get(mark) or tuple(map(int, re.findall(r"\d+", mark)))
            node = ("repeat", node, low, high)
        return node

    def atom(self):
        token = self.take()
        if token == "(":
            node = self.choice()
            self.take()
            return node
        if token[0] == '"':
            return ("text", unescape(token[1:-1]))
        if token[0] == "[":
            return ("class", members(token))
        return ("rule", token)


class Grammar:
    def __init__(self, text, lark):
        self.lark = lark
        self.known = {}
        self.rules = {}
        for line in text.splitlines():
            name, mark, body = line.partition(": " if lark else " ::= ")
            if not mark or line.startswith("%") or body.startswith("/"):
                continue
            self.rules[name] = Parser(body).choice()

    def draw(self, seed):
        self.random = random.Random(seed)
        self.length = 0
        return self.derive(("rule", "start" if self.lark else "root"), 60)

    def depth(self, node, seen=()):
        """Nested rules that a derivation needs at least; large when it does not end."""
        kind = node[0]
        if kind in ("text", "class"):
            return 0
        if kind == "rule":
            if node[1] in seen:
                return 1000
            if node[1] in LARK_TERMINALS and node[1] not in self.rules:
                return 0
            key = node[1]
            if key not in self.known:
                depth = 1 + self.depth(self.rules[key], (*seen, key))
                if not seen or depth < 1000:
                    self.known[key] = depth
                return depth
            return self.known[key]
        if kind == "repeat":
            return 0 if node[2] == 0 else self.depth(node[1], seen)
        depths = [self.depth(child, seen) for child in node[1]]
        return min(depths) if kind == "choice" else max(depths, default=0)

    def derive(self, node, budget):
        kind = node[0]
        if self.length > 1500:
            budget = 0
        if kind == "text":
            self.length += len(node[1])
            return (" " if self.lark else "") + node[1]
        if kind == "class":
            return self.random.choice(node[1])
        if kind == "rule":
            if node[1] not in self.rules:
                return " " + self.random.choice(LARK_TERMINALS[node[1]])
            return self.derive(self.rules[node[1]], budget - 1)
        if kind == "choice":
            depths = [self.depth(child) for child in node[1]]
            open_ones = [child for child, depth in zip(node[1], depths) if depth <= max(budget, min(depths))]
            return self.derive(self.random.choice(open_ones), budget)
        if kind == "repeat":
            _, child, low, high = node
            times = low
            while budget > 0 and times < min(high, low + 12) and self.random.random() < 0.45:
                times += 1
            return "".join(self.derive(child, budget) for _ in range(times))
        return "".join(self.derive(child, budget) for child in node[1])


def draw_form(schema, chance):
    """A value that the part of JSON schema which `placewright grammar --format json-schema` writes allows."""
    kind = schema["type"]
    if kind == "integer":
        return chance.randint(schema["minimum"], schema["maximum"])
    if kind == "string":
        return chance.choice(schema.get("enum", ["calc", "Exports.AddBodyForces", "two words", "GPU"]))
    if kind == "array":
        low = schema.get("minItems", 0)
        return [draw_form(schema["items"], chance) for _ in range(chance.randint(low, min(schema["maxItems"], low + 3)))]
    required = schema.get("required", [])
    return {key: draw_form(member, chance) for key, member in schema["properties"].items()
            if key in required or chance.random() < 0.6}
