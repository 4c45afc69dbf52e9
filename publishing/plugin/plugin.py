"""What happens when the site is built, in the order in which it happens: the events of MkDocs, one method each."""

from __future__ import annotations

import functools
import json
import logging
import os
import posixpath
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from publishing import policy, swap
from publishing.errors import SiteError
from publishing.formulas import katex, typesetting
from publishing.gates import links
from publishing.live import cells, frame
from publishing.live.assets import FOLDER, Assets
from publishing.live.assets import assets as live_assets
from publishing.live.pyodide import Host
from publishing.look import fonts, own
from publishing.pages import (
    chapters,
    downloads,
    execution,
    generated,
    inventories,
    notebooks,
    search,
    source_pages,
    stylesheets,
    summaries,
    tables,
    twins,
    urls,
)
from publishing.pages.summaries import Summary
from publishing.plugin.config import CheckedPagesConfig
from publishing.project import Project
from publishing.verdicts.claims import require_claims
from publishing.verdicts.provenance import Ledger
from publishing.verdicts.report import SCHEMA

__all__ = ["CheckedPages"]

LIVE_SCRIPT = f"{FOLDER}/cells.js"
THEME = Path(__file__).parents[1] / "theme"

P = ParamSpec("P")
R = TypeVar("R")


def _told(event: Callable[P, R]) -> Callable[P, R]:
    """What stops a build is said by MkDocs in a line, without a traceback."""

    @functools.wraps(event)
    def told(*given: P.args, **named: P.kwargs) -> R:
        try:
            return event(*given, **named)
        except SiteError as error:
            raise PluginError(str(error)) from None

    return told


class Build:
    """What the events of one build leave to the later ones."""

    def __init__(self, project: Project, site: Path) -> None:
        self.project = project
        self.site = site
        self.key = ""
        self.report = Path()
        self.styles: Sequence[str] = ()
        self.scripts: Sequence[Path] = ()
        self.notebooks: dict[str, notebooks.NotebookPage] = {}
        self.texts: dict[str, str] = {}
        """The pages' Markdown, by source."""
        self.twins: Mapping[str, str] = {}
        """The same as it is published, by its place in the site."""
        self.generated: Mapping[str, generated.Generated] = {}
        self.modules: Mapping[str, source_pages.Module] = {}
        self.navigation: Sequence[Page] = ()
        self.titles: Mapping[str, str] = {}
        self.summaries: Sequence[Summary] = ()
        self.hosts: Sequence[str] = ()
        """Those that readers get Python from."""
        self.scripts_in_pages: set[str] = set()
        """The hashes of the pages' inline scripts."""


