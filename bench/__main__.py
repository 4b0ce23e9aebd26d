"""Every benchmark, one after the other: `make bench`."""

from bench import data, registry

registry.main(data.febrl())
