"""Every benchmark, one after the other: `make bench`."""

from bench import data, pairs, registry

registry.main(data.febrl())
pairs.main()