class CheckedPages(BasePlugin[CheckedPagesConfig]):
    """Scripts become pages whose formulas were checked first; whatever is wrong stops the build."""

    _build: Build | None = None
    _policed = True

    @property
    def build(self) -> Build:
        """The build that is under way."""
        assert self._build is not None
        return self._build

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """What the pages' side logs is shown, and counted by `--strict`, as what MkDocs' own plugins log.

        While pages are served to their author, MkDocs puts a script into each that loads it anew: no policy knows it.
        """
        self._policed = command != "serve"
        logging.getLogger("publishing").parent = logging.getLogger("mkdocs.plugins")

    def on_config(self, config: MkDocsConfig) -> None:
        """Dates are the last commit's, so that two builds of one commit give the same bytes.

        The site is built beside the last one, which stays until this one is whole.
        """
        root = Path(config.config_file_path).parent.resolve()
        project = Project(root, tuple(self.config.packages), tuple(self.config.libraries))
        self._build = Build(project, Path(config.site_dir))
        config.site_dir = str(swap.beside(self.build.site))
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        self.build.styles = stylesheets.take(config.extra_css, Path(config.docs_dir))
        config.extra_css.insert(0, katex.STYLE)
        cells_script = ExtraScriptValue(LIVE_SCRIPT)
        cells_script.type = "module"
        config.extra_javascript[:] = [*own.scripts(), *config.extra_javascript, cells_script]
        if "SOURCE_DATE_EPOCH" not in os.environ and (date := _commit_date(root)):
            os.environ["SOURCE_DATE_EPOCH"] = date

    @_told
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Every claim is checked before anything is built."""
        self.build.key = self.build.project.key()
        self.build.report = require_claims(self.build.project, self.config.claims, self.build.key)

    @_told
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """The scripts among the pages are executed; what readers load beside the pages becomes files of the site."""
        build = self.build
        live = live_assets(build.project, cast(Host, self.config.python))
        build.hosts = live.hosts
        report = build.report.read_bytes()
        executed = self._execute(files, json.loads(report)["claims"], live)
        self._generate(files, config)
        assets = katex.assets() | own.scripts() | live.contents | executed | self._claims_of_generated()
        assets["assets/report.schema.json"] = SCHEMA.read_bytes()
        assets |= {"checks.json": report, stylesheets.JOINED: stylesheets.joined(build.styles, Path(config.docs_dir))}
        for style in build.styles:
            files.remove(files.src_uris[style])
        for uri, content in assets.items():
            files.append(File.generated(config, uri, content=content))
        build.modules = {module.uri: module for module in source_pages.modules(build.project)}
        for uri, module in build.modules.items():
            files.append(File.generated(config, uri, content=module.markdown, inclusion=InclusionLevel.NOT_IN_NAV))
        return files

    def _execute(self, files: Files, claims: Sequence[dict[str, Any]], live: Assets) -> dict[str, bytes]:
        """Make pages of the scripts. Returns what is there beside them: their programs, and their cells' sources."""
        build = self.build
        scripts = [file for file in files.documentation_pages() if _is_script(file)]
        build.scripts = [_path(file) for file in scripts]
        executed = execution.execute_all(build.scripts, build.project, build.key, build.report)
        beside: dict[str, bytes] = {}
        for file, notebook in zip(scripts, executed, strict=True):
            bars = _bars(file, notebook, live)
            build.notebooks[file.src_uri] = notebooks.convert(notebook, file.src_uri, _ledger(file, claims), bars)
            build.texts[file.src_uri] = twins.of_notebook(notebook)
            beside |= downloads.contents(file.src_uri, _path(file), notebook)
            beside[cells.address(file.src_uri)] = cells.contents(notebook)
        return beside

    def _generate(self, files: Files, config: MkDocsConfig) -> None:
        """The pages that modules make."""
        build = self.build
        build.generated = {page.uri: page for page in generated.pages(build.project, self.config.generated)}
        for uri, page in build.generated.items():
            inclusion = InclusionLevel.UNDEFINED if page.is_index else InclusionLevel.NOT_IN_NAV
            file = File.generated(config, uri, content=page.markdown, inclusion=inclusion)
            files.append(file)
            ledger = _ledger(file, page.claims)
            build.notebooks[uri] = notebooks.convert(page.notebook, uri, ledger, lambda number: "")
            build.texts[uri] = twins.of_notebook(page.notebook)

    def _claims_of_generated(self) -> dict[str, bytes]:
        """A file for each folder of pages that a module makes."""
        pages = self.build.generated.values()
        return {
            f"{folder}/checks.json": generated.claims([page for page in pages if page.uri.startswith(f"{folder}/")])
            for folder in {page.uri.partition("/")[0] for page in pages}
        }

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self.build.navigation = nav.pages
        return nav

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> Page:
        """An executed script is rendered as the Markdown page that it has become, not by mkdocs-jupyter's own template.

        A module's page is not rendered at all, for it has no Markdown.
        """
        if _is_script(page.file):
            del page.render
        if module := self.build.modules.get(page.file.src_uri):
            vars(page)["render"] = lambda config, files: vars(page).update(content=module.content(), toc=get_toc([]))
        return page

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        uri = page.file.src_uri
        if uri not in self.build.modules:
            self.build.texts.setdefault(uri, markdown)
        return self.build.notebooks[uri].markdown if uri in self.build.notebooks else markdown

    @_told
    def on_page_content(self, content: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        uri = page.file.src_uri
        content = self.build.notebooks[uri].fill(content) if uri in self.build.notebooks else content
        if uri not in self.build.modules:
            page.meta["origin"] = self._origin(uri)
        return tables.accessible(content)

    def _origin(self, uri: str) -> dict[str, str]:
        """What the end of a page says: where its program is to be had, and where its source can be mended."""
        origin: dict[str, str] = {}
        source = f"docs/{uri}"
        if uri in self.build.generated:
            source = self.build.generated[uri].source
        elif uri.endswith(".py"):
            origin = downloads.download(uri)._asdict()
        if self.config.repository and source:
            origin["edit"] = f"{self.config.repository.rstrip('/')}/edit/main/{source}"
        return origin

    @_told
    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """All pages have their content now, and none is written yet."""
        build = self.build
        pages = [file.page for file in files.documentation_pages() if file.page is not None]
        contents = {page.file.src_uri: page.content or "" for page in pages}
        typesetting.require_derived(contents)
        typesetting.require_typesettable(contents)
        self._describe(pages)
        self._explain_names(contents, config, files)
        build.twins = _twins(build.texts, files)
        for uri, content in fonts.assets(map(typesetting.replace, contents.values())).items():
            files.append(File.generated(config, uri, content=content))
        build.titles = {
            f"{file.url}#{anchor}": title
            for file in files.documentation_pages()
            if file.src_uri in build.notebooks
            for anchor, title in build.notebooks[file.src_uri].titles.items()
        }

    def _describe(self, pages: Sequence[Page]) -> None:
        """Give each page its description, and each chapter its number."""
        section = [p.file.src_uri for p in self.build.navigation if p.parent and p.parent.title == self.config.chapters]
        for page in pages:
            page.meta.setdefault("description", summaries.description(page.content or ""))
            page.meta["chapter"] = chapters.place(page.file.src_uri, section, page.content or "")
            if page.is_homepage:
                page.meta["hide"] = ["navigation", "toc"]
        self.build.summaries = [
            Summary(page.title or "", page.canonical_url or page.url or "./", page.meta["description"])
            for page in self.build.navigation
        ]
        for page in pages:
            # The theme writes it into an attribute as it is.
            page.meta["description"] = escape(page.meta["description"])

    def _explain_names(self, contents: Mapping[str, str], config: MkDocsConfig, files: Files) -> None:
        """Give each name that a signature uses, and the API page doesn't explain, the place where it is explained."""
        explained = inventories.addresses() | self.config.explained
        for uri, content in contents.items():
            for name in inventories.referenced(content):
                known: Any = config.plugins["autorefs"]
                if name in explained:
                    known.register_url(name, explained[name])
                    continue
                try:
                    known.get_item_url(name)
                except KeyError:
                    source = source_pages.definition(self.build.project, name)
                    if source is None:
                        raise SiteError(f"{uri}: {name} is explained nowhere: say where, in `explained`") from None
                    place, _, anchor = urls.of_source(source).partition("/#")
                    known.register_anchor(files.src_uris[f"{place}.md"].page, name, anchor)

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        return self._finished(typesetting.replace(output))

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        return self._finished(output_content) if template_name.endswith(".html") else output_content

    def _finished(self, page: str) -> str:
        """A page as it is written."""
        page = _accessible(page)
        if not self._policed:
            return page
        self.build.scripts_in_pages.update(policy.script_hashes(page))
        return policy.with_policy(page, self.build.hosts)

    @event_priority(-100)  # after all that write into the site
    @_told
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        build, site = self.build, Path(config.site_dir)
        search.rewrite(site, build.titles, self._told)
        summary = Summary(config.site_name, config.site_url or "", config.site_description or "")
        (site / "llms.txt").write_text(summaries.llms_txt(summary, build.summaries), encoding="utf-8")
        for place, text in build.twins.items():
            (site / place).write_text(text, encoding="utf-8")
        if self._policed:
            self._write_headers(site, urlsplit(config.site_url or "/").path)
        links.check_links(site, urlsplit(config.site_url or "/").path)
        execution.forget_all_but(build.scripts, build.project, build.key)
        swap.swap(build.site)
        config.site_dir = str(build.site)  # for what comes after a build: `mkdocs gh-deploy` takes it from there

    def _write_headers(self, site: Path, base: str) -> None:
        pages = [file.relative_to(site).as_posix() for file in site.rglob("*.html")]
        python = f"{FOLDER}/{frame.NAME}"
        allowed = policy.policy(self.build.scripts_in_pages, self.build.hosts)
        text = policy.headers([page for page in pages if page != python], allowed, [(python, frame.POLICY)], base)
        (site / "_headers").write_text(f"{text}\n", encoding="utf-8")

    @property
    def _told(self) -> search.Told:
        """What the search is told."""
        return search.told_in(self.build.project.root / self.config.search) if self.config.search else search.Told()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]) -> None:
        """What pages import is looked at as what they say."""
        for package in self.config.packages:
            server.watch(str(self.build.project.root / package))

    def on_build_error(self, *, error: Exception) -> None:
        """A build that fails leaves the last site as it was."""
        if self._build is not None:
            swap.discard(self._build.site)


