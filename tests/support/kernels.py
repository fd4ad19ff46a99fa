"""A real kernel, as a lesson has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client import BlockingKernelClient
from jupyter_client.manager import KernelManager


@contextmanager
def running(folder: Path) -> Iterator[BlockingKernelClient]:
    """The client of a kernel that runs in a folder; the kernel ends with the context."""
    manager = KernelManager(kernel_name="python3", transport_encryption="auto")
    manager.start_kernel(cwd=str(folder))
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
