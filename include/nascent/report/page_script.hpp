#pragma once

namespace nascent::detail {

/// What a report does: charts by Chart.js, where it is there; small drawings; sorting and
/// searching.
inline constexpr const char* kPageScript = R"js(
'use strict';
(() => {
const data = JSON.parse(document.getElementById('data').textContent);
const $ = (id) => document.getElementById(id);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const known = ['grow', 'prune', 'baseline', 'replace', 'update', 'sample', 'morph', 'protocol'];
const shapes = ['circle', 'triangle', 'rect', 'rectRot', 'triangle', 'circle', 'triangle', 'rectRounded'];
const colourOf = (stage) => css('--' + (known.includes(stage) ? stage : 'other'));
const shapeOf = (stage) => shapes[Math.max(0, known.indexOf(stage))];
const unit = data.measure === 'accuracy' ? 'accuracy, %' : data.measure;
const row = (number) => $('t' + number);
const nameOf = (number) => number + '  ' + (row(number)?.querySelector('code')?.textContent ?? '');

// Charts.

const charts = [];
function chart(id, points, config) {
  const canvas = $(id);
  if (!canvas || points === 0) return;
  config.options = {
    animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
    interaction: {mode: 'nearest', intersect: true}, ...config.options,
    plugins: {legend: {labels: {color: css('--text'), usePointStyle: true, boxHeight: 7}},
      ...config.options?.plugins}};
  charts.push(new Chart(canvas, config));
  canvas.dataset.points = points;
}
const axis = (title, more) => ({
  title: {display: true, text: title, color: css('--soft')}, ticks: {color: css('--soft')},
  grid: {color: css('--line'), borderColor: css('--line')}, ...more});
const dot = (stage, more) => ({
  label: stage, backgroundColor: colourOf(stage), borderColor: colourOf(stage), pointRadius: 4,
  pointStyle: shapeOf(stage), pointRotation: stage === 'update' ? 180 : 0, showLine: false, ...more});
const tooltip = {callbacks: {title: () => '', label: (item) => {
  const raw = item.raw, number = raw.number;
  const where = number === undefined ? item.dataset.label : nameOf(number);
  return [where, `${raw.y.toFixed(2)} (${unit})`];
}}};

function byStage(keep, at) {
  return data.stages.map((stage, s) => dot(stage, {data: data.trials.number
    .map((number, i) => ({x: at(i), y: data.trials.accuracy[i], number, i}))
    .filter((p) => data.trials.stage[p.i] === s && p.y !== null && p.x !== null && keep(p.i))}));
}
const points = (sets) => sets.reduce((sum, set) => sum + set.data.length, 0);

function drawCharts() {
  charts.splice(0).forEach((old) => old.destroy());
  const t = data.trials, kept = new Set(data.kept);
  const all = byStage(() => true, (i) => t.number[i]);
  all.forEach((set) => {
    set.pointRadius = set.data.map((p) => kept.has(p.number) ? 7 : 3.5);
    set.pointBorderWidth = set.data.map((p) => kept.has(p.number) ? 2.5 : 1);
    set.pointBorderColor = set.data.map((p) => kept.has(p.number) ? css('--text') : colourOf(set.label));
  });
  const asked = t.number.map((number, i) => ({x: number, y: t.threshold[i]}));
  chart('course', points(all), {type: 'scatter',
    data: {datasets: [...all, {label: 'to be reached', data: asked, showLine: true, stepped: 'middle',
      spanGaps: false, pointRadius: 0, pointHitRadius: 0, borderColor: css('--soft'), borderDash: [5, 4],
      borderWidth: 1.5, pointStyle: 'line'}]},
    options: {scales: {x: axis('candidate'), y: axis(unit, {grace: '5%'})}, plugins: {tooltip}}});

  chart('timeline', data.segments.length, {type: 'bar',
    data: {labels: data.stages, datasets: [{label: data.cost,
      data: data.segments.map(([s, from, to]) => ({y: data.stages[s], x: [from, to]})),
      backgroundColor: data.segments.map(([s]) => colourOf(data.stages[s])), grouped: false,
      minBarLength: 2}]},
    options: {indexAxis: 'y', scales: {x: axis(data.cost + ' spent'), y: axis('')},
      plugins: {legend: {display: false}, tooltip: {callbacks: {label: (item) =>
        `${item.raw.x[0]} to ${item.raw.x[1]} ${data.cost}`}}}}});

  const sized = byStage(() => true, (i) => t.parameters[i]);
  const front = data.front.map((number) => t.number.indexOf(number)).filter((i) => i >= 0)
    .map((i) => ({x: t.parameters[i], y: t.accuracy[i], number: t.number[i]}));
  chart('size', points(sized), {type: 'scatter',
    data: {datasets: [{label: 'Pareto front', data: front, showLine: true, stepped: 'before',
      borderColor: css('--text'), backgroundColor: css('--text'), borderWidth: 1.5, pointRadius: 6,
      pointStyle: 'circle', pointBackgroundColor: 'transparent'}, ...sized]},
    options: {scales: {x: axis('parameters', {type: 'logarithmic', ticks: {color: css('--soft'),
      maxTicksLimit: 7, maxRotation: 0, callback: (v) => Intl.NumberFormat('en', {notation: 'compact'}).format(v)}}),
      y: axis(unit, {grace: '5%'})}, plugins: {tooltip}}});

  const steps = (list, end) => {
    const line = list.map(([x, y]) => ({x, y}));
    if (line.length && end > line.at(-1).x) line.push({x: end, y: line.at(-1).y});
    return line;
  };
  const line = (label, colour, values, dash) => ({label, data: values, showLine: true, stepped: 'before',
    borderColor: colour, backgroundColor: colour, pointRadius: 0, pointHitRadius: 6, borderWidth: 2,
    borderDash: dash, pointStyle: 'line'});
  const spent = t.cost.at(-1) ?? 0;
  const lines = [line('this search', css('--accent'), steps(data.anytime, spent), [])];
  if (data.baseline) lines.push(line('random search', css('--prune'),
    steps(data.baseline.curve, data.baseline.cost), [6, 4]));
  chart('anytime', points(lines), {type: 'scatter', data: {datasets: lines},
    options: {scales: {x: axis(data.cost + ' spent'), y: axis('best so far, ' + unit, {grace: '5%'})},
      plugins: {tooltip}}});

  const roc = data.roc.map(([x, y]) => ({x, y}));
  chart('roc', roc.length, {type: 'scatter', data: {datasets: [{label: 'TAR', data: roc, showLine: true,
    borderColor: css('--accent'), backgroundColor: css('--accent'), borderWidth: 2, pointRadius: 2,
    pointStyle: 'line'}]},
    options: {scales: {x: axis('FAR, %', {type: 'logarithmic'}), y: axis('TAR, %', {suggestedMax: 100})},
      plugins: {legend: {display: false}, tooltip: {callbacks: {label: (item) =>
        `TAR ${item.raw.y.toFixed(2)} % at FAR ${item.raw.x.toPrecision(3)} %`}}}}});

  const hues = ['--grow', '--prune', '--replace', '--update', '--sample', '--morph', '--other', '--baseline'];
  const curves = data.curves.map((curve, i) => ({label: curve.name,
    data: curve.values.map((y, e) => ({x: curve.from + e, y})), showLine: true,
    borderColor: css(hues[i % hues.length]), backgroundColor: css(hues[i % hues.length]),
    borderDash: i < hues.length ? [] : [5, 3], borderWidth: 2, pointRadius: 2, pointStyle: 'line'}));
  chart('curves', points(curves), {type: 'scatter', data: {datasets: curves},
    options: {scales: {x: axis('epoch', {ticks: {color: css('--soft'), precision: 0}}), y: axis(unit, {grace: '5%'})},
      plugins: {tooltip: {callbacks: {label: (item) =>
        `${item.dataset.label}: ${item.raw.y.toFixed(2)} after epoch ${item.raw.x}`}}}}});
}

// Small drawings, made when they come into sight.

const made = 'http://www.w3.org/2000/svg';
function drawing(network) {
  const blocks = network.flatMap(([first, channels, height, , kinds]) =>
    kinds.map((kind, i) => ({block: first + i, channels, height, kind})))
    .filter((block) => block.block >= 0);
  const wide = blocks.reduce((sum, block) => sum + block.channels, 0) || 1;
  const tall = Math.max(...blocks.map((block) => block.height), 1);
  const svg = document.createElementNS(made, 'svg');
  svg.setAttribute('viewBox', '0 0 130 24');
  svg.setAttribute('aria-hidden', 'true');
  let x = 0;
  for (const {channels, height, kind} of blocks) {
    const width = 130 * channels / wide, h = Math.max(2, 24 * height / tall);
    const colours = data.colours[kind];
    colours.forEach((colour, i) => {
      const band = document.createElementNS(made, 'rect');
      const at = {x, y: (24 - h) / 2 + i * h / colours.length, height: h / colours.length,
        width: Math.max(.4, width - (width > 3 ? .8 : .3)), fill: colour};
      for (const name in at) band.setAttribute(name, at[name]);
      svg.append(band);
    });
    x += width;
  }
  return svg;
}
function drawIn(cell) {
  const network = data.networks[cell.dataset.n];
  if (network && !cell.firstChild) cell.append(drawing(network));
}
const cells = [...document.querySelectorAll('#trials td[data-n]')];
const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
  if (entry.isIntersecting) { drawIn(entry.target); seen.unobserve(entry.target); }
}), {rootMargin: '300px'});
cells.forEach((cell) => seen.observe(cell));

