/** Beside the text: the token at the cursor with its alternatives, and the tree of what may come. */
import {html, useState} from '../html.js';
import {num, pct, t} from '../i18n.js';
import {label} from '../tokens.js';
import {piece} from '../store.js';
import {report} from '../ui/toasts.js';
import {Icon} from '../ui/icons.js';
import {Licence} from '../models/licence.js';
import {busy, caret, doc, grow, markAt, retake, session, take} from './paper.js';

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