def _path(file: File) -> Path:
    return Path(file.abs_src_path or file.src_uri)


def _is_script(file: File) -> bool:
    return file.src_uri.endswith(".py")


def _ledger(file: File, claims: Sequence[dict[str, Any]]) -> Ledger:
    """The claims, with addresses as seen from the page that the file becomes."""
    return Ledger(
        {claim["id"]: claim for claim in claims},
        lambda source: get_relative_url(urls.of_source(source), file.url),
    )


def _bars(file: File, notebook: Any, live: Assets) -> Callable[[int], str]:
    """The bar of each live cell of the page that the file becomes, by number."""
    megabytes = cells.megabytes(notebook, live.loaded, live.needs)
    address = get_relative_url(cells.address(file.src_uri), file.url)
    return lambda number: cells.bar(number, megabytes[number - 1], address)


def _twins(texts: Mapping[str, str], files: Files) -> dict[str, str]:
    """The Markdown of each page by its place in the site, with links from twin to twin."""

    def at(page: File) -> Callable[[str], str | None]:
        def address(target: str) -> str | None:
            other = files.src_uris.get(posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), target)))
            return get_relative_url(other.url, page.url) if other else None

        return address

    pages = {uri: files.src_uris[uri] for uri in texts}
    return {
        posixpath.join(posixpath.dirname(page.dest_uri), twins.TWIN): twins.with_links(texts[uri], at(page))
        for uri, page in pages.items()
    }


def _commit_date(root: Path) -> str:
    git = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _accessible(page: str) -> str:
    """The theme's search dialog has no name for those who hear the page, and its sections an empty tabindex."""
    dialog = 'data-md-component="search" role="dialog"'
    return page.replace(dialog, f'{dialog} aria-label="Search"').replace(' tabindex=""', "")
