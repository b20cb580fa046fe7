# SPDX-License-Identifier: Apache-2.0
"""The results of session.py as a page for bench/."""

import textwrap

import machine_file


def number(value, unit):
    """Three digits with the unit's customary prefix."""
    if unit == "s":
        return f"{value * 1e6:.3g} us"
    scale, prefix = (1e12, "T") if value >= 1e12 else (1e9, "G")
    return f"{value / scale:.3g} {prefix}{unit}"


def where(row):
    """Footprint or hot set of a microbenchmark."""
    if row.get("lines"):
        return f"{row['lines']} lines"
    return machine_file.size(row["footprint"]) if row.get("footprint") else ""


def microbenchmark_table(benchmarks):
    lines = [f"**{benchmarks['device']}**, {benchmarks['repetitions']} repetitions.", "",
             "| what | where | median | least | most |", "|---|---|---|---|---|"]
    for row in benchmarks["rows"]:
        values = [number(row[key], row["unit"]) for key in ("median", "least", "most")]
        lines.append(f"| `{row['name']}` | {where(row)} | {' | '.join(values)} |")
    return lines


def cell(row):
    if "failure" in row:
        return "failed (see below)"
    seconds = row["seconds"]
    return f"{row['median'] * 1e3:.4g} [{min(seconds) * 1e3:.4g}, {max(seconds) * 1e3:.4g}]"


def case_lines(cases):
    names = next((list(case["mappings"]) for case in cases if "mappings" in case), [])
    lines = ["| application | input | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    failures = []
    for case in cases:
        title = f"{case['application']} | {' '.join(case['words'])}"
        if "mappings" not in case:
            failures.append(f"- {title}: {case['failure']}")
            continue
        lines.append(f"| {title} | " + " | ".join(cell(row) for row in case["mappings"].values()) + " |")
        failures += [f"- {title}, {name}: {row['failure']}" for name, row in case["mappings"].items() if "failure" in row]
    return lines + (["", "Failures:", "", *failures] if failures else [])


def paragraph(text):
    """Wrapped as all pages are."""
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def text_of(results):
    return "\n".join([
        "# Results on a real GPU", "",
        paragraph(f"Written by `scripts/gpu_session.sh`. Machine: {results['machine']} (driver, memory, clock, PCIe generation, "
                  f"lanes); {results['cores']} cores."), "",
        "## Memories, launches, arithmetic", "",
        "`bench/gpu/memory_access.cu`; where no footprint is given, 1 GiB of frame buffer or 256 MiB of zero-copy memory.", "",
        *microbenchmark_table(results["microbenchmarks"]), "",
        "## Applications, one GPU", "",
        paragraph(f"Milliseconds of the timed iterations: median [least, most] of {results['rounds']} rounds in which the mappings "
                  "took turns. Every counted run printed the checksum of the application's CPU run; where CPUs would take "
                  "minutes, of the first run."), "",
        *case_lines(results["cases"]), ""])
