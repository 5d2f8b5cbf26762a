"""The measuring tools on a tiny size, and that each of them notices what it is there for."""
