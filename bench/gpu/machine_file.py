# SPDX-License-Identifier: Apache-2.0
"""A machine file of one node whose GPU numbers were measured by session.py."""


# What the sessions before the sweep over footprints used for all rows of a memory.
ONE_FOOTPRINT = {"frame_buffer": 1 << 30, "zero_copy": 1 << 28}
# For sessions before the sweep over hot sets; no application's time went into them.
ASSUMED_HOT_LINE = {
    "frame_buffer": 'hot_line = {value = 1, min = 0.5, max = 4, unit = "ns", source = "assumed: an atomic unit of the '
                    'second-level cache takes one or two operations per cycle at 1 to 2 GHz on one line; several cycles at most"}',
    "zero_copy": 'hot_line = {value = 1, min = 0.5, max = 2, unit = "us", source = "assumed: an atomic on host memory is a round '
                 'trip over the bus, which a load is too: 0.5 to 2 us over PCIe 3 to 5"}',
}


def size(footprint):
    """`256MiB`."""
    for factor, unit in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if footprint % factor == 0:
            return f"{footprint // factor}{unit}"
    return f"{footprint}B"


def rising_or_falling(points):
    """The points without those that go against the direction from the first to the last: noise of the measurement. Streams
    and reads fall as the footprint outgrows the caches; atomics rise where a small footprint makes them meet."""
    rises = points[-1][1][0] > points[0][1][0]
    kept = []
    for footprint, values in points:
        if not kept or (values[0] >= kept[-1][1][0] if rises else values[0] <= kept[-1][1][0]):
            kept.append((footprint, values))
    return kept


def curve(rows, memory, pattern, name, unit):
    points = sorted((row.get("footprint") or ONE_FOOTPRINT[memory], [row[key] / 1e9 for key in ("median", "least", "most")])
                    for row in rows if row["name"] == f"{memory}.{name}")
    texts = [f'{{footprint = "{size(footprint)}", value = {middle:.4g}, min = {min(low, middle):.4g}, max = {max(high, middle):.4g}}}'
             for footprint, (middle, low, high) in rising_or_falling(points)]
    return f'{pattern} = {{unit = "{unit}", source = "measured: {memory}.{name}", points = [{", ".join(texts)}]}}'


def hot_line(rows, memory):
    """Seconds from one operation on a line to the next, measured with all operations on one line."""
    for row in rows:
        if row["name"] == f"{memory}.atomic_on_lines" and row["lines"] == 1:
            middle, low, high = (1e9 / row[key] for key in ("median", "most", "least"))
            return (f'hot_line = {{value = {middle:.4g}, min = {low:.4g}, max = {high:.4g}, unit = "ns", '
                    f'source = "measured: {memory}.atomic_on_lines with one line"}}')
    return ASSUMED_HOT_LINE[memory]


def curves(rows, memory):
    return [f"[access.gpu.{memory}]",
            curve(rows, memory, "stream_read", "read", "GB/s"),
            curve(rows, memory, "stream_write", "write", "GB/s"),
            curve(rows, memory, "irregular", "irregular_read_8", "Gaccesses/s"),
            curve(rows, memory, "atomic", "atomic_add_8", "Gaccesses/s"),
            hot_line(rows, memory)]


def name_of(device):
    """`NVIDIA H200` -> `h200`."""
    return device.removeprefix("NVIDIA ").replace(" ", "-").lower()


