/** What all parts of the glass box use: asking the server, bars, tables, tabs, and the row of token chips. */
import {Component} from 'preact';
import {html, signal, useState, useEffect, useRef} from '../html.js';
import {t, num, pct, tongue} from '../i18n.js';
import {label, decode, group} from '../tokens.js';
import {piece, session} from '../store.js';
import {report, words} from '../ui/kit.js';

export const bitsOf = (p) => -Math.log2(p);

/** Level of surprise, 0 … 4: less than 1, 2, 4, 7 bits, or more. */
export const level = (bits) => [1, 2, 4, 7].filter((least) => bits >= least).length;

export const oneIn = (p) => t('glass.oneIn', {n: num(1 / p, 1 / p < 9.95 ? 1 : 0)});
export const bitsText = (bits) => t('glass.bits', {n: num(bits, bits < 9.95 ? 2 : 1)});

export const lost = signal(null);

function note(e) {
  if (e.code === 'no_session') lost.value = session.value;
}

/** Runs an action of the user's; an error is reported, not thrown. */
export async function attempt(action) {
  try {
    return await action();
  } catch (e) {
    note(e);
    report(e);
    return undefined;
  }
}

/**
 * Asks when the key changes, after `wait` ms without another change: {data, error, busy}. The last answer stays until
 * the next one came. A null key asks nothing.
 */
