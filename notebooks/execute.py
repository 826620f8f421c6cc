"""Executes notebooks, two at a time, and says what came of each; started by notebooks/run."""

import argparse
import base64
import copy
import os
import pathlib
import re
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import nbclient
import nbformat
from nbconvert import HTMLExporter

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "target" / "notebooks"
CELL_SECONDS_MAX = 240
CHECK = re.compile(r"^\u2713 ", re.MULTILINE)


def sets(notebook, how):
    """Names of the data sets that the notebook needs, or uses when they are there."""
    return notebook.metadata.get("prunella", {}).get(how, [])


def texts(notebook):
    """What the code cells said, without the drawings."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for output in cell.outputs:
                yield output.get("text") or output.get("data", {}).get("text/plain") or ""


def joined(outputs):
    """A stream's pieces as one: where it was cut is chance."""
    kept = []
    for output in outputs:
        last = kept[-1] if kept else None
        if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
            last.text += output.text
        else:
            kept.append(output)
    return kept


def tidy(notebook):
    """Leaves out what differs from run to run or says something of the machine."""
    notebook.metadata = {key: notebook.metadata[key] for key in ("kernelspec", "prunella") if key in notebook.metadata}
    notebook.metadata["kernelspec"] = {"display_name": "Java", "language": "java", "name": "java"}
    notebook.metadata["language_info"] = {"name": "java", "file_extension": ".jshell"}
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key != "execution"}
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)


def page(notebook):
    """The notebook as HTML. Drawings become images: nbconvert leaves only the words of an SVG that stands in a page."""
    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        for output in cell.get("outputs", []):
            svg = output.get("data", {}).get("image/svg+xml")
            if svg:
                source = base64.b64encode(svg.encode()).decode()
                output.data = {"text/html": f'<img alt="a chart" src="data:image/svg+xml;base64,{source}">'}
    return HTMLExporter(template_name="classic").from_notebook_node(shown)[0]


def execute(path, write):
    """Runs one notebook; returns its name, seconds, checks and what went wrong or is to be told."""
    begun = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    before = list(texts(notebook))  # what was kept in it
    client = nbclient.NotebookClient(
        notebook,
        kernel_name="java",
        timeout=CELL_SECONDS_MAX,
        record_timing=False,
        resources={"metadata": {"path": str(HERE)}},
    )
    OUT.mkdir(parents=True, exist_ok=True)
    wrong = None
    try:
        with open(OUT / path.with_suffix(".log").name, "w", encoding="utf-8") as log:
            client.execute(stdout=log, stderr=log)
    except nbclient.exceptions.CellExecutionError as e:
        wrong = re.sub(r"\x1b\[[0-9;]*m", "", str(e))
    except nbclient.exceptions.CellTimeoutError as e:
        wrong = str(e)
    tidy(notebook)
    nbformat.write(notebook, OUT / path.name)
    (OUT / path.with_suffix(".html").name).write_text(page(notebook), encoding="utf-8")
    checks = sum(len(CHECK.findall(text)) for text in texts(notebook))
    if wrong is None and checks == 0:
        wrong = "no check ran: wanted at least one Check in its cells"
    if wrong is None and write:
        nbformat.write(notebook, path)
    # Without the sets that it was kept with it says less, and that is as it should be.
    alike = os.environ.get("PRUNELLA_DATA") or not sets(notebook, "uses")
    told = "says other than what is kept in it" if alike and not write and before != list(texts(notebook)) else ""
    return path.stem, time.monotonic() - begun, checks, wrong, told


def main():
    parser = argparse.ArgumentParser(prog="notebooks/run", description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the outputs in the notebooks")
    parser.add_argument("names", nargs="*", metavar="NAME", help="of notebooks; all when absent")
    asked = parser.parse_args()
    data = os.environ.get("PRUNELLA_DATA")
    if asked.write and not data:
        parser.error("--write keeps what a run with the data says, and PRUNELLA_DATA is not set")
    known = {path.stem: path for path in sorted(HERE.glob("*.ipynb"))}
    for name in asked.names:
        if name.removesuffix(".ipynb") not in known:
            parser.error(f"{name} is no notebook, wanted some of {' '.join(known)}")
    wanted = {known[name.removesuffix(".ipynb")] for name in asked.names} or set(known.values())
    begun = time.monotonic()
    run, skipped = [], []
    for path in sorted(wanted):
        missing = [] if data else sets(nbformat.read(path, as_version=4), "needs")
        if missing:
            skipped.append(path)
            print(f"{path.stem}: skipped, it needs {', '.join(missing)}: set PRUNELLA_DATA to the folder that has it"
                  " (bin/prunella-train datasets check says where it comes from)", flush=True)
        else:
            run.append(path)
    failed = checks = 0
    with ProcessPoolExecutor(max_workers=2) as pool:
        for name, seconds, held, wrong, told in pool.map(execute, run, [asked.write] * len(run)):
            checks += held
            print(f"{name}: {held} checks hold, {seconds:.1f} s{'; ' if told else ''}{told}", flush=True)
            if wrong:
                failed += 1
                print(f"{name} failed; what came out is {OUT / name}.html\n{wrong}", file=sys.stderr, flush=True)
    print(f"notebooks: {len(run) - failed} passed, {failed} failed, {len(skipped)} skipped,"
          f" {checks} checks hold, {time.monotonic() - begun:.0f} s")
    if not run and not skipped:
        print("no notebook ran", file=sys.stderr)
    sys.exit(1 if failed or not (run or skipped) else 0)


if __name__ == "__main__":
    main()
