import {Component} from 'preact';
import {html, signal, batch, useEffect, useLayoutEffect, useRef, useState} from '../html.js';
import {num, pct, t, tn} from '../i18n.js';
import {ask, children, generate, go, keep, model, openSession, overrides, piece, stop, useSession} from '../store.js';
import {label, raw} from '../tokens.js';
import {Meters} from '../chat/view.js';
import {Icon, IconButton, download, report} from '../ui/kit.js';
import {Licence, helpFor, limits, settingsOpen} from '../ui/panels.js';

/** Editing drops the marks after the edit, since what the model thought there no longer holds. */

const kept = keep('glasshouse.text', '');
export const doc = signal({text: kept.value, marks: []});
export const caret = signal(kept.value.length);
export const busy = signal(false);
export const session = signal(null);
export const undos = signal([]);
export const redos = signal([]);

let saving = 0;
function set(next, at) {
  batch(() => {
    doc.value = next;
    if (at !== undefined) caret.value = at;
  });
  clearTimeout(saving);
  saving = setTimeout(() => {
    kept.value = doc.value.text;
  }, 500);
}

let typed = 0;
export function remember() {
  typed = 0;
  undos.value = [...undos.value.slice(-99), {doc: doc.value, caret: caret.value}];
  redos.value = [];
}

function swap(from, to) {
  if (busy.value || !from.value.length) return;
  const was = from.value[from.value.length - 1];
  from.value = from.value.slice(0, -1);
  to.value = [...to.value, {doc: doc.value, caret: caret.value}];
  set(was.doc, was.caret);
}
export const undo = () => swap(undos, redos);
export const redo = () => swap(redos, undos);

export function edit(text, at) {
  const old = doc.value;
  if (text === old.text) return;
  let same = 0;
  const most = Math.min(text.length, old.text.length);
  while (same < most && text[same] === old.text[same]) same++;
  if (Date.now() - typed > 1200) remember();
  typed = Date.now();
  set({text, marks: old.marks.filter((mark) => same >= mark.end)}, at);
}

/** The mark that ends at or holds the place before the cursor. */
export function markAt(at) {
  const {marks} = doc.value;
  let low = 0;
  let high = marks.length - 1;
  while (low <= high) {
    const mid = (low + high) >> 1;
    if (marks[mid].end < at) low = mid + 1;
    else if (marks[mid].start >= at) high = mid - 1;
    else return marks[mid];
  }
  return null;
}

/** The node after which the model is to go on at this place: a token already there, or the text taken in anew. */
async function nodeAt(at) {
  const {text, marks} = doc.value;
  const before = marks.filter((mark) => at >= mark.end);
  const last = before[before.length - 1];
  let s = session.value;
  if (s && s.model === model.value && last) {
    if (last.end === at) return [s, last.node];
    try {
      return [s, (await ask(s, 'append', {from: last.node, text: text.slice(last.end, at)})).head];
    } catch (e) {
      if (e.code !== 'no_session' && e.code !== 'no_node') throw e;
    }
  }
  const body = {text: text.slice(0, at)};
  if (s && s.model === model.value) {
    try {
      return [s, (await ask(s, 'prompt', body)).head];
    } catch (e) {
      if (e.code !== 'no_session') throw e;
    }
  }
  s = await openSession({});
  session.value = s;
  doc.value = {text, marks: []};
  return [s, (await ask(s, 'prompt', body)).head];
}

/** Puts new tokens in at `start`; what stood before `start` and after `end` stays. Shown once a frame. */
function writer(start, end) {
  const {text, marks} = doc.value;
  const before = text.slice(0, start);
  const after = text.slice(end);
  const old = marks.filter((mark) => start >= mark.end);
  const fresh = [];
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true});
  let said = '';
  let frame = 0;
  let pace = 0;
  // A long text takes its time to lay out: most of the page's time stays free for the reader.
  const show = () => {
    frame = 0;
    const begun = performance.now();
    set({text: before + said + after, marks: [...old, ...fresh]}, start + said.length);
    requestAnimationFrame(() => setTimeout(() => {
      pace = Math.min(400, 2 * (performance.now() - begun));
    }));
  };
  return {
    add(node, token) {
      if (token.control) return;
      const from = start + said.length;
      said += decoder.decode(raw(token.bytes), {stream: true});
      fresh.push({start: from, end: start + said.length, node});
      frame ||= setTimeout(show, pace);
    },
    end() {
      clearTimeout(frame);
      said += decoder.decode();
      show();
      return start + said.length;
    },
  };
}

