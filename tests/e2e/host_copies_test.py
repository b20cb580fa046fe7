# SPDX-License-Identifier: Apache-2.0
"""Copies that Realm makes with a CPU, which virtual GPUs do not model: no run is timed in which they matter."""

from harness import BUILD, SOURCE, EndToEnd

LABELS = ["e2e"]
PROCESSORS = 1
STENCIL = BUILD / "bin" / "stencil"
# So slow that a busy machine adds little to the modelled time, of which the copies must be a large part.
ON_GPUS = ["--machine", SOURCE / "share" / "machines" / "p100x4.toml", "--time-scale", 100]
# Four tiles of 504 x 504 cells with what they share, 8 bytes each, in a loop that is traced.
SIZE = ["-input", "small", "-nx", 1000, "-ny", 1000, "-warmup", 1, "-l", 3]
HALF_ON_CPUS = "Task * GPU, CPU;\nTask increment CPU;\nRegion * * GPU {};\nRegion * * CPU {};\n"
NOT_MODELLED = "virtual GPUs do not model copies that a CPU makes"


class HostCopiesTestCase(EndToEnd):
    def run_stencil(self, gpu, cpu, *arguments, options=()):
        return self.run_program(HALF_ON_CPUS.format(gpu, cpu), *SIZE, *arguments, program=STENCIL,
                                decisions=False, options=[*ON_GPUS, *options])

    def test_a_run_with_many_is_not_timed(self):
        run = self.run_stencil("ZCMEM", "SYSMEM")
        # Each iteration brings what the stencil has computed to the increment; the warm-up does not count.
        self.assert_fails(run, "this run cannot be timed", NOT_MODELLED,
                          "12 copies from ZCMEM to SYSMEM (24385536 bytes)", "--correctness")
        self.assertIn("ELAPSED TIME", run.stdout)

    def test_a_run_that_times_nothing_may_have_them(self):
        run = self.run_stencil("ZCMEM", "SYSMEM", options=["--correctness"])
        self.assertEqual(run.status, 0, run.stderr)

    def test_data_that_stays_needs_none(self):
        run = self.run_stencil("ZCMEM", "ZCMEM")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertNotIn(NOT_MODELLED, run.stderr)

    def test_copies_of_the_gpus_are_modelled(self):
        run = self.run_stencil("FBMEM", "SYSMEM")
        self.assertEqual(run.status, 0, run.stderr)
        self.assertNotIn(NOT_MODELLED, run.stderr)

    def test_a_mapper_of_the_program_is_watched_too(self):
        run = self.run_program(None, *SIZE, "-mapper", "handwritten", program=STENCIL, decisions=False,
                               options=ON_GPUS)
        self.assertEqual(run.status, 0, run.stderr)
        self.assertNotIn(NOT_MODELLED, run.stderr)
