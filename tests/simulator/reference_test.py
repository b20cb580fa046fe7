#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The simulator's timeline against the reference: all graphs of up to three activities of a list of kinds, and random larger ones. usage: reference_test.py TIMELINE_GRAPHS
"""

import itertools
import json
import random
import subprocess
import sys

from reference import Reference


def activity(duration=0, least=0, flows=(), engines=(), any_of=(), stream=-1, priority=0):
    return {"duration": duration, "least": least, "flows": [list(flow) for flow in flows], "engines": [list(use) for use in engines],
            "any_of": list(any_of), "stream": stream, "priority": priority, "after": []}


KINDS = [
    activity(),
    activity(duration=1),
    activity(duration=2, least=1),
    activity(duration=1, engines=[(0, 1)]),
    activity(duration=2, engines=[(0, 0.5)]),
    activity(duration=1, engines=[(0, 1), (1, 1)]),
    activity(duration=1, engines=[(0, 1)], priority=1),
    activity(duration=1, any_of=[0, 1]),
    activity(duration=1, stream=0),
    activity(duration=1, stream=0, engines=[(0, 1)]),
    activity(flows=[(4, 8, [(0, 1)])]),
    activity(duration=1, flows=[(4, 1, [(0, 1), (1, 0.5)])]),
    activity(duration=1, least=2, flows=[(2, 8, [(1, 1)]), (3, 8, [(0, 0.25)])], engines=[(1, 1)]),
]


def graph(activities):
    return {"links": [2, 3], "engines": 2, "streams": 1, "activities": activities}


def edges_of(count):
    """All sets of earlier activities for each one."""
    choices = [[[i for i in range(number) if bits >> i & 1] for bits in range(1 << number)] for number in range(count)]
    return itertools.product(*choices)


def all_graphs(kinds, count):
    for chosen in itertools.product(kinds, repeat=count):
        for edges in edges_of(count):
            yield graph([{**each, "after": after} for each, after in zip(chosen, edges)])


def random_graphs(count):
    generator = random.Random(1)
    for _ in range(count):
        size = generator.randint(4, 9)
        yield graph([{**generator.choice(KINDS), "duration": generator.choice([0, 1, 2, 3]),
                      "after": [i for i in range(number) if generator.random() < 0.25]} for number in range(size)])


def main():
    graphs = [*all_graphs(KINDS, 1), *all_graphs(KINDS, 2), *all_graphs(KINDS, 3), *random_graphs(5000)]
    process = subprocess.run(sys.argv[1], input="".join(json.dumps(each) + "\n" for each in graphs), capture_output=True, text=True,
                             check=True)
    answers = process.stdout.splitlines()
    assert len(answers) == len(graphs), f"{len(answers)} answers for {len(graphs)} graphs"
    for each, answer in zip(graphs, answers):
        times = json.loads(answer)
        starts, ends = Reference(each).run()
        for name, expected in (("start", starts), ("end", ends)):
            if any(abs(got - float(want)) > 1e-9 * max(1, float(want)) for got, want in zip(times[name], expected)):
                sys.exit(f"{name}: {times[name]} instead of {[float(want) for want in expected]} for\n{json.dumps(each)}")
    print(f"{len(graphs)} graphs are equal")


if __name__ == "__main__":
    main()
