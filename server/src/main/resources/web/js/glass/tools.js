/** The tools below the tokens: what if, branches, any text, the model, traces. */
import {html, useState, useEffect, useRef} from '../html.js';
import {t, tn, has, num, pct, bytes, short} from '../i18n.js';
import {decode, label, visible} from '../tokens.js';
import {get, post} from '../api.js';
import {ask, children, facts, model, models, offlineSession, openSession, overrides, path, piece, settingsOf, useSession} from '../store.js';
import {Terms} from '../ui/panels.js';
import {Bar, Busy, ChipFacts, Chips, Facts, Legend, Num, Pick, Segments, Table, Tok, bitsOf, last, useWork} from './parts.js';

// What if: the same place with an earlier token changed, with other settings, or in another model; both lists side by side.
const SHOWN = 8;
const textOf = (s, id) => label(piece(s, id).bytes);

function Column({name, s, list, other, most, delta}) {
  return html`<section class="col"><h3>${name}</h3><ol class="vs">${list.top.slice(0, SHOWN).map((c) => {
    const was = other.get(textOf(s, c.id));
    return html`<li key=${c.id} data-id=${c.id}><${Tok} s=${s} id=${c.id} /><${Num} api="sessions/{s}/candidates step.raw.top[].p" v=${c.p}>${pct(c.p)}<//>
      <${Bar} p=${c.p / most} /><span class="delta">${!delta ? '' : was === undefined ? t('glass.compare.new') : Math.abs(c.p - was) < 5e-4 ? '='
        : t(c.p > was ? 'glass.compare.up' : 'glass.compare.down', {n: num(100 * Math.abs(c.p - was), 1)})}</span></li>`;
  })}<li class="rest"><span>${t('glass.rest')}</span><span class="n">${pct(list.top.slice(SHOWN).reduce((sum, c) => sum + c.p, list.tail))}</span></li></ol></section>`;
}

export function SideBySide({a, b}) {
  const map = ({s, list}) => new Map(list.top.map((c) => [textOf(s, c.id), c.p]));
  const most = Math.max(...[a, b].map(({list}) => list.top[0]?.p ?? 1));
  return html`<div class="cols"><${Column} ...${a} other=${map(b)} most=${most} /><${Column} ...${b} other=${map(a)} most=${most} delta=${true} /></div>`;
}

const candidates = (s, node, settings = overrides.value) => ask(s, 'candidates', {node, settings, top: 20});

/** Both answers after the token at `index` became something else ({text} or {ids}); the path shown stays. */
export async function changeHistory(s, items, index, given) {
  const from = items[index].parent;
  const added = await post(`sessions/${s.id}/append`, {from, ...given});
  const rest = items.slice(index + 1).map((node) => node.id);
  const end = rest.length ? (await post(`sessions/${s.id}/append`, {from: added.head, ids: rest})).head : added.head;
  const [before, after] = [await candidates(s, items[items.length - 1].node), await candidates(s, end)];
  return {before: before.step, after: after.step, from, ids: [...added.nodes.map((node) => node.id), ...rest]};
}

function History({s, items, index, setIndex, onTake}) {
  const [text, setText] = useState('');
  const [result, setResult] = useState(null);
  const [busy, work] = useWork();
  const at = Math.min(index, items.length - 1);
  const node = items[at];
  useEffect(() => {
    setText(node ? decode([node.bytes]) : '');
    setResult(null);
  }, [s, node?.node, items.length]);
  const change = (given) => work(async () => setResult(await changeHistory(s, items, at, given)));
  if (!node) return html`<p class="hint">${t('glass.compare.empty')}</p>`;
  const others = (node.step?.raw.top ?? []).filter((c) => c.id !== node.id).slice(0, 6);
  return html`<form class="row" onSubmit=${(e) => {
      e.preventDefault();
      change({text});
    }}>
    <label class="row">${t('glass.compare.which')} <select class="field" value=${at} onChange=${(e) => setIndex(Number(e.target.value))}>${items.slice(-300).map((n, i) => {
      const k = i + Math.max(0, items.length - 300);
      return html`<option value=${k} key=${k}>${num(k + 1)} ${label(n.bytes)}</option>`;
    })}</select></label>
    <label class="row">${t('glass.compare.by')} <input id="change-text" class="field" value=${text} dir="auto" autocomplete="off" onInput=${(e) => setText(e.target.value)} /></label>
    <button class="button primary" disabled=${busy || !text}>${t('glass.compare.do')}</button><${Busy} on=${busy} /></form>
    ${others.length > 0 && html`<p class="row">${t('glass.compare.or')} ${others.map((c) => html`<button type="button" class="button" key=${c.id} disabled=${busy}
      onClick=${() => change({ids: [c.id]})}><${Tok} s=${s} id=${c.id} /> ${pct(c.p)}</button>`)}</p>`}
    ${result && html`<${SideBySide} a=${{name: t('glass.compare.before'), s, list: result.before.raw}} b=${{name: t('glass.compare.after'), s, list: result.after.raw}} />
      <p><button type="button" class="button" onClick=${() => onTake(result.from, result.ids)}>${t('glass.compare.go')}</button></p>`}`;
}

