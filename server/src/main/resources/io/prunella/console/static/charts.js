// Large charts, by uPlot: the value, what was expected, what is outside of it, a limit, marks across, a ribbon below.
import uPlot from "./uPlot.esm.js";

const drawn = new WeakMap();
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function plain(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-3)) return value.toExponential(1);
  return value.toLocaleString("en", { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 });
}

function format(value, unit) {
  if (value === null || value === undefined) return "–";
  if (unit === "ratio") return plain(value * 100) + " %";
  if (unit === "seconds") return Math.abs(value) < 1 && value !== 0 ? plain(value * 1000) + " ms" : plain(value) + " s";
  if (unit === "s/s") return Math.abs(value) < 1 && value !== 0 ? plain(value * 1000) + " ms/s" : plain(value) + " s/s";
  if (unit.startsWith("bytes")) {
    let step = 0;
    for (; Math.abs(value) >= 1024 && step < UNITS.length - 1; step++) value /= 1024;
    return plain(value) + " " + UNITS[step] + unit.slice("bytes".length);
  }
  return plain(value);
}

function isOut(data, i) {
  const v = data.v[i];
  return v !== null && ((data.hi[i] !== null && v > data.hi[i]) || (data.lo[i] !== null && v < data.lo[i]));
}

/** Values that are outside, with a neighbour on each side so that the line joins. */
function outside(data) {
  return data.v.map((v, i) => (isOut(data, i) || (i > 0 && isOut(data, i - 1)) ? v : null));
}

function marks(u, data) {
  const { ctx, bbox } = u;
  const dpr = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * dpr}px system-ui, sans-serif`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left"; // uPlot leaves its own behind
  const ends = [];
  for (const mark of [...data.marks].sort((a, b) => a.t - b.t)) {
    const x = u.valToPos(mark.t, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const kind = { opened: "bad", done: "good", change: "still" }[mark.kind] ?? "info";
    ctx.strokeStyle = colour(kind);
    ctx.setLineDash([3 * dpr, 3 * dpr]);
    ctx.lineWidth = dpr;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const wide = ctx.measureText(mark.text).width + 14 * dpr;
    const left = Math.min(Math.max(0, x - wide / 2), ctx.canvas.width - wide);
    let level = 0;
    while (ends[level] !== undefined && ends[level] > left - 4 * dpr) level++;
    if (level > 1) continue;
    ends[level] = left + wide;
    const top = bbox.top - (22 + 22 * level) * dpr;
    ctx.setLineDash([]);
    ctx.fillStyle = colour(kind + "-bg");
    ctx.beginPath();
    ctx.roundRect(left, top, wide, 19 * dpr, 6 * dpr);
    ctx.fill();
    ctx.fillStyle = colour(kind);
    ctx.fillText(mark.text, left + 7 * dpr, top + 10 * dpr);
  }
  ctx.restore();
}

/** The incident's stretch is shaded, and a ribbon below says where values are outside. */
function ground(u, data) {
  const { ctx, bbox } = u;
  const dpr = devicePixelRatio;
  const opened = data.marks.find((mark) => mark.kind === "opened");
  const done = data.marks.find((mark) => mark.kind === "done");
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (opened) {
    const from = u.valToPos(opened.t, "x", true);
    const to = done ? u.valToPos(done.t, "x", true) : bbox.left + bbox.width;
    ctx.fillStyle = colour("shade");
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  const step = 7 * dpr;
  for (let x = bbox.left; x < bbox.left + bbox.width; x += step) {
    const from = u.posToVal((x - bbox.left) / dpr, "x");
    const to = u.posToVal((x + step - bbox.left) / dpr, "x");
    const out = data.t.some((t, i) => t >= from && t < to && isOut(data, i));
    ctx.fillStyle = colour(out ? "odd" : "line");
    ctx.fillRect(x, bbox.top + bbox.height - 5 * dpr, step - 1.5 * dpr, 4 * dpr);
  }
  ctx.restore();
}

function options(box, data) {
  const axis = { stroke: colour("soft"), grid: { stroke: colour("grid"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  const value = colour("value");
  const series = [
    {},
    { stroke: "transparent", points: { show: false } },
    { stroke: "transparent", points: { show: false } },
    { stroke: value, width: 1.6, points: { show: false } },
    { stroke: colour("odd"), width: 2.2, points: { show: false } },
  ];
  if (data.limit !== null) series.push({ stroke: colour("limit"), width: 1, dash: [6, 4], points: { show: false } });
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [50, 14, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    tzDate: (ts) => uPlot.tzDate(new Date(ts * 1e3), "Etc/UTC"),
    scales: { x: { time: true } },
    axes: [{ ...axis, grid: { show: false }, space: 90, size: 30, values: (u, ticks) => ticks.map((t) => new Date(t * 1e3).toISOString().slice(11, 16)) }, { ...axis, size: 74, values: (u, ticks) => ticks.map((t) => format(t, data.unit)) }],
    bands: [{ series: [2, 1], fill: colour("band") }],
    series,
    hooks: { drawAxes: [(u) => ground(u, data)], draw: [(u) => marks(u, data)] },
  };
}

function draw(box) {
  const data = JSON.parse(box.dataset.chart);
  const lines = [data.t, data.lo, data.hi, data.v, outside(data)];
  if (data.limit !== null) lines.push(data.t.map(() => data.limit));
  drawn.get(box)?.destroy();
  for (const child of box.querySelectorAll(".fallback")) child.remove();
  drawn.set(box, new uPlot(options(box, data), lines, box));
}

const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target)?.setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
});

export function drawCharts() {
  for (const box of document.querySelectorAll("[data-chart]")) {
    draw(box);
    sizes.observe(box);
  }
}