/** With `anew`, what failed since the server dropped the session is done once more from the text. */
async function work(action, anew) {
  if (busy.value) return;
  busy.value = true;
  remember();
  try {
    await action().catch((e) => {
      if (e.code !== 'no_session') throw e;
      session.value = null;
      doc.value = {text: doc.value.text, marks: []};
      if (!anew) throw e;
      return action();
    });
  } catch (e) {
    report(e);
  } finally {
    busy.value = false;
  }
}

async function write(s, from, w) {
  useSession(s);
  const {max, stop: stops} = limits.value;
  try {
    await generate(s, {from, max_tokens: max, stop: stops.length ? stops : undefined}, (name, data) => {
      if (name === 'step') w.add(data.node, data.step.token);
    });
  } finally {
    w.end();
  }
}

export const goOn = () => work(async () => {
  const [s, from] = await nodeAt(caret.value);
  await write(s, from, writer(caret.value, caret.value));
}, true);

export const goStep = () => work(async () => {
  const [s, from] = await nodeAt(caret.value);
  useSession(s);
  const answer = await ask(s, 'step', {from, settings: overrides.value});
  const w = writer(caret.value, caret.value);
  w.add(answer.node, answer.step.token);
  w.end();
}, true);

/** Takes another token at a mark, and goes on from there; what the model wrote after it goes. */
export const retake = (mark, id) => work(async () => {
  const s = session.value;
  const {parent} = s.nodes.get(mark.node);
  const {marks, text} = doc.value;
  const last = marks[marks.length - 1];
  const w = writer(mark.start, last && last.end >= mark.end ? last.end : text.length);
  const known = children(s, parent).find((node) => node.id === id);
  const node = known ?? (await ask(s, 'append', {from: parent, ids: [id]})).nodes.at(-1);
  w.add(node.node, piece(s, id));
  const end = w.end();
  await write(s, node.node, writer(end, end));
});

export const take = (from, ids) => work(async () => {
  const s = session.value;
  const answer = await ask(s, 'append', {from, ids});
  const w = writer(caret.value, caret.value);
  for (const node of answer.nodes.slice(-ids.length)) w.add(node.node, node);
  w.end();
});

export async function grow(width, depth) {
  const [s, node] = await nodeAt(caret.value);
  useSession(s);
  return ask(s, 'tree', {node, width, depth});
}

export const halt = () => session.value && stop(session.value);

/** Beside the text: the token at the cursor with its alternatives, and the tree of what may come. */

const Bar = ({p}) => html`<span class="bar" aria-hidden="true"><span class="bar-fill" style=${{width: `${100 * p}%`}}></span></span>`;
export const Token = ({s, id}) => html`<span><bdi class="token" dir="auto">${label(piece(s, id).bytes)}</bdi></span>`;

export function Side() {
  const s = session.value;
  s?.version.value;
  doc.value;
  const mark = markAt(caret.value);
  const node = mark && s?.nodes.get(mark.node);
  return html`<aside class="side" aria-label=${t('text.side')}>
    <section><h2>${t('text.at_cursor')}</h2>
      ${node ? html`<${Alternatives} ...${{s, mark, node}} />` : html`<p class="muted small-text">${t('text.at_cursor_none')}</p>`}</section>
    <${Tree} />
    ${s && html`<section class="row small-text muted">${s.model}<${Licence} name=${s.model} /></section>`}
  </aside>`;
}

function Alternatives({s, mark, node}) {
  const raw = node.step?.raw;
  const p = raw?.top.find((c) => c.id === node.id)?.p;
  return html`<p class="row"><bdi class="token chip" dir="auto">${label(node.bytes)}</bdi><span class="muted small-text">${t(`text.by_${node.by}`)}</span></p>
    ${raw ? html`<p class="muted small-text num">${p > 0 && t('text.bits', {p: pct(p), bits: num(-Math.log2(p), 1)})} ${t('text.entropy', {bits: num(raw.entropy_bits, 1)})}</p>
      <p class="small-text">${t('text.choose')}</p>
      <ul class="choices">${raw.top.map((c) => html`<li key=${c.id}><button type="button" class="choice ${c.id === node.id ? 'on' : ''}" disabled=${busy.value}
        aria-current=${c.id === node.id ? 'true' : undefined} onClick=${() => retake(mark, c.id)}><${Token} s=${s} id=${c.id} /><span class="num">${pct(c.p)}</span><${Bar} p=${c.p} /></button></li>`)}
        <li class="choice"><span class="muted">${t('text.tail')}</span><span class="num">${pct(raw.tail)}</span><${Bar} p=${raw.tail} /></li></ul>`
      : html`<p class="muted small-text">${t('text.not_recorded')}</p>`}`;
}

