# SPDX-License-Identifier: Apache-2.0
"""bench/published/published.py: ends of ranges and directions."""

import pathlib
import sys
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "published"))
import published  # noqa: E402


def values(end, machine="lassen"):
    text = (ROOT / f"share/machines/{machine}.toml").read_text(encoding="utf-8")
    return tomllib.loads(published.at_end(text, end))


class PublishedTestCase(unittest.TestCase):
    def test_the_fast_end_has_large_bandwidths_and_short_times(self):
        fast, slow = values("fast"), values("slow")
        self.assertEqual((fast["peer"]["bandwidth_peak"]["value"], slow["peer"]["bandwidth_peak"]["value"]), (75, 32))
        self.assertEqual((fast["bus"]["latency"]["value"], slow["bus"]["latency"]["value"]), (8, 10))
        self.assertEqual((fast["gpu"]["atomic_bus_factor"]["value"], slow["gpu"]["atomic_bus_factor"]["value"]), (1, 4))
        self.assertNotIn("min", fast["bus"]["latency"])

    def test_numbers_without_a_range_stay(self):
        self.assertEqual(values("slow")["gpu"]["memory_bandwidth_peak"]["value"], 900)
        self.assertEqual(values("nominal")["bus"]["latency"]["value"], 9)

    def test_the_runtime_has_ends_as_everything_else(self):
        fast, slow = values("fast", "p100x4")["runtime"], values("slow", "p100x4")["runtime"]
        self.assertEqual((fast["task"]["value"], slow["task"]["value"]), (11, 66))
        self.assertEqual((fast["replayed_argument"]["value"], slow["replayed_argument"]["value"]), (0.2, 5))
        threads = 'utility_processors = {value = 2, min = 1, max = 4, source = "test"}'
        self.assertIn("value = 4", published.at_end(threads, "fast"))
        self.assertIn("value = 1", published.at_end(threads, "slow"))

    def test_a_ratio_says_whether_the_runtime_is_modelled(self):
        machine = pathlib.Path("m.toml")
        self.assertEqual(published.machine_options(machine, {"time_scale": 2})[-2:], ["--runtime-cost", "none"])
        entry = {"time_scale": 2, "runtime_cost": "model"}
        self.assertEqual(published.machine_options(machine, entry)[-2:], ["--runtime-cost", "model"])

    def test_ratios_near_one_point_nowhere(self):
        self.assertEqual([published.direction(ratio) for ratio in (0.9, 0.98, 1.02, 1.1)], [-1, 0, 0, 1])

    def test_every_ratio_names_what_is_there(self):
        entries = tomllib.loads((ROOT / "bench/published/ratios.toml").read_text(encoding="utf-8"))["ratio"]
        self.assertGreaterEqual(len(entries), 12)
        for entry in entries:
            self.assertTrue((ROOT / "share/machines" / f"{entry['machine']}.toml").is_file())
            for way in (entry["one"], entry["other"]):
                self.assertEqual("runtime_cost" in entry, entry["name"].endswith("runtime modelled"))
                self.assertTrue((ROOT / "apps" / way["application"]).is_dir())
                if way["way"] not in ("default", "expert"):
                    self.assertTrue((ROOT / "bench/published" / f"{way['way']}.mapping").is_file())


if __name__ == "__main__":
    unittest.main()