const KNOBS = ['temperature', 'top_k', 'top_p', 'min_p'];

function Settings({s, items}) {
  const now = Object.fromEntries(settingsOf(s).map(({name, value}) => [name, value]));
  const [values, setValues] = useState({temperature: 1.5});
  const [result, setResult] = useState(null);
  const [busy, work] = useWork();
  const node = items[items.length - 1]?.node;
  useEffect(() => setResult(null), [s, node]);
  const compare = (e) => {
    e.preventDefault();
    work(async () => setResult([(await candidates(s, node)).step, (await candidates(s, node, {...overrides.value, ...values})).step]));
  };
  if (!node) return html`<p class="hint">${t('glass.compare.empty')}</p>`;
  return html`<form class="row" onSubmit=${compare}>${KNOBS.map((name) => html`<label class="value" key=${name}><code>${name}</code>
      <input class="field" inputmode="decimal" placeholder=${now[name]} value=${values[name] ?? ''} autocomplete="off" onInput=${(e) => {
        const {[name]: old, ...others} = values;
        const wanted = Number(e.target.value.replace(',', '.'));
        setValues(e.target.value.trim() && Number.isFinite(wanted) ? {...others, [name]: wanted} : others);
      }} /></label>`)}
    <button class="button primary" disabled=${busy}>${t('glass.compare.do')}</button><${Busy} on=${busy} /></form>
    ${result && html`<${SideBySide} a=${{name: t('glass.compare.now'), s, list: last(result[0])}} b=${{name: t('glass.compare.other'), s, list: last(result[1])}} />`}`;
}

function Models({s, items}) {
  const others = models.value.filter((m) => m.loaded && m.name !== s.model);
  const [name, setName] = useState('');
  const [result, setResult] = useState(null);
  const [busy, work] = useWork();
  const node = items[items.length - 1]?.node;
  useEffect(() => setResult(null), [s, node]);
  if (!others.length) return html`<p class="hint">${t('glass.compare.oneModel')}</p>`;
  const wanted = name || others[0].name;
  const compare = (e) => {
    e.preventDefault();
    work(async () => {
      const second = await openSession({model: wanted, text: decode(items.filter((n) => !n.control).map((n) => n.bytes))});
      const a = await candidates(s, node);
      const b = await candidates(second, second.head.value);
      setResult([{name: s.model, s, list: a.step.raw}, {name: wanted, s: second, list: b.step.raw}]);
    });
  };
  return html`<form class="row" onSubmit=${compare}><label class="row">${t('glass.compare.model')} <select class="field" value=${wanted} onChange=${(e) => setName(e.target.value)}>
      ${others.map((m) => html`<option value=${m.name} key=${m.name}>${m.name}</option>`)}</select></label>
    <button class="button primary" disabled=${busy || !node}>${t('glass.compare.do')}</button><${Busy} on=${busy} /></form>
    ${result && html`<${SideBySide} a=${result[0]} b=${result[1]} /><p class="hint">${t('glass.compare.words')}</p>`}`;
}

