/** The inspector of one place: the token that stands there, or the one to come. Candidates, stages, draw, layers, time. */
import {html, useState, useEffect, useRef} from '../html.js';
import {t, num, pct, secs, bytes} from '../i18n.js';
import {decode, label} from '../tokens.js';
import {post} from '../api.js';
import {ask, facts, keep, overrides, parameters, piece, setOverride} from '../store.js';
import {Bar, Busy, Check, Facts, Num, Pick, Problem, Table, Tabs, Tok, attempt, bitsOf, bitsText, chance, last, oneIn, share, spoken, useAsk, useWork} from './parts.js';

// Candidates: what could have come, how probable the model thought it, and what was left after the chain.
function guessed(s, list, guess) {
  const wanted = guess.trim().toLowerCase();
  let best = null;
  let length = 0;
  list.forEach((c, i) => {
    const text = decode([piece(s, c.id).bytes]).trim().toLowerCase();
    if (text && text.length > length && wanted.startsWith(text)) {
      best = {...c, rank: i + 1};
      length = text.length;
    }
  });
  return best;
}

function Guess({s, wide, onDone}) {
  const [answer, setAnswer] = useState(null);
  const field = useRef(null);
  const say = async (e) => {
    e.preventDefault();
    const text = field.current.value;
    if (!text.trim()) return;
    const list = await wide();
    if (list) setAnswer({text, found: guessed(s, list, text), of: list.length});
  };
  return html`<form class="guess" onSubmit=${say}>
    <label for="guess">${t('glass.guess.ask')}</label>
    <span class="row"><input id="guess" class="field" ref=${field} autocomplete="off" dir="auto" /><button class="button">${t('glass.guess.mine')}</button>
      <button type="button" class="button quiet" onClick=${onDone}>${t('glass.guess.show')}</button></span>
    ${answer && html`<p role="status">${answer.found
      ? t('glass.guess.was', {token: spoken(piece(s, answer.found.id)), p: pct(answer.found.p, 2), rank: num(answer.found.rank)})
      : t('glass.guess.none', {n: num(answer.of)})}</p>`}</form>`;
}

