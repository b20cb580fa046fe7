#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random graphs whose flows share links: the simulator's timeline against SimGrid. usage: simgrid_test.py TIMELINE_GRAPHS SIMGRID_GRAPH"""

import json
import random
import subprocess
import sys

GRAPHS = 40
MOST_OFF = 0.01


def random_graph(generator):
    """Bytes and bytes per second of real machines: SimGrid's precision is absolute."""
    links = [generator.uniform(1e9, 2e10) for _ in range(generator.randint(2, 8))]
    activities = []
    for number in range(generator.randint(5, 60)):
        flows = []
        for _ in range(generator.choice([0, 1, 1, 1, 2])):
            ways = generator.sample(range(len(links)), generator.randint(1, min(3, len(links))))
            flows.append([float(generator.randint(10**6, 10**9)), generator.uniform(1e9, 3e10), [[way, 1] for way in ways]])
        activities.append({"duration": generator.uniform(0, 0.05), "least": 0, "flows": flows, "engines": [], "any_of": [], "stream": -1,
                           "priority": 0, "after": [each for each in range(number) if generator.random() < 2 / (number + 1)]})
    return {"links": links, "engines": 0, "streams": 0, "activities": activities}


def ends(program, graph):
    process = subprocess.run(program, input=json.dumps(graph) + "\n", capture_output=True, text=True, check=True)
    return json.loads(process.stdout)["end"]


def main():
    generator = random.Random(1)
    worst = 0
    for _ in range(GRAPHS):
        graph = random_graph(generator)
        ours, theirs = ends(sys.argv[1], graph), ends(sys.argv[2], graph)
        off = abs(max(ours) / max(theirs) - 1)
        if off > MOST_OFF:
            sys.exit(f"{max(ours)} s, but {max(theirs)} s by SimGrid, for\n{json.dumps(graph)}")
        worst = max(worst, off)
    print(f"{GRAPHS} graphs: at most {100 * worst:.4f} % off")


if __name__ == "__main__":
    main()