export function Compare({s, items, index, setIndex, onTake, live}) {
  const [kind, setKind] = useState('history');
  if (!live) return html`<p class="hint">${t('glass.needsModel')}</p>`;
  const Kind = {history: History, settings: Settings, model: Models}[kind];
  return html`<p class="hint">${t('glass.compare.hint')}</p>
    <${Segments} label=${t('glass.compare.what')} of=${['history', 'settings', 'model']} at=${kind} set=${setKind} text="glass.compare" />
    <${Kind} key=${kind} s=${s} items=${items} index=${index} setIndex=${setIndex} onTake=${onTake} />`;
}

// The branch tree of a session, and trees grown ahead. Both use the keyboard pattern of trees.
/** @param rows visible rows in order: {key, level, open (undefined for a leaf), on, body}; toggle(row, open), act(row) */
export function TreeView({name, rows, toggle, act}) {
  const [stop, setStop] = useState(null);
  const list = useRef(null);
  const here = rows.find((row) => row.key === stop) ?? rows.find((row) => row.on) ?? rows[0];
  const focus = (row) => {
    if (!row) return;
    setStop(row.key);
    list.current.querySelector(`[data-key="${row.key}"]`)?.focus();
  };
  const key = (e) => {
    const i = rows.indexOf(here);
    const parent = () => rows.slice(0, i).reverse().find((row) => here.level > row.level);
    const moves = {
      ArrowDown: () => focus(rows[i + 1]), ArrowUp: () => focus(rows[i - 1]), Home: () => focus(rows[0]), End: () => focus(rows[rows.length - 1]),
      ArrowRight: () => here.open === false ? toggle(here, true) : here.open && focus(rows[i + 1]),
      ArrowLeft: () => here.open ? toggle(here, false) : focus(parent()),
      Enter: () => act(here), ' ': () => act(here),
    };
    if (!moves[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    moves[e.key]();
  };
  return html`<ul class="tree" role="tree" aria-label=${name} ref=${list} onKeyDown=${key}>${rows.map((row) => html`<li role="treeitem" key=${row.key} data-key=${row.key}
    class=${row.on ? 'on' : ''} style=${{'--level': row.level}} aria-level=${row.level + 1} aria-expanded=${row.open} aria-selected=${row.on ? 'true' : 'false'} tabindex=${row === here ? 0 : -1}
    onClick=${(e) => {
      setStop(row.key);
      if (e.target.closest('.twist')) toggle(row, !row.open);
      else act(row);
    }}><span class="twist" aria-hidden="true">${row.open === undefined ? '' : row.open ? '▾' : '▸'}</span>${row.body}</li>`)}</ul>`;
}

/** Tokens in a row without a branch are one item. */
function segment(s, start) {
  const nodes = [start];
  for (let next = children(s, start.node); next.length === 1; next = children(s, next[0].node)) nodes.push(next[0]);
  return {nodes, next: children(s, nodes[nodes.length - 1].node)};
}

function sessionRows(s, shut) {
  const on = new Set(path(s).map((n) => n.node));
  const rows = [];
  const walk = (start, level, before) => {
    const {nodes, next} = segment(s, start);
    const bits = nodes.reduce((sum, n) => n.p === undefined ? sum : sum + bitsOf(n.p), before);
    const text = visible(decode(nodes.map((n) => n.bytes)));
    const isOn = on.has(start.node);
    const chance = bits > 0 ? t('glass.tree.path', {p: pct(2 ** -bits, 2), bits: num(bits, 1)}) : t('glass.by.prompt');
    rows.push({key: start.node, level, open: next.length ? !shut.has(start.node) : undefined, on: isOn, end: nodes[nodes.length - 1].node,
      body: html`<bdi class="line">${text.length > 90 ? `${text.slice(0, 50)} … ${text.slice(-36)}` : text}</bdi><span class="meta">${tn('glass.tree.tokens', nodes.length)} · ${chance}</span>`});
    if (!shut.has(start.node)) for (const child of next) walk(child, level + 1, bits);
  };
  for (const start of children(s, 0)) walk(start, 0, 0);
  return rows;
}

function grownRows(s, answer, shut) {
  const rows = [];
  const walk = (node, level, key, ids) => {
    const most = Math.max(...node.children.map((c) => c.p), 1e-12);
    for (const child of node.children) {
      const name = `${key}.${child.id}`;
      const all = [...ids, child.id];
      const p = t('glass.tree.chances', {p: pct(child.p), path: pct(child.path_p, 2)});
      rows.push({key: name, level, ids: all, open: child.children.length ? !shut.has(name) : undefined,
        body: html`<bdi class="tok">${visible(decode([piece(s, child.id).bytes]))}</bdi><${Bar} p=${child.p / most} /><span class="meta">${p}</span>`});
      if (child.children.length && !shut.has(name)) walk(child, level + 1, name, all);
    }
    if (node.tail > 0 && node.children.length) {
      rows.push({key: `${key}.rest`, level, body: html`<span class="line muted">${t('glass.rest')}</span><span class="meta">${pct(node.tail)}</span>`});
    }
  };
  walk(answer.root, 0, 'g', []);
  return rows;
}

export function Branches({s, at, live, onGo, onTake}) {
  const [shut, setShut] = useState(new Set());
  const [width, setWidth] = useState(3);
  const [depth, setDepth] = useState(3);
  const [grown, setGrown] = useState(null);
  const [busy, work] = useWork();
  useEffect(() => setGrown(null), [s, at]);
  const toggle = (row, open) => {
    const next = new Set(shut);
    next[open ? 'delete' : 'add'](row.key);
    setShut(next);
  };
  const most = Math.floor(Math.log(512 * (width - 1) + 1) / Math.log(width)) - 1;
  const depths = Math.max(1, Math.min(8, most));
  const grow = (e) => {
    e.preventDefault();
    work(async () => setGrown(await ask(s, 'tree', {node: at, width, depth: Math.min(depth, depths)})));
  };
  return html`<h3>${t('glass.tree.title')}</h3><${TreeView} name=${t('glass.tree.title')} rows=${sessionRows(s, shut)} toggle=${toggle} act=${(row) => onGo(row.end)} />
    <p class="hint">${t('glass.tree.hint')}</p>
    <h3>${t('glass.tree.ahead')}</h3>
    ${live ? html`<form class="row" onSubmit=${grow}><${Pick} name=${t('glass.tree.width')} value=${width} from=${2} to=${6} set=${setWidth} /> <${Pick} name=${t('glass.tree.depth')} value=${Math.min(depth, depths)} from=${1} to=${depths} set=${setDepth} />
      <button class="button" disabled=${busy || !at}>${t('glass.tree.grow')}</button><${Busy} on=${busy} /></form>` : html`<p class="hint">${t('glass.needsModel')}</p>`}
    ${grown && html`<${TreeView} name=${t('glass.tree.ahead')} rows=${grownRows(s, grown, shut)} toggle=${toggle} act=${(row) => row.ids && onTake(at, row.ids)} />
      <p class="hint">${t('glass.tree.take')}</p>`}`;
}

// The surprise of any text: how many bits each of its tokens costs the model.
export async function scored(name, text) {
  const body = {model: name || undefined, text};
  const [answer, {tokens}] = [await post('score', body), await post('tokenize', body)];
  const lead = tokens.length - answer.tokens.length;
  return {...answer, items: tokens.map((token, i) => {
    const score = answer.tokens[i - lead];
    return {...token, node: i + 1, by: 'prompt', p: score && (score.bits === null ? 0 : 2 ** -score.bits)};
  })};
}

export function AnyText({live, mode}) {
  const [text, setText] = useState('');
  const [result, setResult] = useState(null);
  const [at, setAt] = useState(0);
  const [busy, work] = useWork();
  const run = (e) => {
    e.preventDefault();
    work(async () => {
      setResult(await scored(model.value, text));
      setAt(0);
    });
  };
  return html`<p class="hint">${t('glass.score.hint')}</p><form onSubmit=${run}>
    <label class="block" for="score-text">${t('glass.score.text')}</label>
    <textarea id="score-text" class="field" rows="4" dir="auto" value=${text} onInput=${(e) => setText(e.target.value)}></textarea>
    <p class="row"><button class="button primary" disabled=${!live || busy || !text.trim()}>${t('glass.score.do')}</button><${Busy} on=${busy} />${!live && html`<span class="hint">${t('glass.needsModel')}</span>`}</p></form>
    ${result && html`<${Legend} /><${Chips} items=${result.items} at=${at} mode=${mode} heat=${true} act=${{open: setAt}} next=${false} name=${t('glass.score.text')} />
      ${result.items[at] && html`<${ChipFacts} node=${result.items[at]} />`}
      <${Facts} from="glass.score" of=${[['count', result.count], ['bits', result.bits], ['perToken', result.bits_per_token], ['perByte', result.bits_per_byte], ['perplexity', result.perplexity]]
        .map(([key, value]) => [key, value === undefined || value === null ? value : num(value, 3)])} />`}`;
}

// The model's card: facts of its file, licence, how open it is, and the memory it takes.
export const Openness = ({of}) => html`<ul class="open">${of.map((point) => html`<li key=${point.what} data-open=${String(point.open)}>
  <span class="mark" aria-hidden="true">${point.open === true ? '●' : point.open === false ? '○' : '◐'}</span>
  <b>${has(`glass.open.${point.what}`) ? t(`glass.open.${point.what}`) : point.what}</b>: ${t(`glass.card.open.${point.open}`) /* yes, no or unknown */}
  ${point.why && html`<span class="muted" lang="en"> ${point.why}</span>`}</li>`)}</ul>`;

export function Types({of}) {
  const sum = (key) => of.reduce((total, type) => total + type[key], 0);
  return html`<${Table} name=${t('glass.card.types')} heads=${[t('glass.card.type'), `#${t('glass.card.tensors')}`, `#${t('glass.card.parameters')}`, `#${t('glass.card.bytes')}`]}
    rows=${[...of.map((type) => ({key: type.type, cells: [html`<code>${type.type}</code>`, num(type.tensors), num(type.parameters), bytes(type.bytes)]})),
      {key: 'sum', class: 'rest', 'data-sum': sum('parameters'), cells: [t('glass.card.sum'), num(sum('tensors')), num(sum('parameters')), bytes(sum('bytes'))]}]} />`;
}

const hash = (sha) => sha && html`<code class="sha">${sha}</code>`;

export function ModelCard({trace}) {
  const kv = (of) => html`<${Facts} from="glass.card" of=${of} />`;
  if (trace) {
    const m = trace.model;
    return html`<h3>${m.name}</h3><p class="hint">${t('glass.trace.from')}</p>${kv([['architecture', m.architecture], ['licence', m.license], ['parameters', num(m.parameters)], ['vocabulary', num(m.vocabulary)],
      ['context', num(m.context)], ['file', `${m.file}, ${bytes(m.bytes)}`], ['sha256', hash(m.sha256)]])}`;
  }
  const all = facts.value;
  if (!all) return html`<p class="hint">${t('glass.needsModel')}</p>`;
  const f = all.facts;
  const m = all.memory;
  const n = (x) => x === undefined ? x : num(x);
  const list = (x) => x?.length ? x.map((y) => typeof y === 'string' ? y : y.name ?? JSON.stringify(y)).join(', ') : t('glass.card.notSaid');
  return html`<h3>${all.name}</h3><${Terms} terms=${all.license} />
    ${kv([['parameters', `${num(f.parameters)} (${short(f.parameters)})`], ['layers', n(f.layers)], ['heads', f.heads && `${num(f.heads)} / ${n(f.kv_heads) ?? '–'}`], ['embedding', n(f.embedding)],
      ['vocabulary', n(f.vocabulary)], ['context', n(f.context)], ['experts', f.experts > 0 && num(f.experts)], ['architecture', f.architecture], ['file', [f.format, f.file_type, bytes(f.file_bytes)].filter(Boolean).join(', ')],
      ['tokenizer', f.tokenizer], ['datasets', list(f.datasets)], ['lineage', list(f.lineage)], ['sha256', hash(all.sha256)]])}
    <h4>${t('glass.card.openness')}</h4><${Openness} of=${all.openness ?? []} />
    ${m && html`<h4>${t('glass.card.memory')}</h4>${kv(['weights', 'cache', 'scratch', 'total', 'available'].map((key) => [key, m[key] !== undefined && bytes(m[key])]))}`}
    <h4>${t('glass.card.types')}</h4><${Types} of=${f.types ?? []} />`;
}

// Saved traces: open one without a model, save the one shown, let the server run one again.
const LARGEST = 256 * 1024 * 1024;

class Unreadable extends Error {}

const isToken = (x) => Number.isInteger(x?.id) && x.id >= 0 && typeof x.bytes === 'string' && /^([0-9a-f]{2})*$/i.test(x.bytes);
const isList = (x) => Array.isArray(x?.top) && x.top.every((c) => Number.isInteger(c.id) && c.p >= 0 && c.p <= 1);
const isStep = (x) => isToken(x?.token) && isList(x.raw) && Array.isArray(x.stages) && x.stages.length > 0 && x.stages.every((stage) => isList(stage) && stage.parameters)
  && Array.isArray(x.draws) && x.draws.every((d) => d.u >= 0 && d.u <= 1);

/** Reads a trace file's text; what it lacks is told, not guessed. */
export function readTrace(text) {
  let trace;
  try {
    trace = JSON.parse(text);
  } catch {
    throw new Unreadable(t('glass.trace.notJson'));
  }
  if (!trace?.glasshouse_trace) throw new Unreadable(t('glass.trace.notTrace'));
  if (!trace.model?.name || !Array.isArray(trace.prompt) || !trace.prompt.every(isToken) || !Array.isArray(trace.steps)) throw new Unreadable(t('glass.trace.broken', {where: 'prompt'}));
  const wrong = trace.steps.findIndex((step) => !isStep(step));
  if (wrong >= 0) throw new Unreadable(t('glass.trace.broken', {where: `steps[${wrong}]`}));
  if (trace.tokens && !(Array.isArray(trace.tokens) && trace.tokens.every(isToken))) throw new Unreadable(t('glass.trace.broken', {where: 'tokens'}));
  return trace;
}

function download(name, data) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data)], {type: 'application/json'}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const traceOf = (s) => s.offline ? s.trace : get(`sessions/${s.id}/trace?node=${s.head.value}`);

export function Traces({s, items}) {
  const [problem, setProblem] = useState(null);
  const [report, setReport] = useState(null);
  const [busy, work] = useWork();
  const file = useRef(null);
  const open = async (e) => {
    setProblem(null);
    setReport(null);
    const [chosen] = e.target.files;
    e.target.value = '';
    if (!chosen) return;
    try {
      if (chosen.size > LARGEST) throw new Unreadable(t('glass.trace.large'));
      const opened = offlineSession(readTrace(await chosen.text()));
      opened.selected.value = opened.head.value;
      useSession(opened);
    } catch (error) {
      setProblem(error instanceof Unreadable ? error.message : t('glass.trace.broken', {where: error.message}));
    }
  };
  const made = items.some((node) => node.step);
  const replay = () => work(async () => setReport(await post('replay', {trace: await traceOf(s), ...(model.value ? {model: model.value} : {})})));
  return html`<p class="hint">${t('glass.trace.hint')}</p>
    <p class="row"><button type="button" class="button" onClick=${() => file.current.click()}>${t('glass.trace.open')}</button>
      <input ref=${file} type="file" accept=".json,application/json" hidden aria-label=${t('glass.trace.open')} onChange=${open} />
      <button type="button" class="button" disabled=${!made || busy} onClick=${() => work(async () => download('glasshouse-trace.json', await traceOf(s)))}>${t('glass.trace.save')}</button>
      <button type="button" class="button" disabled=${!made || busy || !model.value} onClick=${replay}>${t('glass.trace.replay')}</button>
      ${s?.offline && html`<button type="button" class="button" disabled=${busy || !model.value} onClick=${() => work(async () => useSession(await openSession({trace: s.trace})))}>${t('glass.trace.goOn')}</button>`}<${Busy} on=${busy} /></p>
    ${!made && html`<p class="hint">${t('glass.trace.none')}</p>`}
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    ${report && html`<p role="status" class="replayed" data-same=${String(report.same)}>${report.same ? t('glass.trace.same', {n: num(report.steps)}) : t('glass.trace.differs', {n: num((report.first_difference ?? 0) + 1)})} <span dir="auto">${report.same ? '' : report.message}</span></p>`}`;
}