function Candidates({s, step, actual, chance, take, more, wide, guess, onGuess}) {
  const end = last(step);
  const rows = step.raw.top.map((c) => ({id: c.id, p: c.p, q: share(end, c.id)}));
  for (const c of end.top) if (!rows.some((r) => r.id === c.id)) rows.push({id: c.id, p: null, q: c.p});
  if (actual !== null && !rows.some((r) => r.id === actual)) rows.push({id: actual, p: chance ?? null, q: share(end, actual)});
  const listed = new Set(step.raw.top.map((c) => c.id));
  const rest = Math.max(0, rows.reduce((left, r) => listed.has(r.id) ? left : left - (r.p ?? 0), step.raw.tail));
  const most = Math.max(...rows.map((r) => Math.max(r.p ?? 0, r.q ?? 0)));
  const body = useRef(null);
  const move = (e) => {
    const way = {ArrowDown: 1, ArrowUp: -1}[e.key];
    if (!way || e.target.tagName !== 'BUTTON') return;
    e.preventDefault();
    const all = [...body.current.querySelectorAll('button')];
    all[all.indexOf(e.target) + way]?.focus();
  };
  if (guess) return html`<${Guess} s=${s} wide=${wide} onDone=${onGuess} />`;
  return html`<p class="sum">${t('glass.candidates.of', {n: num(step.raw.candidates), bits: num(step.raw.entropy_bits, 2)})}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t('glass.candidates.title')} ref=${body} onKeyDown=${move}><${Table} class="cands" name=${t('glass.candidates.title')}
      heads=${[t('glass.token'), `#${t('glass.id')}`, `#${t('glass.raw')}`, `#${t('glass.after')}`, `#${t('glass.inBits')}`, '']}
      rows=${[...rows.map((r) => ({key: r.id, 'data-id': r.id, class: r.id === actual ? 'here' : r.q === 0 ? 'cut' : '', cells: [
        take ? html`<button type="button" class="cand" onClick=${() => take(r.id)}
          aria-label=${t(r.id === actual ? 'glass.candidates.this' : 'glass.candidates.take', {token: spoken(piece(s, r.id))})}><${Tok} s=${s} id=${r.id} /></button>` : html`<${Tok} s=${s} id=${r.id} />`,
        r.id, r.p === null ? '–' : pct(r.p), r.q === null ? '–' : r.q === 0 ? t('glass.cutOut') : pct(r.q),
        r.p ? html`<span title=${oneIn(r.p)}>${num(bitsOf(r.p), 1)}</span>` : '–', html`<${Bar} p=${(r.p ?? 0) / most} q=${(r.q ?? 0) / most} />`]})),
      {key: 'rest', class: 'rest', cells: [t('glass.rest'), '', pct(rest), pct(end.tail), '', html`<${Bar} p=${Math.min(1, rest / most)} q=${Math.min(1, end.tail / most)} />`]}]} /></div>
    <p class="key"><span class="k1"></span>${t('glass.raw')} <span class="k2"></span>${t('glass.after')}</p>
    ${take ? html`<p class="hint">${t('glass.candidates.hint')}</p>` : ''}
    ${more && html`<button type="button" class="button quiet" onClick=${more}>${t('glass.more')}</button>`}`;
}

/** The model's candidates beside the odds of the world whose stories the built-in model learnt; nothing where the text is not of that world. */
function Odds({s, step, before}) {
  const top = step.raw.top.slice(0, 10).filter((c) => decode([piece(s, c.id).bytes]));
  const body = {text: decode(before.map((node) => node.bytes)), continuations: top.map((c) => decode([piece(s, c.id).bytes]))};
  const key = JSON.stringify(body);
  const {data, key: of} = useAsk(key, (options) => post('odds', body, options), 120);
  if (of !== key || data?.p?.length !== top.length) return '';
  return html`<h3>${t('glass.odds.title')}</h3><p class="hint">${t('glass.odds.here')}</p><${Table} name=${t('glass.odds.title')} heads=${[t('glass.token'), `#${t('glass.odds.model')}`, `#${t('glass.odds.true')}`, '']}
    rows=${top.map((c, i) => ({key: c.id, cells: [html`<${Tok} s=${s} id=${c.id} />`, pct(c.p), html`<${Num} api="odds p[]" v=${data.p[i]}>${pct(data.p[i])}<//>`, html`<${Bar} p=${c.p} q=${data.p[i]} />`]}))} />
    <p class="key"><span class="k1"></span>${t('glass.odds.model')} <span class="k2"></span>${t('glass.odds.true')}</p>`;
}

// Stages: the chain as cards. Every change is asked of the server, over the whole vocabulary.
const FIXED = new Set(['logit_bias', 'dist', 'mirostat', 'mirostat_v2', 'adaptive_p', 'greedy']);
const SHOWN = 5;

const merged = (edits, order) => ({...overrides.value, ...edits, ...(order ? {samplers: order} : {})});

const movable = (stages) => stages.map((stage) => stage.name).filter((name) => !FIXED.has(name));

function Value({name, value, onChange, id}) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  if (typeof value !== 'number') return null;
  const change = (e) => {
    setText(e.target.value);
    const wanted = Number(e.target.value.replace(',', '.'));
    if (e.target.value.trim() && Number.isFinite(wanted)) onChange(name, wanted);
  };
  return html`<label class="value" for=${id}><code>${name}</code>
    <input class="field" id=${id} inputmode="decimal" value=${text} onInput=${change} autocomplete="off" /></label>`;
}

function Card({s, stage, before, i, count, edit, move, remove, drag}) {
  const [open, setOpen] = useState(stage.active && !FIXED.has(stage.name));
  const fixed = FIXED.has(stage.name);
  const name = t(`glass.stage.${stage.name}`);
  const most = Math.max(stage.top[0]?.p ?? 0, share(before, stage.top[0]?.id) ?? 0) || 1;
  return html`<li class="stage${stage.active ? '' : ' off'}" data-stage=${stage.name} draggable=${!fixed}
      onDragStart=${(e) => drag.start(e, stage.name)} onDragOver=${(e) => fixed || e.preventDefault()} onDrop=${(e) => drag.drop(e, stage.name)}>
    <div class="head">
      <button type="button" class="fold" aria-expanded=${open} onClick=${() => setOpen(!open)}><b>${name}</b>
        <span class="said">${stage.active ? stage.cut > 0 ? t('glass.stages.cut', {kept: num(stage.kept), p: pct(stage.cut)})
          : t('glass.stages.kept', {kept: num(stage.kept)}) : t('glass.stages.idle')}</span></button>
      ${!fixed && html`<span class="moves"><button type="button" class="icon-button" disabled=${i === 0} data-move=${`${stage.name}-up`}
          aria-label=${t('glass.stages.up', {name})} onClick=${() => move(stage.name, -1)}>↑</button>
        <button type="button" class="icon-button" disabled=${i === count - 1} data-move=${`${stage.name}-down`}
          aria-label=${t('glass.stages.down', {name})} onClick=${() => move(stage.name, 1)}>↓</button>
        <button type="button" class="icon-button" aria-label=${t('glass.stages.remove', {name})} onClick=${() => remove(stage.name)}>×</button></span>`}
    </div>
    ${open && html`<div class="body"><p class="why">${t(`glass.why.${stage.name}`)}</p>
      <div class="values">${Object.entries(stage.parameters).map(([key, value]) =>
        html`<${Value} key=${key} id=${`v-${stage.name}-${key}`} name=${key} value=${value} onChange=${edit} />`)}</div>
      ${stage.active && html`<${Table} name=${t('glass.stages.list', {name})} heads=${[t('glass.token'), `#${t('glass.before')}`, `#${t('glass.afterStage')}`, '']} rows=${stage.top.slice(0, SHOWN).map((c) => {
        const was = share(before, c.id);
        return {key: c.id, cells: [html`<${Tok} s=${s} id=${c.id} />`, was === null ? '–' : pct(was), pct(c.p), html`<${Bar} p=${(was ?? 0) / most} q=${c.p / most} />`]};
      })} />`}</div>`}
  </li>`;
}

function Stages({s, step, at, live, use}) {
  const [edits, setEdits] = useState({});
  const [order, setOrder] = useState(null);
  const [moved, setMoved] = useState('');
  const changed = order !== null || Object.keys(edits).length > 0;
  const settings = merged(edits, order);
  const {data, error, busy} = useAsk(changed && live ? `${s.id} ${at} ${JSON.stringify(settings)}` : null,
    (options) => ask(s, 'candidates', {node: at, settings, top: 10}, options), 250);
  const shown = changed && data ? data.step : step;
  const names = order ?? movable(shown.stages);
  const edit = live ? (name, value) => setEdits((old) => ({...old, [name]: value})) : () => {};
  const put = (name, to) => {
    const rest = names.filter((n) => n !== name);
    rest.splice(Math.max(0, to), 0, name);
    setOrder(rest);
    setMoved(t('glass.stages.moved', {name: t(`glass.stage.${name}`), place: num(rest.indexOf(name) + 1), of: num(rest.length)}));
  };
  const drag = {
    start: (e, name) => e.dataTransfer.setData('text/x-stage', name),
    drop: (e, onto) => {
      const name = e.dataTransfer.getData('text/x-stage');
      if (!names.includes(name) || name === onto) return;
      e.preventDefault();
      put(name, names.includes(onto) ? names.indexOf(onto) : names.length);
    },
  };
  const reset = () => {
    setEdits({});
    setOrder(null);
  };
  const missing = (parameters.value.stages ?? []).map((stage) => stage.name).filter((name) => !names.includes(name) && name !== 'infill');
  const cards = shown.stages.filter((stage) => stage.active || stage.name !== 'logit_bias');
  return html`<p class="hint">${t('glass.stages.hint')}</p><${Problem} of=${error} />
    <fieldset class="bare" disabled=${!live} aria-busy=${busy ? 'true' : 'false'}><legend class="visually-hidden">${t('glass.tab.stages')}</legend>
    <ol class="stages">${cards.map((stage) => {
      const at0 = shown.stages.indexOf(stage);
      return html`<${Card} key=${stage.name} s=${s} stage=${stage} before=${at0 ? shown.stages[at0 - 1] : shown.raw} i=${names.indexOf(stage.name)}
        count=${names.length} edit=${edit} move=${(name, way) => put(name, names.indexOf(name) + way)}
        remove=${(name) => setOrder(names.filter((n) => n !== name))} drag=${drag} />`;
    })}</ol>
    <p class="row">${missing.length > 0 && html`<label>${t('glass.stages.add')} <select class="field" value="" onChange=${(e) => {
      if (e.target.value) setOrder([...names, e.target.value]);
      e.target.value = '';
    }}><option value=""></option>${missing.map((name) => html`<option value=${name} key=${name}>${t(`glass.stage.${name}`)}</option>`)}</select></label>`}
      <button type="button" class="button" disabled=${!changed} onClick=${reset}>${t('glass.stages.reset')}</button>
      <button type="button" class="button primary" disabled=${!changed || !data} onClick=${() => {
        use(settings);
        reset();
      }}>${t('glass.stages.use')}</button><${Busy} on=${busy} /></p></fieldset>
    <p class="visually-hidden" role="status">${moved}</p>`;
}

// Draw: the random number on the cumulative bar, and what many draws would give.
const MOST = 10000;

/** The cumulative bar, 0 … 1, with the number drawn as a point. */
export function Cumulative({s, draw, others = []}) {
  const slices = draw.slices?.length ? draw.slices : [{id: null, low: draw.low, high: draw.high}];
  const listed = slices.reduce((sum, slice) => sum + slice.high - slice.low, 0);
  const hit = (slice) => draw.u >= slice.low && draw.u < slice.high;
  return html`<div class="cum" role="img" aria-label=${t('glass.draw.picture', {u: num(draw.u, 4), low: num(draw.low, 4), high: num(draw.high, 4)})}>
    <div class="strip">${slices.map((slice, i) => html`<span key=${i} class="slice${hit(slice) ? ' hit' : ''}" data-id=${slice.id}
      style=${{left: `${100 * slice.low}%`, width: `${100 * (slice.high - slice.low)}%`}}>${slice.high - slice.low > 0.055 && slice.id !== null
        ? html`<bdi>${label(piece(s, slice.id).bytes)}</bdi>` : ''}</span>`)}</div>
    ${others.map((d, i) => html`<i class="dot" key=${i} style=${{left: `${100 * d.u}%`}}></i>`)}
    <i class="point" style=${{left: `${100 * draw.u}%`}}></i>
    <div class="axis"><span>0</span><span>${num(0.5, 1)}</span><span>1</span></div></div>
    ${listed < 0.9995 && draw.slices?.length ? html`<p class="hint">${t('glass.draw.unlisted', {p: pct(1 - listed)})}</p>` : ''}`;
}

export function Counts({s, step, answer}) {
  const end = last(step);
  const counts = new Map(answer.counts.map((c) => [c.id, c.count]));
  const rows = end.top.slice(0, 10).map((c) => ({id: c.id, p: c.p, share: (counts.get(c.id) ?? 0) / answer.count, count: counts.get(c.id) ?? 0}));
  const most = Math.max(...rows.map((r) => Math.max(r.p, r.share)));
  const rest = answer.count - rows.reduce((sum, r) => sum + r.count, 0);
  const restP = 1 - rows.reduce((sum, r) => sum + r.p, 0);
  const far = Math.max(...rows.map((r) => Math.abs(r.p - r.share)));
  return html`<${Table} show=${true} name=${t('glass.draw.counted', {n: num(answer.count)})}
    heads=${[t('glass.token'), `#${t('glass.draw.expected')}`, `#${t('glass.draw.count')}`, `#${t('glass.draw.share')}`, '']}
    rows=${[...rows.map((r) => ({key: r.id, 'data-id': r.id, 'data-count': r.count, cells: [html`<${Tok} s=${s} id=${r.id} />`, pct(r.p), num(r.count), pct(r.share), html`<${Bar} p=${r.p / most} q=${r.share / most} />`]})),
      ...(restP > 1e-9 ? [{key: 'rest', class: 'rest', cells: [t('glass.rest'), pct(restP), num(rest), pct(rest / answer.count), '']}] : [])]} />
    <p role="status">${t('glass.draw.far', {n: num(answer.count), points: num(100 * far, 1)})}</p>`;
}

function DrawTab({s, step, at, live}) {
  const [answer, setAnswer] = useState(null);
  const [busy, work] = useWork();
  useEffect(() => setAnswer(null), [s, at, overrides.value]);
  // The record may stem from other settings than those in force: counts stand beside the probabilities they were drawn from.
  const again = (n) => work(async () => {
    const body = {node: at, settings: overrides.value};
    const {step: from} = await ask(s, 'candidates', body);
    setAnswer({...await ask(s, 'draws', {...body, count: Math.min(MOST, (answer?.count ?? 0) + n)}), from});
  });
  const draw = step.draws[step.draws.length - 1];
  const picked = step.token?.id ?? step.id;
  return html`${draw ? html`<p>${t('glass.draw.said', {u: num(draw.u, 4)})}
      ${picked !== undefined && html` ${t('glass.draw.fell')} <${Tok} s=${s} id=${picked} />`}</p>
    <${Cumulative} s=${s} draw=${draw} others=${answer?.first ?? []} />
    <${Facts} from="glass.draw" of=${[['u', draw.u], ['slice', `${num(draw.low, 4)} – ${num(draw.high, 4)}`], ['seed', draw.seed], ['generator', draw.generator],
      ['position', num(draw.position)], ['stage', t(`glass.stage.${draw.stage}`)]]} />`
    : html`<p>${t('glass.draw.none')}</p>`}
    <p class="row" role="group" aria-label=${t('glass.draw.again')}>${t('glass.draw.again')} ${[1, 100, 1000].map((n) => html`<button type="button" class="button" key=${n}
      disabled=${!live || busy || answer?.count >= MOST} onClick=${() => again(n)}>×${num(n)}</button>`)}<${Busy} on=${busy} /></p>
    ${answer && html`<${Counts} s=${s} step=${answer.from} answer=${answer} />`}`;
}

// Layers: what each depth of the network would say, and where a head fetched information from.
const depthName = (depth) => depth ? t('glass.layers.after', {n: num(depth)}) : t('glass.layers.embedding');

/** The depth from which on the target leads without a break; −1 when it never does at the end. */
function leadsFrom(rows) {
  let from = rows.length;
  while (from > 0 && rows[from - 1].rank === 1) from--;
  return from < rows.length ? rows[from].depth : -1;
}

export function Lens({s, answer}) {
  const lead = leadsFrom(answer.rows);
  return html`<p>${t('glass.layers.target')} <${Tok} s=${s} id=${answer.target} />. ${lead >= 0 ? t('glass.layers.leads', {where: depthName(lead)}) : t('glass.layers.never')}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t('glass.layers.lens')}><${Table} class="lens" name=${t('glass.layers.lens')}
      heads=${[t('glass.layers.depth'), t('glass.layers.words'), `#${t('glass.layers.share')}`, '', `#${t('glass.rank')}`]} rows=${answer.rows.map((row) => ({key: row.depth, 'data-depth': row.depth, class: row.depth === lead ? 'lead' : '',
        cells: [depthName(row.depth), html`<div class="words">${row.top.slice(0, 3).map((c) => html`<span key=${c.id} class=${c.id === answer.target ? 'hit' : ''} title=${pct(c.p)}><${Tok} s=${s} id=${c.id} /></span> `)}</div>`,
          html`<${Num} api="sessions/{s}/lens rows[].p" v=${row.p}>${pct(row.p)}<//>`, html`<${Bar} p=${row.p} />`, html`<${Num} api="sessions/{s}/lens rows[].rank" v=${row.rank} />`]}))} /></div>
    <p class="honest">${t('glass.layers.honest')}</p>`;
}

function Attention({s, items, at, shape}) {
  const [layer, setLayer] = useState(0);
  const [head, setHead] = useState(0);
  const [hide, setHide] = useState(true);
  const {data, error, busy} = useAsk(`${s.id} ${at} ${layer} ${head}`, (options) => ask(s, 'attention', {node: at, layer, head}, options), 80);
  const {layers = 1, heads = 1} = data ?? shape ?? {};
  const weights = data?.weights ?? [];
  const from = data?.first ?? 0;
  const hidden = (i) => hide && from + i === 0 && weights.length > 1;
  const most = Math.max(1e-9, ...weights.map((w, i) => hidden(i) ? 0 : w));
  const top = weights.map((w, i) => ({w, i: from + i})).filter(({i}) => !(hide && i === 0 && weights.length > 1)).sort((a, b) => b.w - a.w).slice(0, 6);
  return html`<h3>${t('glass.layers.attention')}</h3>
    <p class="row"><${Pick} name=${t('glass.layers.layer')} value=${layer + 1} from=${1} to=${layers} set=${(n) => setLayer(n - 1)} /> <${Pick} name=${t('glass.layers.head')} value=${head + 1} from=${1} to=${heads} set=${(n) => setHead(n - 1)} />
      <${Check} on=${hide} set=${setHide} text=${t('glass.layers.sink')} /><${Busy} on=${busy} /></p>
    <${Problem} of=${error} />
    ${data && html`<p class="atts">${weights.map((w, i) => items[from + i] && html`<span key=${i} class=${hidden(i) ? 'att out' : 'att'} title=${pct(w, 2)}
        style=${{'--w': hidden(i) ? 0 : (w / most).toFixed(3)}}><bdi>${label(items[from + i].bytes)}</bdi></span>`)}</p>
      <${Table} name=${t('glass.layers.attention')} heads=${[t('glass.layers.from'), `#${t('glass.layers.place')}`, `#${t('glass.layers.weight')}`, '']}
        rows=${top.filter(({i}) => items[i]).map(({w, i}) => ({key: i, cells: [html`<${Tok} of=${items[i]} />`, num(i + 1), pct(w), html`<${Bar} p=${w} />`]}))} />
      ${hide && weights.length > 1 && from === 0 ? html`<p class="hint">${t('glass.layers.sunk', {p: pct(weights[0])})}</p>` : ''}`}
    <p class="honest">${t('glass.layers.notWhy')}</p>`;
}

