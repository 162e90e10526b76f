"""Commands that Scrapy finds by the name of their module; `crawl` here takes the place of Scrapy's own."""
