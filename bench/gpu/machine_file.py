# SPDX-License-Identifier: Apache-2.0
"""A machine file of one node whose GPU numbers were measured by session.py."""


# kFrameBufferBytes and kHostBytes of memory_access.cu.
FRAME_BUFFER_FOOTPRINT = 1 << 30
ZERO_COPY_FOOTPRINT = 1 << 28
# No session has measured these yet; no application's time went into them.
HOT_LINE_IN_FRAME_BUFFER = (
    'hot_line = {value = 1, min = 0.5, max = 4, unit = "ns", source = "assumed: an atomic unit of the second-level cache '
    'takes one or two operations per cycle at 1 to 2 GHz on one line; several cycles at most"}')
HOT_LINE_OVER_BUS = (
    'hot_line = {value = 1, min = 0.5, max = 2, unit = "us", source = "assumed: an atomic on host memory is a round trip '
    'over the bus, which a load is too: 0.5 to 2 us over PCIe 3 to 5"}')


def name_of(device):
    """`NVIDIA H200` -> `h200`."""
    return device.removeprefix("NVIDIA ").replace(" ", "-").lower()


def text_of(results):
    """The file. `results` is what session.py writes into results.json."""
    benchmarks = results["microbenchmarks"]
    rows = {row["name"]: row for row in benchmarks["rows"]}

    def entry(key, row_name, unit, scale, note="", value=None):
        row = rows[row_name]
        middle, low, high = ((row[k] if value is None else value(row[k])) / scale for k in ("median", "least", "most"))
        low, high = min(low, high, middle), max(low, high, middle)
        return (f'{key} = {{value = {middle:.4g}, min = {low:.4g}, max = {high:.4g}, unit = "{unit}", '
                f'source = "measured: {row_name}{note}"}}')

    def ratio(top, bottom):
        return rows[top]["median"] / rows[bottom]["median"]

    def curve(pattern, row_name, unit, scale, footprint):
        row = rows[row_name]
        middle, low, high = (row[k] / scale for k in ("median", "least", "most"))
        point = f'{{footprint = "{footprint >> 20}MiB", value = {middle:.4g}, min = {min(low, middle):.4g}, max = {max(high, middle):.4g}}}'
        return f'{pattern} = {{unit = "{unit}", source = "measured: {row_name}", points = [{point}]}}'

    def curves(memory, footprint):
        return [f"[access.gpu.{memory}]",
                curve("stream_read", f"{memory}.read", "GB/s", 1e9, footprint),
                curve("stream_write", f"{memory}.write", "GB/s", 1e9, footprint),
                curve("irregular", f"{memory}.irregular_read_8", "Gaccesses/s", 1e9, footprint),
                curve("atomic", f"{memory}.atomic_add_8", "Gaccesses/s", 1e9, footprint)]

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
        "", *curves("frame_buffer", FRAME_BUFFER_FOOTPRINT), HOT_LINE_IN_FRAME_BUFFER,
        "", *curves("zero_copy", ZERO_COPY_FOOTPRINT), HOT_LINE_OVER_BUS,
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