def text_of(results):
    """The file. `results` is what session.py writes into results.json."""
    benchmarks = results["microbenchmarks"]
    # With several footprints the largest counts, which no cache holds: the last row.
    rows = {row["name"]: row for row in benchmarks["rows"]}

    def entry(key, row_name, unit, scale, note="", value=None):
        row = rows[row_name]
        middle, low, high = ((row[k] if value is None else value(row[k])) / scale for k in ("median", "least", "most"))
        low, high = min(low, high, middle), max(low, high, middle)
        return (f'{key} = {{value = {middle:.4g}, min = {low:.4g}, max = {high:.4g}, unit = "{unit}", '
                f'source = "measured: {row_name}{note}"}}')

    def ratio(top, bottom):
        return rows[top]["median"] / rows[bottom]["median"]

    atomic = ratio("zero_copy.irregular_read_8", "zero_copy.atomic_add_8")
    gib = benchmarks["memory_bytes"] / 2**30
    memories = results["memory_mib"]
    measured = 'source = "measured values are entered as they are"'
    return "\n".join([
        f"# One node with one {benchmarks['device']}, as scripts/gpu_session.sh measured it (bench/RESULTS-gpu.md).",
        f"# {results['machine']} (driver, memory, clock, PCIe generation, lanes). What it does not measure is assumed, and says so.", "",
        f'name = "{name_of(benchmarks["device"])}"', "",
        "[run]", 'time_scale = {value = 1, source = "a study chooses its own"}', "",
        "[shape]",
        'nodes = {value = 1, source = "the measured machine"}',
        'gpus = {value = 1, source = "the measured machine"}',
        'cpu_processors = {value = 2, source = "our choice, as in p100x4.toml"}', "",
        "[gpu]",
        f'memory = {{value = {gib:.2f}, unit = "GiB", source = "measured: cudaGetDeviceProperties"}}',
        f'frame_buffer = {{value = {memories["frame_buffer"]}, unit = "MiB", source = "fsize of the session"}}',
        entry("memory_bandwidth_peak", "frame_buffer.read", "GB/s", 1e9),
        f"memory_bandwidth_efficiency = {{value = 1, {measured}}}",
        entry("fp32_peak", "fp32", "TFLOP/s", 1e12, ", multiply and add in registers"),
        f"fp32_efficiency = {{value = 1, {measured}}}",
        entry("fp64_peak", "fp64", "TFLOP/s", 1e12, ", multiply and add in registers"),
        f"fp64_efficiency = {{value = 1, {measured}}}",
        entry("kernel_launch", "kernel_launch.back_to_back", "us", 1e-6),
        'sector = {value = 32, unit = "B", source = "CUDA C++ programming guide: memory transactions are 32-byte sectors"}',
        f'lanes = {{value = {128 * benchmarks["multiprocessors"]}, source = "multiprocessors as measured, 128 FP32 lanes each"}}',
        f'atomic_bus_factor = {{value = {max(1.0, atomic):.3g}, source = "measured: zero_copy.irregular_read_8 over zero_copy.atomic_add_8"}}',
        "", *curves(benchmarks["rows"], "frame_buffer"),
        "", *curves(benchmarks["rows"], "zero_copy"),
        "", "[bus]",
        entry("bandwidth_peak", "copy.to_device", "GB/s", 1e9),
        f"bandwidth_efficiency = {{value = 1, {measured}}}",
        entry("latency", "copy.latency_to_device", "us", 1e-6),
        "", "[zero_copy]",
        f'capacity = {{value = {memories["zero_copy"]}, unit = "MiB", source = "zsize of the session"}}',
        "", "[peer]",
        entry("bandwidth_peak", "copy.to_device", "GB/s", 1e9, "; one GPU only, so the bus stands for a peer"),
        f"bandwidth_efficiency = {{value = 1, {measured}}}",
        entry("latency", "copy.latency_to_device", "us", 1e-6, "; as above"),
        "", "[host]",
        'memory = {value = 64, unit = "GiB", source = "assumed: half of the machine"}',
        'memory_bandwidth_peak = {value = 136.5, unit = "GB/s", source = "assumed, as p100x4.toml"}',
        'memory_bandwidth_efficiency = {value = 0.80, min = 0.78, max = 0.81, source = "assumed, as p100x4.toml"}',
        "", "[cpu]",
        'fp32_peak = {value = 76.8, unit = "GFLOP/s", source = "assumed, as p100x4.toml"}',
        'fp32_efficiency = {value = 0.25, min = 0.0625, max = 0.90, source = "assumed, as p100x4.toml"}',
        'fp64_peak = {value = 38.4, unit = "GFLOP/s", source = "assumed, as p100x4.toml"}',
        'fp64_efficiency = {value = 0.25, min = 0.125, max = 0.90, source = "assumed, as p100x4.toml"}',
        'memory_bandwidth = {value = 11, min = 7.5, max = 14, unit = "GB/s", source = "assumed, as p100x4.toml"}',
        'sector = {value = 64, unit = "B", source = "cache line"}',
        'task_launch = {value = 2, min = 1, max = 5, unit = "us", source = "assumed, as p100x4.toml"}', ""])
