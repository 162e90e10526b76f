"""Scrapy's settings. The ordered components are the crawl's data flow, and every active component is named here.

The bases of Scrapy are emptied on purpose. Left out are its redirect, retry, meta-refresh and robots middlewares (the
frontier and our gates replace them, and survive a restart), cookies, compression (the archive stores the body as sent),
offsite and HTTP-error filters (the registry decides, and an error is an outcome to be stored).
"""

import os

from govcrawl import __version__

BOT_NAME = "govcrawl"
SPIDER_MODULES = ["govcrawl.spiders"]
COMMANDS_MODULE = "govcrawl.crawl.commands"  # `scrapy crawl` with the project's exit codes
ADDONS = {"govcrawl.crawl.run_modes.Mode": 0}  # paces of a live or a replica crawl

GOVCRAWL_ARCHIVE = os.environ.get("GOVCRAWL_ARCHIVE", "archive")
GOVCRAWL_REPLICA = os.environ.get("GOVCRAWL_REPLICA", "")  # the base address of `govcrawl replica`; empty: live
GOVCRAWL_VANTAGE = os.environ.get("GOVCRAWL_VANTAGE", "")  # from where, as you say: CN-33, DE; empty: unsaid
GOVCRAWL_CHROMIUM = os.environ.get("GOVCRAWL_CHROMIUM", "")  # the browser's path; empty: the first found by name

GOVCRAWL_PROBES = 40  # most unseen index numbers requested per portal and run, where its platform has a search for one
GOVCRAWL_SWEEP = False  # true: every known page is revisited, not only those that are due

# The archive is opened before any other component is built, and closed after the last.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {
    "govcrawl.crawl.archive_extension.ArchiveExtension": 0,  # lock, WARC writer, database, ledger
    "govcrawl.crawl.shutdown.GracefulShutdown": 5,  # one signal ends the run in good order and good time
    "govcrawl.crawl.offline.Offline": 6,  # without a network it ends at once
    "govcrawl.crawl.watchdog.Watchdog": 7,  # a run in which nothing moves ends
    "scrapy.extensions.corestats.CoreStats": 10,  # the finish reason, which decides the exit code
    "govcrawl.crawl.progress.Progress": 20,
    "govcrawl.crawl.registry_findings.RegistryFindings": 25,  # new families and hosts, as registry lines
    "govcrawl.crawl.unseen_numbers.UnseenNumbers": 25,  # numbers that no list shows
    "govcrawl.crawl.data_rules.DataRules": 30,  # a crawl that brought home far too little does not end green
    "scrapy.extensions.feedexport.FeedExporter": 40,  # `-O items.jsonl`: the columns of `crawl.items`, a line an item
}

# The ledger supplies the next request.
SCHEDULER = "govcrawl.crawl.scheduler.LedgerScheduler"
CONCURRENT_REQUESTS = 64  # one per registered domain is the real limit
CONCURRENT_REQUESTS_PER_DOMAIN = 16  # kept connections if all hosts are one replica
CONCURRENT_ITEMS = 1  # a response is one item; more would only make Scrapy start idle workers for each

# Requests pass this list from top to bottom, responses from bottom to top.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "govcrawl.crawl.registry_gate.RegistryGate": 100,  # first: not even robots.txt is requested from an unknown host
    "govcrawl.crawl.robots.RobotsGate": 200,  # drops requests that robots.txt forbids
    "govcrawl.crawl.document_parts.DocumentParts": 230,  # joins a document in several pages before it is read
    "govcrawl.crawl.rendering.Rendering": 250,  # fetches pages that need a browser, which sends its own requests
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 300,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "govcrawl.crawl.conditional_requests.ConditionalRequests": 600,  # known pages: If-None-Match, If-Modified-Since
    "govcrawl.crawl.throttle.Throttle": 800,  # when: the wait lies directly before the wire
    "govcrawl.crawl.warc_middleware.WarcMiddleware": 950,  # above 900: sees redirects and bodies as sent
}

# The spider turns each response into one item, which is read, then stored with its state in the frontier. Pipelines
# of users follow (numbers above 200) and read items through ItemAdapter: see docs/items.md.
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
ITEM_PIPELINES = {
    "govcrawl.pipelines.ReadPipeline": 100,
    "govcrawl.pipelines.StorePipeline": 200,
}

CONTACT = os.environ.get("GOVCRAWL_CONTACT", "set GOVCRAWL_CONTACT to be reachable")
USER_AGENT = f"govcrawl/{__version__} (archive of public annual reports; contact: {CONTACT})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
}
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 2  # pages open at once in the browser that renders pages filled by scripts
TWISTED_DNS_RESOLVER = (
    "govcrawl.crawl.public_addresses.PublicResolver"  # the address checked is the address connected to
)
DNS_TIMEOUT = 20
DOWNLOAD_VERIFY_CERTIFICATES = True  # the policy of `crawl.tls`; unverified pages are no evidence
GOVCRAWL_ROBOTS_SECONDS = 3600.0  # how long a robots.txt is valid before it is requested again
DOWNLOAD_DELAY_JITTER = 0.0  # the delay is exact, so that it holds across restarts
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes, both of the body as sent and of what it unpacks to
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a body cut short is evidence: kept as WARC-Truncated, never read
FEED_EXPORT_ENCODING = "utf-8"
TELNETCONSOLE_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # the check reads the spider's source again every few responses
COOKIES_ENABLED = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "govcrawl.crawl.log_format.BriefLogFormatter"
LOG_VERSIONS: list[str] = []
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
STATS_DUMP = False