export function useAsk(key, ask, wait = 0) {
  const [state, set] = useState({});
  useEffect(() => {
    if (key === null) return set({});
    const abort = new AbortController();
    set((old) => ({...old, busy: true}));
    const timer = setTimeout(() => ask({signal: abort.signal}).then(
      (data) => abort.signal.aborted || set({data, key}),
      (error) => {
        if (abort.signal.aborted) return;
        note(error);
        set({error, key});
      }), wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key]);
  return state;
}

export function spoken(token) {
  if (token.control) return label(token.bytes);
  const text = decode([token.bytes]);
  return text.trim() || (text.includes('\n') ? t('glass.newline') : t('glass.space'));
}

export const Tok = ({s, id, of = piece(s, id)}) =>
  html`<bdi class=${of.control ? 'tok ctl' : 'tok'}>${label(of.bytes)}</bdi>`;

/** A number of the API: where it is from and its exact value stand on the element, so that a test can compare. */
export const Num = ({api, v, children}) => html`<data class="num" value=${String(v)} data-api=${api} data-value=${String(v)}>${children ?? num(v)}</data>`;

/** A bar of a share 0 … 1; a second share is drawn below it. */
export const Bar = ({p, q, wide}) => html`<span class="pair${wide ? ' wide' : ''}" aria-hidden="true">
  <span class="b1" style=${{width: `${100 * p}%`}}></span>
  ${q !== undefined && html`<span class="b2" style=${{width: `${100 * q}%`}}></span>`}</span>`;

export const Busy = ({on}) => html`<span class="busy" aria-hidden="true" data-on=${on ? '' : undefined}></span>`;

export const Problem = ({of}) => of && html`<p class="problem" role="alert">${words(of)}</p>`;

/** WAI-ARIA tabs: ←/→ Home/End move, one tab stop. tabs: [{id, name, body()}]. */
export function Tabs({id, label: name, tabs, at, onChange}) {
  const row = useRef(null);
  const go = (e) => {
    const i = tabs.findIndex((tab) => tab.id === at);
    const to = {ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1}[e.key];
    if (to === undefined) return;
    e.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    onChange(next.id);
    row.current.querySelector(`#${id}-${next.id}`).focus();
  };
  const open = tabs.find((tab) => tab.id === at) ?? tabs[0];
  return html`<div class="gtabs">
    <div class="tablist" role="tablist" aria-label=${name} ref=${row} onKeyDown=${go}>
      ${tabs.map((tab) => html`<button type="button" role="tab" key=${tab.id} id=${`${id}-${tab.id}`}
        aria-selected=${tab === open} aria-controls=${`${id}-panel`} tabindex=${tab === open ? 0 : -1}
        onClick=${() => onChange(tab.id)}>${tab.name}</button>`)}
    </div>
    <div class="tabpanel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${open.id}`} tabindex="0"
      key=${open.id}>${open.body()}</div>
  </div>`;
}

/**
 * A table. A head is its text, with # before it for numbers, or '' for the column of bars; a row is {key, cells, …attributes},
 * its first cell names it.
 */
export const Table = ({name, show, heads, rows, class: style = 'mini'}) => html`<table class=${style}>
  <caption class=${show ? '' : 'visually-hidden'}>${name}</caption>
  <thead><tr>${heads.map((head, i) => html`<th scope="col" key=${i} class=${head[0] === '#' ? 'n' : ''}>${head
    ? head.replace('#', '') : html`<span class="visually-hidden">${t('glass.bar')}</span>`}</th>`)}</tr></thead>
  <tbody>${rows.map(({key, cells, ...rest}) => html`<tr key=${key} ...${rest}><th scope="row">${cells[0]}</th>${cells.slice(1).map((cell, i) =>
    html`<td key=${i} class=${heads[i + 1][0] === '#' ? 'n' : ''}>${cell}</td>`)}</tr>`)}</tbody></table>`;

/** Names and values: [[key of the name, value], …]; values that are not there are left out. */
export const Facts = ({of, from}) => html`<dl class="kv">${of.filter(([, value]) => value !== undefined && value !== null && value !== false).map(([key, value]) =>
  html`<div key=${key}><dt>${t(`${from}.${key}`)}</dt><dd>${value}</dd></div>`)}</dl>`;

/** Does not render anew while `still`, unless it is `about` something else. */
export class Still extends Component {
  shouldComponentUpdate(next) {
    return !next.still || next.about !== this.props.about;
  }

  render({body}) {
    return body();
  }
}

export const Pick = ({name, value, from, to, set}) => html`<label>${name} <select class="field" value=${value} onChange=${(e) => set(Number(e.target.value))}>
  ${Array.from({length: to - from + 1}, (_, i) => html`<option key=${i} value=${from + i}>${num(from + i)}</option>`)}</select></label>`;

/** An action and whether it is going on: [busy, run]. */
export function useWork() {
  const [busy, setBusy] = useState(false);
  return [busy, async (action) => {
    setBusy(true);
    const got = await attempt(action);
    setBusy(false);
    return got;
  }];
}

export const Segments = ({label: name, of, at, set, text}) => html`<div class="segments" role="group" aria-label=${name}>${of.map((id) =>
  html`<button type="button" key=${id} aria-pressed=${id === at} onClick=${() => set(id)}>${t(`${text}.${id}`)}</button>`)}</div>`;

export const Check = ({on, set, text}) => html`<label class="check"><input type="checkbox" checked=${on} onChange=${(e) => set(e.target.checked)} /> ${text}</label>`;

/** The record after the last stage, from which the token is drawn. */
export const last = (step) => step.stages[step.stages.length - 1];

/** Probability of an id in a record's list; null when it is not listed. 0 when the list is whole and it is not in it. */
export function share(list, id) {
  const found = list.top.find((c) => c.id === id);
  return found ? found.p : list.kept !== undefined && list.kept <= list.top.length ? 0 : null;
}

// The row of token chips: one tab stop, arrow keys inside, surprise as tint and underline.
const BLOCK = 48;

/** From this many tokens on, blocks out of sight are not laid out; each then begins a line. */
const LONG = 400;
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

export const chance = (node, scores) => node.p ?? scores?.get(node.node);

const chipName = (node, p) => {
  const parts = [spoken(node), t('glass.tokenNo', {n: node.id})];
  if (p !== undefined) parts.push(pct(p), bitsText(bitsOf(p)));
  if (node.by === 'user') parts.push(t('glass.by.user'));
  return parts.join(', ');
};

/** Tokens that share a character stand together under it; so do the tokens of a word written from right to left. */
function groups(nodes) {
  const all = [];
  for (const g of group(nodes)) {
    const before = all[all.length - 1];
    const joins = before && !g.control && !before.control && RTL.test(before.text) && RTL.test(g.text) && !/^[␣⇥↵]/.test(g.text);
    if (joins) all[all.length - 1] = {nodes: [...before.nodes, ...g.nodes], text: before.text + g.text};
    else all.push(g);
  }
  return all;
}

class Block extends Component {
  shouldComponentUpdate(next) {
    const now = this.props;
    return next.from !== now.from || next.at !== now.at || next.stop !== now.stop || next.mode !== now.mode
      || next.heat !== now.heat || next.scores !== now.scores || next.lang !== now.lang
      || next.nodes.length !== now.nodes.length || next.nodes.some((n, i) => n !== now.nodes[i]);
  }

  render({nodes, from, at, stop, mode, heat, scores}) {
    let i = from;
    const chip = (node) => {
      const p = chance(node, scores);
      const n = i++;
      const text = label(node.bytes);
      const style = ['tk', node.control && 'ctl', node.by === 'user' && 'mine', node.by === 'prompt' && 'given',
        heat && p !== undefined && `s${level(bitsOf(p))}`].filter(Boolean).join(' ');
      return html`<button type="button" class=${style} key=${n} data-i=${n} data-id=${node.id} tabindex=${n === stop ? 0 : -1}
        data-n=${mode === 'ids' ? node.id : mode === 'bytes' ? node.bytes.replace(/..(?=.)/g, '$& ') : undefined} aria-pressed=${n === at}
        aria-label=${chipName(node, p)}><bdi>${text}</bdi></button>${text.includes('↵') && html`<br />`}`;
    };
    return html`<span class="block">${groups(nodes).map((g) => g.nodes.length === 1 ? chip(g.nodes[0])
      : html`<span class="grp"><bdi class="whole" aria-hidden="true">${g.text}</bdi>${g.nodes.map(chip)}</span>`)}</span>`;
  }
}

const continues = (node) => /^[89ab]/i.test(node.bytes) && !node.control;

/**
 * @param items nodes of the path; at: index looked at, items.length for the token to come
 * @param act {open(i), branch(i), step()}
 */
export function Chips({items, at, mode, heat, scores, act, next = true, name = t('glass.tokens')}) {
  const [stop, setStop] = useState(at);
  const row = useRef(null);
  const end = next ? items.length : items.length - 1;
  useEffect(() => setStop(at), [at]);
  const here = Math.max(0, Math.min(stop, end));
  const focus = (i) => {
    const to = Math.max(0, Math.min(end, i));
    setStop(to);
    row.current.querySelector(`[data-i="${to}"]`)?.focus();
  };
  const surprising = (i, way) => {
    for (let k = i + way; k >= 0 && k < items.length; k += way) {
      const p = chance(items[k], scores);
      if (p !== undefined && level(bitsOf(p)) >= 3) return k;
    }
    return i;
  };
  const key = (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const i = Number(e.target.dataset.i);
    const moves = {ArrowRight: () => focus(i + 1), ArrowLeft: () => focus(i - 1), Home: () => focus(0), End: () => focus(end),
      '.': () => focus(surprising(i, 1)), ',': () => focus(surprising(i, -1)), b: () => act.branch?.(i), ' ': () => act.step?.()};
    if (!moves[e.key]) return;
    e.preventDefault();
    moves[e.key]();
  };
  const click = (e) => {
    const chip = e.target.closest('[data-i]');
    if (!chip) return;
    setStop(Number(chip.dataset.i));
    act.open(Number(chip.dataset.i));
  };
  const blocks = [];
  for (let from = 0; from < items.length;) {
    let to = Math.min(items.length, from + BLOCK);
    while (to < items.length && continues(items[to])) to++;
    const inside = (i) => i >= from && i < to ? i : -1;
    const nodes = items.slice(from, to);
    blocks.push(html`<${Block} key=${from} nodes=${nodes} from=${from} at=${inside(at)} stop=${inside(here)}
      mode=${mode} heat=${heat} scores=${nodes.every((node) => node.p !== undefined) ? null : scores} lang=${tongue.value} />`);
    from = to;
  }
  return html`<div class="chips as-${mode}${items.length > LONG ? ' long' : ''}" role="toolbar" aria-label=${name} ref=${row} onKeyDown=${key} onClick=${click}
    onFocusIn=${(e) => e.target.dataset?.i && setStop(Number(e.target.dataset.i))}>${blocks}${next && html`<button type="button"
      class="tk next" data-i=${items.length} tabindex=${here === items.length ? 0 : -1} aria-pressed=${at === items.length}
      aria-label=${t('glass.next')}>?</button>`}</div>`;
}

export function ChipFacts({node, scores}) {
  const p = chance(node, scores);
  return html`<p class="chipfacts"><bdi class="tok">${label(node.bytes)}</bdi> ${t('glass.tokenNo', {n: node.id})}
    ${p !== undefined && html` · ${pct(p, 2)} · ${bitsText(bitsOf(p))} · ${oneIn(p)}`} · ${t(`glass.by.${node.by}`)}</p>`;
}

export const Legend = () => html`<p class="legend"><span>${t('glass.surprise')}</span>${['0', '1', '2', '3', '4'].map((k) =>
  html`<span class="tk s${k}" key=${k}>${t(`glass.level.${k}`)}</span>`)}</p>`;