export function Layers({s, items, at, target, live, shape}) {
  const key = live ? `${s.id} ${at} ${target}` : null;
  const {data, error, busy} = useAsk(key, (options) => ask(s, 'lens', {node: at, top: 5, ...(target === null ? {} : {target})}, options), 120);
  if (!live) return html`<p class="hint">${t('glass.needsModel')}</p>`;
  return html`<h3>${t('glass.layers.lens')} <${Busy} on=${busy} /></h3><${Problem} of=${error} />
    ${data && html`<${Lens} s=${s} answer=${data} />`}
    <${Attention} s=${s} items=${items} at=${at} shape=${shape} />`;
}

// Time and memory: each token's time, one pass split by part, the cache.
const ms = (ns) => secs(ns / 1e9);
const sum = (list) => list.reduce((a, b) => a + b, 0);

function Spark({values, at}) {
  const most = Math.max(...values);
  const w = 100 / values.length;
  return html`<svg class="spark" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label=${t('glass.time.spark', {n: num(values.length), mean: ms(sum(values) / values.length)})}>
    ${values.map((v, i) => html`<rect key=${i} class=${i === at ? 'hit' : ''} x=${i * w} width=${Math.max(w * 0.86, 0.05)} y=${30 - 29 * v / most} height=${29 * v / most} />`)}</svg>`;
}

