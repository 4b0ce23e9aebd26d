"""Every benchmark, one after the other: `make bench`."""

from bench import data, imports, pairs, registry

registry.main(data.febrl())
pairs.main()
imports.main([20_000])