function Tree() {
  const [size, setSize] = useState({width: 3, depth: 3});
  const [tree, setTree] = useState(null);
  const [waiting, setWaiting] = useState(false);
  const at = caret.value;
  const stale = tree && (tree.at !== at || tree.text !== doc.value.text);
  const run = () => {
    setWaiting(true);
    grow(size.width, size.depth).then((answer) => setTree({...answer, at, text: doc.value.text}), report).finally(() => setWaiting(false));
  };
  const field = (name, most) => html`<label class="row small-text">${t(`text.${name}`)}
    <select class="field" value=${size[name]} onChange=${(e) => setSize({...size, [name]: Number(e.target.value)})}>${Array.from({length: most}, (_, n) => html`<option value=${n + 1}>${n + 1}</option>`)}</select></label>`;
  return html`<section aria-busy=${waiting ? 'true' : 'false'}><h2>${t('text.tree')}</h2>
    <p class="muted small-text">${t('text.tree_about')}</p>
    <div class="row">${field('width', 8)}${field('depth', 6)}<button type="button" class="button" disabled=${busy.value || waiting || !doc.value.text} onClick=${run}><${Icon} name="tree" size=${17} />${t('text.grow')}</button></div>
    ${tree && (stale ? html`<p class="muted small-text">${t('text.stale')}</p>` : html`<${Twigs} parent=${tree.root} ids=${[]} from=${tree.node} first=${true} />`)}</section>`;
}

const Twigs = ({parent, ids, from, first}) => html`<ul class="twigs ${first ? 'first' : ''}">${parent.children.map((child) => {
  const path = [...ids, child.id];
  return html`<li key=${child.id}><button type="button" class="twig" disabled=${busy.value} onClick=${() => take(from, path)}>
    <span class="visually-hidden">${t('text.take')} ${ids.map((id) => label(piece(session.value, id).bytes)).join('')}</span><${Token} s=${session.value} id=${child.id} /><span class="num small-text">${pct(child.p)}</span><span class="num small-text muted">${pct(child.path_p)}</span></button>
    ${child.children?.length > 0 && html`<${Twigs} parent=${child} ids=${path} from=${from} />`}</li>`;
})}</ul>`;

helpFor('text', () => [
  ['Ctrl+Enter', t('text.key_go')],
  ['Alt+Enter', t('text.key_step')],
  ['Esc', t('text.key_stop')],
  ['Ctrl+Z', t('text.key_undo')],
  ['Ctrl+Shift+Z', t('text.key_redo')],
]);

const shade = keep('glasshouse.shade', true);

/** Levels of surprise in bits; see the palette in app.css. */
const level = (bits) => [1, 2, 4, 7].filter((bound) => bits >= bound).length;

function bitsOf(node) {
  const p = node?.step?.raw.top.find((c) => c.id === node.id)?.p;
  if (p > 0) return -Math.log2(p);
  return node?.step ? Math.max(7, -Math.log2(node.step.raw.tail || 1)) : 0;
}

