"""Scrapy's settings: the ordered components are the crawl's data flow, and nothing works here that is not named.

The bases of Scrapy are emptied on purpose. Left out with intent: its redirect, retry, meta-refresh and robots
middlewares (the frontier and our gates do that, durably), cookies, compression (the archive keeps the body as it came),
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
GOVCRAWL_CHROMIUM = os.environ.get("GOVCRAWL_CHROMIUM", "")  # the browser's path; empty: the first found by name

GOVCRAWL_PROBES = 40  # index numbers that no list shows, asked for in a run of each portal that can be asked so
GOVCRAWL_SWEEP = False  # every known page is visited again, not only those whose time has come

# Once, around everything: the archive is opened before any other component is built, and closed after the last.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {
    "govcrawl.crawl.archive_extension.ArchiveExtension": 0,  # lock, WARC writer, database, ledger
    "govcrawl.crawl.shutdown.GracefulShutdown": 5,  # one signal ends the run in good order and good time
    "govcrawl.crawl.offline.Offline": 6,  # without a network it ends at once
    "scrapy.extensions.corestats.CoreStats": 10,  # the finish reason, which decides the exit code
    "govcrawl.crawl.progress.Progress": 20,
    "govcrawl.crawl.registry_findings.RegistryFindings": 25,  # new families and hosts, as registry lines
    "govcrawl.crawl.unseen_numbers.UnseenNumbers": 25,  # numbers that no list shows
    "govcrawl.crawl.data_rules.DataRules": 30,  # a crawl that brought home far too little does not end green
    "scrapy.extensions.feedexport.FeedExporter": 40,  # `-O items.jsonl`: the columns of `crawl.items`, a line an item
}

# What to ask next comes from the ledger.
SCHEDULER = "govcrawl.crawl.scheduler.LedgerScheduler"
CONCURRENT_REQUESTS = 64  # one per registered domain is the real limit
CONCURRENT_REQUESTS_PER_DOMAIN = 16  # kept connections when all hosts are one replica
CONCURRENT_ITEMS = 1  # a response is one item; more would only make Scrapy start idle workers for each

# A request goes down this list, its response comes up.
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "govcrawl.crawl.registry_gate.RegistryGate": 100,  # first: of a host we do not know not even robots.txt is asked
    "govcrawl.crawl.robots.RobotsGate": 200,  # may it be sent at all
    "govcrawl.crawl.document_parts.DocumentParts": 230,  # a document in several pages is made whole before it is read
    "govcrawl.crawl.rendering.Rendering": 250,  # pages that only a browser shows leave here: it asks by itself
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 300,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "govcrawl.crawl.conditional_requests.ConditionalRequests": 600,  # known pages: If-None-Match, If-Modified-Since
    "govcrawl.crawl.throttle.Throttle": 800,  # when: the wait lies directly before the wire
    "govcrawl.crawl.warc_middleware.WarcMiddleware": 950,  # above 900: sees redirects and bodies as sent
}

# The spider turns each response into one item; then it is read, then stored with its place in the frontier. Pipelines
# of users come behind (numbers above 200) and read items through ItemAdapter: see docs/items.md.
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
PLAYWRIGHT_MAX_PAGES_PER_CONTEXT = 2  # pages open at once in the browser that shows what only scripts fill
TWISTED_DNS_RESOLVER = (
    "govcrawl.crawl.public_addresses.PublicResolver"  # the address checked is the address connected to
)
DNS_TIMEOUT = 20
DOWNLOAD_VERIFY_CERTIFICATES = True  # the policy of `crawl.tls`; unverified pages are no evidence
GOVCRAWL_ROBOTS_SECONDS = 3600.0  # how long what a robots.txt says holds before it is asked for again
DOWNLOAD_DELAY_JITTER = 0.0  # the pace is exact, so that it can be held across restarts
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # bytes, both of the body as sent and of what it unpacks to
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a body cut short is evidence: kept as WARC-Truncated, never read
FEED_EXPORT_ENCODING = "utf-8"
TELNETCONSOLE_ENABLED = False
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the spider's source anew for every few responses
COOKIES_ENABLED = False
LOG_LEVEL = "INFO"
LOG_FORMATTER = "govcrawl.crawl.log_format.BriefLogFormatter"
LOG_VERSIONS: list[str] = []
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
STATS_DUMP = False
