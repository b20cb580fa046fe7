# SPDX-License-Identifier: Apache-2.0
"""What docs/simulator.md says about the timeline ("Rules of the timeline"), by brute force: exact fractions, no queue of events, every
rate computed anew. Made from the document, not from the program.
"""

from fractions import Fraction


def fair_rates(flows, links):
    """Max-min fair rates. flows: {number: (ceiling, [(link, part)])}, links: capacities."""
    rates = {}
    while len(rates) < len(flows):
        used = [sum((rates[number] * part for number, (_, passages) in flows.items() if number in rates
                     for link, part in passages if link == which), Fraction(0)) for which in range(len(links))]
        rising = [number for number in flows if number not in rates]
        load = [sum((part for number in rising for link, part in flows[number][1] if link == which), Fraction(0))
                for which in range(len(links))]
        fair = [(links[which] - used[which]) / load[which] if load[which] else None for which in range(len(links))]

        def most(number):
            ceiling, passages = flows[number]
            return min([ceiling] + [fair[link] for link, _ in passages])
        level = min(most(number) for number in rising)
        for number in [number for number in rising if most(number) == level]:
            rates[number] = level
    return rates


class Activity:
    def __init__(self, number, fields):
        self.number = number
        self.duration = Fraction(fields["duration"])
        self.least = Fraction(fields["least"])
        self.flows = [(Fraction(amount), Fraction(ceiling), [(link, Fraction(part)) for link, part in passages])
                      for amount, ceiling, passages in fields["flows"]]
        self.engines = [(engine, Fraction(share)) for engine, share in fields["engines"]]
        self.any_of = list(fields["any_of"])
        self.stream = fields["stream"]
        self.priority = fields["priority"]
        self.waits = set(fields["after"])
        self.state = "new"
        self.start = self.end = self.taken = None
        self.parts = 0


class Reference:
    def __init__(self, graph):
        self.links = [Fraction(capacity) for capacity in graph["links"]]
        self.used = [Fraction(0)] * graph["engines"]
        self.lines = [[] for _ in range(graph["engines"])]
        self.streams = [[] for _ in range(graph["streams"])]
        self.all = [Activity(number, fields) for number, fields in enumerate(graph["activities"])]
        self.now = Fraction(0)
        self.due = []  # (time, 0 for an end and 1 for an arrival, number of the activity, what)
        self.flowing = {}  # number in order of beginning: [activity, left, ceiling, passages]
        self.begun_flows = 0

    def run(self):
        for activity in self.all:
            if not activity.waits:
                self.due.append((self.now, 1, activity.number, "arrives"))
        while self.due or self.flowing:
            self.next_thing()
        return [each.start for each in self.all], [each.end for each in self.all]

    def rates(self):
        return fair_rates({number: (flow[2], flow[3]) for number, flow in self.flowing.items()}, self.links)

    def next_thing(self):
        rates = self.rates()
        ends = {number: self.now + flow[1] / rates[number] for number, flow in self.flowing.items()}
        first_flow = min(ends, key=lambda number: (ends[number], number), default=None)
        event = min(self.due, default=None)
        flow_is_first = first_flow is not None and (
            event is None or ends[first_flow] < event[0] or (ends[first_flow] == event[0] and event[1] == 1))
        time = ends[first_flow] if flow_is_first else event[0]
        for number, flow in self.flowing.items():
            flow[1] -= rates[number] * (time - self.now)
        self.now = time
        if flow_is_first:
            self.end_part(self.flowing.pop(first_flow)[0])
            return
        self.due.remove(event)
        activity = self.all[event[2]]
        if event[3] == "arrives":
            self.arrive(activity)
        elif event[3] == "flows":
            self.begin_parts(activity)
        else:
            self.end_part(activity)

    def arrive(self, activity):
        if activity.stream >= 0:
            self.streams[activity.stream].append(activity)
            if self.streams[activity.stream][0] is not activity:
                return
        self.get_in_line(activity)

    def get_in_line(self, activity):
        for engine in [engine for engine, _ in activity.engines] + activity.any_of:
            line = self.lines[engine]
            place = len(line)
            while place > 0 and line[place - 1].priority < activity.priority:
                place -= 1
            line.insert(place, activity)
        self.try_to_start(activity)

    def try_to_start(self, activity):
        if any(self.lines[engine][0] is not activity or self.used[engine] + share > 1 for engine, share in activity.engines):
            return False
        if activity.any_of:
            free = [engine for engine in activity.any_of if self.lines[engine][0] is activity and self.used[engine] == 0]
            if not free:
                return False
            activity.taken = free[0]
            self.used[free[0]] = Fraction(1)
        for engine in [engine for engine, _ in activity.engines] + activity.any_of:
            self.lines[engine].remove(activity)
        for engine, share in activity.engines:
            self.used[engine] += share
        activity.start = self.now
        self.due.append((self.now + activity.duration, 0, activity.number, "flows"))
        for engine in activity.any_of:
            if engine != activity.taken:
                self.serve(engine)
        return True

    def serve(self, engine):
        while self.lines[engine] and self.try_to_start(self.lines[engine][0]):
            pass

    def begin_parts(self, activity):
        activity.parts = len(activity.flows) + (1 if activity.least > 0 else 0)
        if activity.least > 0:
            self.due.append((self.now + activity.least, 0, activity.number, "least"))
        for amount, ceiling, passages in activity.flows:
            self.flowing[self.begun_flows] = [activity, amount, ceiling, passages]
            self.begun_flows += 1
        if activity.parts == 0:
            self.finish(activity)

    def end_part(self, activity):
        activity.parts -= 1
        if activity.parts == 0:
            self.finish(activity)

    def finish(self, activity):
        activity.end = self.now
        for engine, share in activity.engines:
            self.used[engine] -= share
        if activity.any_of:
            self.used[activity.taken] = Fraction(0)
        for other in self.all:
            if activity.number in other.waits:
                other.waits.remove(activity.number)
                if not other.waits:
                    self.due.append((self.now, 1, other.number, "arrives"))
        if activity.stream >= 0:
            stream = self.streams[activity.stream]
            stream.pop(0)
            if stream:
                self.get_in_line(stream[0])
        for engine, _ in activity.engines:
            self.serve(engine)
        if activity.any_of:
            self.serve(activity.taken)
