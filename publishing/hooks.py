"""What happens when the site is built, in the order in which it happens: the events of MkDocs, one function each."""

from __future__ import annotations

import json
import os
import posixpath
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parents[1]))  # this checkout's folders, wherever the build is started

from publishing import cache, swap
from publishing.formulas import katex, typesetting
from publishing.gates import links
from publishing.live import cells
from publishing.live.assets import assets as live_assets
from publishing.live.pyodide import File as LiveFile
from publishing.look import fonts
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
from publishing.verdicts.claims import require_claims
from publishing.verdicts.provenance import Ledger


class Build:
    """What the events of one build leave to the later ones."""

    site: Path | None = None
    key = ""
    report: Path | None = None
    styles: Sequence[str] = ()
    scripts: Sequence[Path] = ()
    notebooks: Mapping[str, notebooks.NotebookPage]
    texts: dict[str, str]
    """The pages' Markdown, by source."""
    twins: Mapping[str, str]
    """The same as it is published, by its place in the site."""
    generated: Mapping[str, generated.Generated]
    modules: Mapping[str, source_pages.Module]
    navigation: Sequence[Page] = ()
    titles: Mapping[str, str]
    summaries: Sequence[Summary]


def on_config(config: MkDocsConfig) -> None:
    """Dates are the last commit's, so that two builds of one commit give the same bytes.

    The site is built beside the last one, which stays until this one is whole.
    """
    Build.site = Path(config.site_dir)
    config.site_dir = str(swap.beside(Build.site))
    Build.styles = stylesheets.take(config.extra_css, Path(config.docs_dir))
    config.extra_css.insert(0, katex.STYLE)
    if "SOURCE_DATE_EPOCH" not in os.environ and (date := _commit_date(_root(config))):
        os.environ["SOURCE_DATE_EPOCH"] = date