function Split({of}) {
  const parts = [['embedding', of.embedding_ns], ['attention', sum(of.attention_ns)], ['mlp', sum(of.mlp_ns)], ['head', of.head_ns]];
  const other = Math.max(0, of.total_ns - sum(parts.map(([, ns]) => ns)));
  parts.push(['other', other]);
  const most = Math.max(...of.attention_ns, ...of.mlp_ns);
  return html`<div class="split" role="img" aria-label=${t('glass.time.split')}>${parts.map(([name, ns], i) => html`<span key=${name} class="part p${i}" style=${{width: `${100 * ns / of.total_ns}%`}}></span>`)}</div>
    <${Table} name=${t('glass.time.split')} heads=${[t('glass.time.part'), `#${t('glass.time.time')}`, `#${t('glass.time.share')}`]} rows=${parts.map(([name, ns], i) =>
      ({key: name, cells: [html`<i class="part p${i}" aria-hidden="true"></i> ${t(`glass.time.${name}`)}`, ms(ns), pct(ns / of.total_ns)]}))} />
    <details><summary>${t('glass.time.byLayer')}</summary><${Table} name=${t('glass.time.byLayer')} heads=${[t('glass.layers.layer'), `#${t('glass.time.attention')}`, `#${t('glass.time.mlp')}`, '']}
      rows=${of.attention_ns.map((ns, i) => ({key: i, cells: [num(i + 1), ms(ns), ms(of.mlp_ns[i]), html`<${Bar} p=${ns / most} q=${of.mlp_ns[i] / most} />`]}))} /></details>`;
}

function Time({s, items, step, at, live}) {
  const [split, setSplit] = useState(null);
  const [busy, work] = useWork();
  useEffect(() => setSplit(null), [s, at]);
  // The first pick after a prompt has its row from the prompt's own pass: no time of its own.
  const timed = items.filter((node) => node.step?.forward_ns > 0).slice(-200);
  const forward = timed.map((node) => node.step.forward_ns);
  const taken = step?.forward_ns !== undefined ? step : [...items].reverse().find((node) => node.step)?.step;
  const times = s.last.value?.timings;
  return html`<h3>${t('glass.time.perToken')}</h3>
    ${forward.length ? html`<${Spark} values=${forward} at=${timed.findIndex((node) => node.step === step)} />
      <p class="hint">${t('glass.time.least', {least: ms(Math.min(...forward)), mean: ms(sum(forward) / forward.length), most: ms(Math.max(...forward))})}</p>`
      : html`<p class="hint">${t('glass.time.nothing')}</p>`}
    <${Facts} from="glass.time" of=${[...(taken ? [['forward', taken.forward_ns ? ms(taken.forward_ns) : t('glass.time.withPrompt')], ['sampling', ms(taken.sampling_ns)],
      ['cacheUsed', t('glass.time.of', {n: num(taken.cache_used), of: num(s.context)})], ['cacheBytes', bytes(taken.cache_bytes)]] : []),
      ...(times ? [['reused', t('glass.time.of', {n: num(times.reused_tokens), of: num(times.prompt_tokens)})], ['prompt', times.prompt_ns > 0 && ms(times.prompt_ns)],
        ['rate', times.generation_ns > 0 && t('glass.time.perSecond', {n: num(times.generated_tokens / times.generation_ns * 1e9, 1)})]] : [])]} />
    <h3>${t('glass.time.split')}</h3>
    <p class="row"><button type="button" class="button" disabled=${!live || busy} onClick=${() => work(async () => setSplit(await ask(s, 'timings', {node: at})))}>${t('glass.time.measure')}</button><${Busy} on=${busy} /></p>
    ${!live && html`<p class="hint">${t('glass.needsModel')}</p>`}
    ${split && html`<${Split} of=${split} />`}`;
}

const tab = keep('glasshouse.tab', 'candidates');
const guessing = keep('glasshouse.guess', false);

/** @param index of the token looked at; items.length for the next one. take(at, id) goes on from node `at` with a token */
export function Inspector({s, items, index, take, running, scores}) {
  const [top, setTop] = useState(10);
  const [shownFor, setShownFor] = useState('');
  const [sheet, setSheet] = useState(true);
  const actual = items[index] ?? null;
  const at = index > 0 ? items[index - 1]?.node ?? 0 : 0;
  const live = !s.offline && !running;
  const fits = index <= s.context;
  const wantsAsk = live && at > 0 && fits && (!actual?.step || top > 10);
  const key = wantsAsk ? `${s.id} ${at} ${top} ${JSON.stringify(overrides.value)}` : null;
  const asked = useAsk(key, (options) => ask(s, 'candidates', {node: at, settings: overrides.value, top}, options), 60);
  const fresh = asked.key === key && asked.data ? asked.data.step : null;
  const recorded = actual?.step ?? null;
  // A recorded list is shown as it was; a longer one has to be asked for, and then stands in for the raw list only.
  const step = recorded ? fresh ? {...recorded, raw: fresh.raw} : recorded : running && !actual ? items[items.length - 1]?.step ?? null : fresh;
  const guess = guessing.value && shownFor !== `${s.id} ${at}` && !recorded;
  const wide = async () => (await attempt(() => ask(s, 'candidates', {node: at, settings: overrides.value, top: 200})))?.step.raw.top;
  const use = (settings) => Object.entries(settings).forEach(([name, value]) => setOverride(name, value));
  const nothing = asked.error ? html`<${Problem} of=${asked.error} />`
    : html`<p class="hint">${at === 0 ? t('glass.first') : !fits ? t('errors.context_full') : s.offline ? t('glass.noRecord') : t('glass.asking')}</p>`;
  const withStep = (body) => () => step ? body() : nothing;
  const tabs = [
    ['candidates', withStep(() => html`<${Candidates} s=${s} step=${step} actual=${actual?.id ?? null} chance=${actual ? chance(actual, scores) : undefined} take=${live ? (id) => take(at, id) : null} guess=${guess && live}
      onGuess=${() => setShownFor(`${s.id} ${at}`)} wide=${wide} more=${live && top < 50 ? () => setTop(50) : null} />
      ${s.model === 'tiny' && !s.offline && at > 0 && !guess && (recorded || !running) && html`<${Odds} s=${s} step=${step} before=${items.slice(0, index)} />`}
      ${live && !recorded && html`<${Check} on=${guessing.value} text=${t('glass.guess.first')} set=${(on) => {
        guessing.value = on;
        setShownFor('');
      }} />`}`)],
    ['stages', withStep(() => html`<${Stages} key=${`${s.id} ${at}`} s=${s} step=${step} at=${at} live=${live} use=${use} />`)],
    ['draw', withStep(() => html`<${DrawTab} s=${s} step=${step} at=${at} live=${live} />`)],
    ['layers', () => at && fits ? html`<${Layers} s=${s} items=${items} at=${at} target=${actual?.id ?? null} live=${live} shape=${facts.value?.name === s.model ? facts.value.facts : null} />` : nothing],
    ['time', () => html`<${Time} s=${s} items=${items} step=${recorded} at=${at} live=${live && at > 0 && fits} />`],
  ].map(([id, body]) => ({id, body, name: t(`glass.tab.${id}`)}));
  const p = actual ? chance(actual, scores) : undefined;
  return html`<section class="inspector card" aria-labelledby="inspected" data-sheet=${sheet ? 'open' : 'shut'}>
    <header><h2 id="inspected">${actual ? html`<bdi class="tok big">${label(actual.bytes)}</bdi>` : html`<span class="tok big">?</span> ${t('glass.next')}`}</h2>
      <p class="under">${t('glass.place', {n: num(index + 1)})}${actual && html` · ${t('glass.tokenNo', {n: actual.id})} · ${t(`glass.by.${actual.by}`)}`}
        ${p !== undefined && html` · <b>${pct(p, 2)}</b> · ${bitsText(bitsOf(p))} · ${oneIn(p)}`}${actual?.rank > 0 && html` · ${t('glass.rank')} ${num(actual.rank)}`}<${Busy} on=${asked.busy} /></p>
      <button type="button" class="button sheet" aria-expanded=${sheet} onClick=${() => setSheet(!sheet)}>${t(sheet ? 'glass.sheet.shut' : 'glass.sheet.open')}</button></header>
    <div class="sheetbody"><${Tabs} id="ins" label=${t('glass.inspector')} tabs=${tabs} at=${tab.value} onChange=${(id) => {
      tab.value = id;
    }} /></div></section>`;
}
