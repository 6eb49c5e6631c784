"""The style sheet of the run report: paper by day, ink by night, one column on a telephone."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #f8f5ef; --card: #fffdf9; --ink: #25211c; --soft: #6d645a; --line: #e7dfd2; --grid: #efe9de;
  --accent: #c0392b; --good: #2c7a4b; --watch: #a86a00; --trouble: #b3261e;
  --c0: #c8452f; --c1: #25708f; --c2: #4b8b3b; --c3: #8a5a9e; --c4: #b07a00; --c5: #6d645a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161412; --card: #201d1a; --ink: #ede6dc; --soft: #a89e92; --line: #38322c; --grid: #2b2723;
    --accent: #ff7d63; --good: #6cc790; --watch: #f0b44c; --trouble: #ff8a7d;
    --c0: #ff8067; --c1: #62b8dc; --c2: #8fcf7c; --c3: #c99be0; --c4: #e8b84a; --c5: #a89e92;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC",
    "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
}
main, header, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.75rem; }
h1, h2, h3 { font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1 {
  font-size: clamp(1.7rem, 4.5vw, 2.5rem); letter-spacing: -.015em; margin: .15rem 0 1.4rem;
  overflow-wrap: anywhere;
}
h2 { font-size: 1.3rem; margin: 3rem 0 1rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .4rem 0; }
.kicker { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .04em; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.25rem
  1.4rem;
}
.verdict { --light: var(--good); border-left: 6px solid var(--light); display: grid; gap: .2rem 2.5rem; }
.verdict.watch { --light: var(--watch); }
.verdict.trouble { --light: var(--trouble); }
.verdict h2 {
  display: flex; align-items: center; gap: .7rem; margin: 0 0 .35rem; color: var(--light);
  font-size: 1.45rem;
}
.verdict h3 { color: var(--soft); font-weight: 600; font-size: .9rem; }
.verdict ul { margin: .35rem 0 0; padding-left: 1.1rem; }
.verdict li { margin: .25rem 0; }
.verdict li::marker { color: var(--light); }
.lamps { width: 46px; height: 18px; flex: none; }
.lamps circle { fill: none; stroke: var(--soft); stroke-opacity: .45; stroke-width: 1.5; }
.lamps .lit { fill: var(--light); stroke: var(--light); stroke-opacity: 1; }
@media (min-width: 46rem) { .verdict { grid-template-columns: 1.1fr 1fr; } }
.facts {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1.1rem
  1.5rem; margin: 1.4rem 0 0;
}
.facts div { min-width: 0; border-top: 1px solid var(--line); padding-top: .55rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.1rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
figure { margin: 0; min-width: 0; }
figure img { display: block; width: 100%; height: auto; border-radius: 10px; background: var(--line); }
figcaption {
  color: var(--soft); font-size: .88rem; padding-top: .45rem; font-variant-numeric:
  tabular-nums;
}
figcaption strong { color: var(--ink); font-weight: 600; margin-right: .5em; }
.pair {
  display: grid; gap: 1.4rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem),
  1fr));
}
.strip { display: grid; gap: 1rem; grid-template-columns: repeat(4, 1fr); margin-top: 1.4rem; }
@media (max-width: 46rem) { .strip { grid-template-columns: repeat(2, 1fr); } }
.charts {
  display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem),
  1fr));
}
.charts .card { display: flex; flex-direction: column; padding: 1.1rem 1.2rem .7rem; min-width: 0; }
.about { color: var(--soft); font-size: .88rem; margin: .15rem 0 .5rem; line-height: 1.45; }
.legend {
  list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: 0; margin: 0 0
  .4rem; font-size: .88rem;
}
.legend li { display: flex; align-items: center; gap: .45em; }
.legend li::before { content: ""; width: 1.1em; height: 3px; border-radius: 2px; background: currentColor; }
.legend span { color: var(--ink); }
.legend b { color: var(--soft); font-weight: 500; font-variant-numeric: tabular-nums; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); }
.c3 { color: var(--c3); } .c4 { color: var(--c4); } .c5 { color: var(--c5); }
.chart { display: block; width: 100%; height: auto; margin-top: auto; }
.chart text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.chart path { fill: none; }
.chart .grid { stroke: var(--grid); }
.chart .axis { stroke: var(--line); }
.chart .line { stroke: currentColor; stroke-width: 1.9; stroke-linejoin: round; stroke-linecap: round; }
.chart .abandoned { opacity: .38; stroke-width: 1.4; }
.chart .band { fill: currentColor; opacity: .16; }
.chart .dot { fill: currentColor; }
.chart .goal { stroke: var(--soft); stroke-dasharray: 5 4; }
.chart .mark { stroke: var(--watch); stroke-dasharray: 2 3; }
.chart .mark.rollback { stroke: var(--trouble); }
.timeline { list-style: none; margin: 0; padding: 0; }
.timeline li {
  display: grid; grid-template-columns: 13rem 1fr; gap: .1rem 1.6rem; padding: .6rem 0 .6rem
  1.3rem; position: relative; border-left: 2px solid var(--line); margin-left: .4rem;
}
.timeline li::before {
  content: ""; position: absolute; left: -7px; top: 1.05rem; width: 12px; height: 12px;
  border-radius: 50%; background: var(--paper); border: 2.5px solid var(--soft);
}
.timeline .warning::before { border-color: var(--watch); background: var(--watch); }
.timeline .rollback::before { border-color: var(--trouble); background: var(--trouble); }
.timeline .end::before { border-color: var(--good); background: var(--good); }
.timeline time, .timeline small {
  color: var(--soft); font-size: .88rem; font-variant-numeric: tabular-nums;
}
.timeline p { margin: 0; }
@media (max-width: 40rem) { .timeline li { grid-template-columns: 1fr; } }
summary { cursor: pointer; font-size: 1.3rem; font-weight: 600; margin: 3rem 0 1rem; }
summary h2 { display: inline; margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td {
  text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid
  var(--line);
}
th { font-weight: 500; color: var(--soft); white-space: nowrap; }
td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) { th { white-space: normal; overflow-wrap: anywhere; } }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace; }
pre {
  margin: .4rem 0 1.1rem; padding: .8rem 1rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px; white-space: pre-wrap; overflow-wrap: anywhere;
}
footer { color: var(--soft); font-size: .85rem; margin-top: 3.5rem; padding-bottom: 2.5rem; }
@media print { .card, figure { break-inside: avoid; } body { background: none; } }
"""