def on_pre_build(config: MkDocsConfig) -> None:
    """Every claim is checked before anything is built."""
    Build.key = cache.key(_root(config))
    Build.report = require_claims(_root(config), Build.key)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The scripts among the pages are executed; what readers load beside the pages becomes files of the site."""
    scripts = [file for file in files.documentation_pages() if _is_script(file)]
    Build.scripts = [Path(file.abs_src_path or file.src_uri) for file in scripts]
    executed = execution.execute_all(Build.scripts, _root(config), Build.key, Build.report)
    assert Build.report is not None
    report = Build.report.read_bytes()
    claims = json.loads(report)["claims"]
    live = live_assets(_root(config), config.extra["live"]["pyodide"])
    Build.generated = {page.uri: page for page in generated.pages(_root(config), config.extra.get("generated", ()))}
    for uri, page in Build.generated.items():
        inclusion = InclusionLevel.UNDEFINED if page.is_index else InclusionLevel.NOT_IN_NAV
        files.append(File.generated(config, uri, content=page.markdown, inclusion=inclusion))
    made = {
        uri: notebooks.convert(page.notebook, uri, _ledger(files.src_uris[uri], page.claims), lambda number: "")
        for uri, page in Build.generated.items()
    }
    Build.notebooks = made | {
        file.src_uri: notebooks.convert(
            notebook, file.src_uri, _ledger(file, claims), _bars(file, notebook, live.loaded)
        )
        for file, notebook in zip(scripts, executed, strict=True)
    }
    Build.texts = {uri: twins.of_notebook(page.notebook) for uri, page in Build.generated.items()}
    Build.texts |= {file.src_uri: twins.of_notebook(notebook) for file, notebook in zip(scripts, executed, strict=True)}
    assets = katex.assets() | live.contents | {"checks.json": report}
    for file, notebook in zip(scripts, executed, strict=True):
        assets |= downloads.contents(file.src_uri, Path(file.abs_src_path or file.src_uri), notebook)
        assets[cells.address(file.src_uri)] = cells.contents(notebook)
    if Build.styles:
        assets[stylesheets.JOINED] = stylesheets.joined(Build.styles, Path(config.docs_dir))
        for style in Build.styles:
            files.remove(files.src_uris[style])
    for folder in {uri.partition("/")[0] for uri in Build.generated}:
        pages = [page for page in Build.generated.values() if page.uri.startswith(f"{folder}/")]
        assets[f"{folder}/checks.json"] = generated.claims(pages)
    for uri, content in assets.items():
        files.append(File.generated(config, uri, content=content))
    Build.modules = {module.uri: module for module in source_pages.modules(_root(config))}
    for uri, module in Build.modules.items():
        files.append(File.generated(config, uri, content=module.markdown, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    Build.navigation = nav.pages
    return nav


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """An executed script is rendered as the Markdown page that it has become, not by mkdocs-jupyter's own template.

    A module's page is not rendered at all, for it has no Markdown.
    """
    if _is_script(page.file):
        del page.render
    if module := Build.modules.get(page.file.src_uri):
        vars(page)["render"] = lambda config, files: vars(page).update(content=module.content(), toc=get_toc([]))
    return page


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    if page.file.src_uri not in Build.modules:
        Build.texts.setdefault(page.file.src_uri, markdown)
    return Build.notebooks[page.file.src_uri].markdown if page.file.src_uri in Build.notebooks else markdown


def on_page_content(content: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    uri = page.file.src_uri
    content = Build.notebooks[uri].fill(content) if uri in Build.notebooks else content
    if uri in Build.generated:
        page.meta["origin"] = {"source": Build.generated[uri].source}
    elif _is_script(page.file):
        page.meta["origin"] = downloads.download(page.file.src_uri)
    elif uri not in Build.modules:
        page.meta["origin"] = {"source": f"docs/{uri}"}
    return tables.accessible(content)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """All pages have their content now, and none is written yet."""
    pages = [file.page for file in files.documentation_pages() if file.page is not None]
    contents = {page.file.src_uri: page.content or "" for page in pages}
    typesetting.require_derived(contents)
    typesetting.require_typesettable(contents)
    section = [page.file.src_uri for page in Build.navigation if page.parent and page.parent.title == _chapters(config)]
    for page in pages:
        page.meta.setdefault("description", summaries.description(page.content or ""))
        page.meta["chapter"] = chapters.place(page.file.src_uri, section, page.content or "")
        if page.is_homepage:
            page.meta["hide"] = ["navigation", "toc"]
    _explain_names(contents, config, files)
    Build.twins = _twins(Build.texts, files)
    for uri, content in fonts.assets(map(typesetting.replace, contents.values())).items():
        files.append(File.generated(config, uri, content=content))
    Build.titles = {
        f"{file.url}#{anchor}": title
        for file in files.documentation_pages()
        if file.src_uri in Build.notebooks
        for anchor, title in Build.notebooks[file.src_uri].titles.items()
    }
    Build.summaries = [
        Summary(page.title or "", page.canonical_url or page.url or "./", page.meta["description"])
        for page in Build.navigation
    ]
    for page in pages:
        page.meta["description"] = escape(page.meta["description"])  # the theme writes it into an attribute as it is


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return _accessible(typesetting.replace(output))


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    return _accessible(output_content)


@event_priority(-100)  # after all that write into the site
def on_post_build(config: MkDocsConfig) -> None:
    site = Path(config.site_dir)
    search.rewrite(site, Build.titles)
    summary = Summary(config.site_name, config.site_url or "", config.site_description or "")
    (site / "llms.txt").write_text(summaries.llms_txt(summary, Build.summaries), encoding="utf-8")
    for place, text in Build.twins.items():
        (site / place).write_text(text, encoding="utf-8")
    links.check_links(Path(config.site_dir), urlsplit(config.site_url or "/").path)
    execution.forget_all_but(Build.scripts, _root(config), Build.key)
    assert Build.site is not None
    swap.swap(Build.site)
    config.site_dir = str(Build.site)  # for what comes after a build: `mkdocs gh-deploy` takes it from there


def on_build_error(error: Exception) -> None:
    """A build that fails leaves the last site as it was."""
    if Build.site is not None:
        swap.discard(Build.site)


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent.resolve()


def _ledger(file: File, claims: Sequence[dict[str, Any]]) -> Ledger:
    """The claims, with addresses as seen from the page that the file becomes."""
    return Ledger(
        {claim["id"]: claim for claim in claims},
        lambda source: get_relative_url(urls.of_source(source), file.url),
    )


def _bars(file: File, notebook: Any, loaded: Mapping[str, LiveFile]) -> Callable[[int], str]:
    """The bar of each live cell of the page that the file becomes, by number."""
    megabytes = cells.megabytes(notebook, loaded)
    address = get_relative_url(cells.address(file.src_uri), file.url)
    return lambda number: cells.bar(number, megabytes[number - 1], address)


def _explain_names(contents: Mapping[str, str], config: MkDocsConfig, files: Files) -> None:
    """Give each name that a signature uses, and the API page doesn't explain, the place where it is explained."""
    known: Any = config.plugins["autorefs"]
    explained = inventories.addresses()
    for uri, content in contents.items():
        for name in inventories.referenced(content):
            if name in explained:
                known.register_url(name, explained[name])
                continue
            try:
                known.get_item_url(name)
            except KeyError:
                source = source_pages.definition(_root(config), name)
                if source is None:
                    raise PluginError(f"{uri}: publishing/pages/inventories.py does not know {name}") from None
                place, _, anchor = urls.of_source(source).partition("/#")
                known.register_anchor(files.src_uris[f"{place}.md"].page, name, anchor)


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


def _chapters(config: MkDocsConfig) -> str | None:
    title: str | None = config.extra.get("chapters")
    return title


def _is_script(file: File) -> bool:
    return file.src_uri.endswith(".py")


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
