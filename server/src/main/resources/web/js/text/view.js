/** The Text view: no template, one text; the model goes on from the cursor. */
import {Component} from 'preact';
import {html, useEffect, useLayoutEffect, useRef, useState} from '../html.js';
import {num, pct, t, tn} from '../i18n.js';
import {go, keep, model, useSession} from '../store.js';
import {label} from '../tokens.js';
import {Meters} from '../chat/composer.js';
import {Icon, IconButton} from '../ui/icons.js';
import {helpFor} from '../ui/help.js';
import {download} from '../ui/files.js';
import {settingsOpen} from '../ui/settings.js';
import {Side, Token} from './side.js';
import {busy, caret, doc, edit, goOn, goStep, halt, markAt, redo, redos, session, undo, undos} from './paper.js';

helpFor('text', () => [
  ['Ctrl+Enter', t('text.key_go')],
  ['Alt+Enter', t('text.key_step')],
  ['Esc', t('text.key_stop')],
  ['Ctrl+Z', t('text.key_undo')],
  ['Ctrl+Shift+Z', t('text.key_redo')],
]);

const shade = keep('glasshouse.shade', true);

/** Levels of surprise in bits; see the palette in app.css. */
const level = (bits) => bits < 1 ? 0 : bits < 2 ? 1 : bits < 4 ? 2 : bits < 7 ? 3 : 4;

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

/** The text once more, unseen, under the real one: it carries the shading. In chunks, so that only those that changed are made anew. */
const CHUNK = 64;

function Marks() {
  const {text, marks} = doc.value;
  const here = markAt(caret.value);
  const chunks = [];
  let at = 0;
  for (let n = 0; n < marks.length; n += CHUNK) {
    const some = marks.slice(n, n + CHUNK);
    const end = Math.max(at, some[some.length - 1].end);
    const [start, from] = [at, text.slice(at, end)];
    const inside = here && here.end > start && here.end <= end ? here.node : 0;
    chunks.push(html`<${Chunk} key=${n} marks=${some} start=${start} text=${from} here=${inside} sign="${from}|${some[0].node}|${some[some.length - 1].node}|${inside}" />`);
    at = end;
  }
  return [...chunks, `${text.slice(at)}\n`];
}

class Chunk extends Component {
  shouldComponentUpdate(next) {
    return next.sign !== this.props.sign;
  }
  render({marks, start, text, here}) {
    const nodes = session.peek()?.nodes;
    let at = start;
    return marks.flatMap((mark) => {
      const before = text.slice(at - start, Math.max(at, mark.start) - start);
      const shown = text.slice(Math.max(at, mark.start) - start, Math.max(at, mark.end) - start);
      at = Math.max(at, mark.end);
      return [before, shown && html`<mark key=${mark.node} class="heat-${level(bitsOf(nodes?.get(mark.node)))} ${mark.node === here ? 'at' : ''}">${shown}</mark>`];
    });
  }
}

function Card({s, hover}) {
  const node = s.nodes.get(hover.node);
  const raw = node?.step?.raw;
  if (!raw) return null;
  return html`<div class="hover-card" aria-hidden="true" style=${{left: `${hover.x}px`, top: `${hover.y}px`}}>
    <strong class="token">${label(node.bytes)}</strong> <span class="muted">${num(bitsOf(node), 1)} bit</span>
    ${raw.top.slice(0, 5).map((c) => html`<div class="row"><span class="grow"><${Token} s=${s} id=${c.id} /></span><span class="num">${pct(c.p)}</span></div>`)}</div>`;
}