// Sorting and searching.

const body = document.querySelector('#trials tbody');
document.querySelectorAll('#trials th button').forEach((button) => {
  button.addEventListener('click', () => {
    const head = button.parentElement, column = head.cellIndex;
    const down = head.getAttribute('aria-sort') === 'ascending';
    document.querySelectorAll('#trials th').forEach((other) => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const value = (tr) => tr.cells[column].dataset.v ?? tr.cells[column].textContent;
    const numeric = head.classList.contains('n');
    const rows = [...body.rows].map((tr) => [numeric ? parseFloat(value(tr)) : value(tr), tr]);
    rows.sort(([a], [b]) => {
      if (!numeric) return (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1);
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
      return (a - b) * (down ? -1 : 1);
    });
    body.append(...rows.map(([, tr]) => tr));
  });
});
$('search')?.addEventListener('input', (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const tr of body.rows) tr.hidden = !tr.textContent.toLowerCase().includes(wanted);
});

// A page of a search that runs shows its next state by itself.

const follow = $('follow');
if (follow) {
  follow.checked = sessionStorage.getItem('follow') !== 'no';
  follow.addEventListener('change', () => sessionStorage.setItem('follow', follow.checked ? 'yes' : 'no'));
  setInterval(() => { if (follow.checked) location.reload(); }, 10000);
}

if (window.Chart) {
  drawCharts();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
}
addEventListener('beforeprint', () => {
  cells.forEach(drawIn);
  document.querySelectorAll('details').forEach((part) => { part.open = true; });
  charts.forEach((one) => one.resize());
});
addEventListener('afterprint', () => charts.forEach((one) => one.resize()));
setTimeout(() => document.documentElement.classList.remove('late'));  // the long table comes last
document.documentElement.dataset.ready = charts.length;
})();
)js";

}  // namespace nascent::detail