export default function Text() {
  const area = useRef();
  const mirror = useRef();
  const [hover, setHover] = useState(null);
  const {text} = doc.value;
  const working = busy.value;
  const s = session.value;

  useEffect(() => {
    if (s) useSession(s);
    area.current.focus();
  }, []);
  useLayoutEffect(() => {
    const place = area.current;
    if (place.selectionStart !== caret.value || place.selectionEnd === place.selectionStart) {
      if (document.activeElement === place || working) place.setSelectionRange(caret.value, caret.value);
    }
    if (working && caret.value === text.length) place.scrollTop = place.scrollHeight;
    mirror.current.scrollTop = place.scrollTop;
  }, [text]);

  const keys = (e) => {
    const mod = e.ctrlKey || e.metaKey;
    if (mod && e.key === 'Enter') goOn();
    else if (e.altKey && e.key === 'Enter') goStep();
    else if (e.key === 'Escape' && working) halt();
    else if (mod && e.key.toLowerCase() === 'z') (e.shiftKey ? redo : undo)();
    else if (mod && e.key.toLowerCase() === 'y') redo();
    else return;
    e.preventDefault();
  };
  const cursor = (e) => {
    if (!working) caret.value = e.target.selectionStart;
  };
  const point = (e) => {
    const at = document.caretPositionFromPoint?.(e.clientX, e.clientY);
    const mark = at?.offsetNode === area.current || area.current.contains(at?.offsetNode) ? markAt(at.offset + 1) ?? markAt(at.offset) : null;
    setHover(mark && s ? {node: mark.node, x: Math.min(e.clientX, innerWidth - 300), y: e.clientY + 20} : null);
  };

  return html`<div class="text">
    <section class="text-main" aria-label=${t('app.text')}>
      <div class="text-head"><h1>${t('text.title')}</h1>
        <${IconButton} icon="undo" label=${t('text.undo')} disabled=${working || !undos.value.length} onClick=${undo} />
        <${IconButton} icon="redo" label=${t('text.redo')} disabled=${working || !redos.value.length} onClick=${redo} />
        <label class="check"><input type="checkbox" checked=${shade.value} onChange=${(e) => { shade.value = e.target.checked; }} />${t('text.shade')}</label>
        <${IconButton} icon="save" label=${t('text.save')} disabled=${!text} onClick=${() => download('glasshouse.txt', text, 'text/plain')} />
        <${IconButton} icon="sliders" label=${t('settings.title')} aria-haspopup="dialog" onClick=${() => { settingsOpen.value = true; }} /></div>
      <div class="paper ${shade.value ? '' : 'plain-paper'}">
        <div class="mirror" ref=${mirror} aria-hidden="true" dir="auto"><${Marks} /></div>
        <textarea ref=${area} dir="auto" aria-label=${t('text.area')} aria-busy=${working ? 'true' : 'false'} placeholder=${t('text.placeholder')} spellcheck=${false} readonly=${working}
          value=${text} onInput=${(e) => edit(e.target.value, e.target.selectionStart)} onKeyDown=${keys} onSelect=${cursor} onClick=${cursor} onKeyUp=${cursor}
          onScroll=${(e) => { mirror.current.scrollTop = e.target.scrollTop; }} onPointerMove=${point} onPointerLeave=${() => setHover(null)}></textarea>
      </div>
      <div class="text-foot">
        ${working ? html`<button type="button" class="button primary" onClick=${halt}><${Icon} name="stop" size=${18} />${t('text.stop')}</button>`
          : html`<button type="button" class="button primary" disabled=${!model.value || !text} onClick=${goOn}><${Icon} name="go" size=${18} />${t('text.go')}</button>
            <button type="button" class="button" disabled=${!model.value || !text} onClick=${goStep}>${t('text.step')}</button>`}
        <button type="button" class="button quiet" disabled=${!s || working} onClick=${() => { useSession(s); go('glass'); }}><${Icon} name="look" size=${18} />${t('text.look')}</button>
        <span class="grow"></span><${Count} /><${Meters} session=${s} />
      </div>
      <div class="visually-hidden" role="status">${!working && s?.last.value ? t('text.finished', {text: s.last.value.text ?? ''}) : ''}</div>
    </section>
    <${Side} />
    ${hover && html`<${Card} s=${s} hover=${hover} />`}
  </div>`;
}

function Count() {
  const s = session.value;
  s?.version.value;
  return html`<span class="muted small-text num">${tn('text.written', doc.value.marks.length)}</span>`;
}

/** The text once more, unseen, under the real one: it carries the shading. A block for each line, so that only lines that changed are laid out anew. */
function Marks() {
  const {text, marks} = doc.value;
  const here = markAt(caret.value);
  const lines = [];
  for (let start = 0, n = 0; start <= text.length;) {
    const end = text.indexOf('\n', start) + 1 || text.length + 1;
    while (marks[n]?.end <= start) n++;
    let last = n;
    while (marks[last]?.start < end) last++;
    const some = marks.slice(n, last);
    const at = some.includes(here) ? here.node : 0;
    const line = text.slice(start, end);
    lines.push(html`<${Line} key=${lines.length} marks=${some} start=${start} text=${line} here=${at}
      sign=${[line, some[0]?.node, some[0]?.start - start, some.length, at].join('|')} />`);
    start = end;
  }
  return lines;
}

class Line extends Component {
  shouldComponentUpdate(next) {
    return next.sign !== this.props.sign;
  }
  render({marks, start, text, here}) {
    const nodes = session.peek()?.nodes;
    const parts = [];
    let at = 0;
    for (const mark of marks) {
      const [from, to] = [Math.max(at, mark.start - start), Math.min(text.length, mark.end - start)];
      if (to <= from) continue;
      parts.push(text.slice(at, from), html`<mark key=${mark.node} class="heat-${level(bitsOf(nodes?.get(mark.node)))} ${mark.node === here ? 'at' : ''}">${text.slice(from, to)}</mark>`);
      at = to;
    }
    return html`<div>${parts}${text.slice(at) || (parts.length ? '' : '\n')}</div>`;
  }
}

function Card({s, hover}) {
  const node = s.nodes.get(hover.node);
  const raw = node?.step?.raw;
  if (!raw) return null;
  return html`<div class="hover-card" aria-hidden="true" style=${{left: `${hover.x}px`, top: `${hover.y}px`}}>
    <strong class="token">${label(node.bytes)}</strong> <span class="muted">${t('text.bit', {n: num(bitsOf(node), 1)})}</span>
    ${raw.top.slice(0, 5).map((c) => html`<div class="row"><span class="grow"><${Token} s=${s} id=${c.id} /></span><span class="num">${pct(c.p)}</span></div>`)}</div>`;
}
