# SPDX-License-Identifier: Apache-2.0
"""bench/gpu/curves.py on small curves."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "gpu"))
import curves  # noqa: E402


def machine(*rates):
    points = [{"footprint": f"{4 ** i}MiB", "value": rate} for i, rate in enumerate(rates)]
    return {"access": {"gpu": {"frame_buffer": {"irregular": {"points": points}, "hot_line": {"value": 1}}}}}


class CurvesTestCase(unittest.TestCase):
    def test_a_straight_line_in_logarithmic_axes_is_predicted(self):
        (error,) = curves.errors([(1.0, 40.0), (4.0, 20.0), (16.0, 10.0)])
        self.assertAlmostEqual(error, 0)
        self.assertAlmostEqual(curves.predicted((1.0, 100.0), 10.0, (100.0, 1.0)), 10)

    def test_a_point_that_does_not_follow_is_named(self):
        ((name, text, good),) = curves.verdicts(machine(40, 26, 10))
        self.assertEqual((name, good), ("gpu.frame_buffer.irregular", False))
        self.assertEqual(text, "1 points, the worst -23.1 %")

    def test_curves_without_an_inner_point_are_unverified(self):
        self.assertEqual([text for _, text, _ in curves.verdicts(machine(40))], ["unverified: 1 footprint"])
        self.assertEqual([text for _, text, _ in curves.verdicts(machine(40, 20))], ["unverified: 2 footprints"])


if __name__ == "__main__":
    unittest.main()
