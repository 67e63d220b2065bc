/** The guided tour: #/tour/1 … 9, then the quiz. Each stop: what it is about, something to try on the running model, one sentence to keep. */
import {html, useState, useEffect, useRef} from '../html.js';
import {t, num, pct, bytes} from '../i18n.js';
import {get, post} from '../api.js';
import {ask, facts, go, model, openSession, path, status} from '../store.js';
import {decode} from '../tokens.js';
import {Terms, helpFor} from '../ui/panels.js';
import {Bar, Busy, ChipFacts, Chips, Num, Problem, Table, Tok, attempt, last, share, useAsk} from '../glass/parts.js';
import {Counts, Cumulative, Lens} from '../glass/inspector.js';
import {Openness, SideBySide, Types} from '../glass/tools.js';


/** What the tour wrote: kept while the page is open, so that the stops go on with one another. One a model and text. */
const sessions = new Map();

export function opened(text) {
  const key = `${model.value}\n${text}`;
  if (!sessions.has(key)) {
    const made = openSession({text});
    made.catch(() => sessions.delete(key));
    sessions.set(key, made);
  }
  return sessions.get(key);
}

export const forget = () => sessions.clear();

/** Asks with the session of a text: {data: {s, answer}, error, busy}. */
export function useTour(text, key, ask, wait = 0) {
  const go = async (options) => {
    const s = await opened(text);
    try {
      return {s, answer: await ask(s, options)};
    } catch (e) {
      if (e.code !== 'no_session') throw e;
      forget();
      const again = await opened(text);
      return {s: again, answer: await ask(again, options)};
    }
  };
  return useAsk(model.value && text ? `${model.value} ${text} ${key}` : null, go, wait);
}

export const Try = ({title, busy, error, children}) => html`<section class="try card" aria-label=${title}><h2>${title} <${Busy} on=${busy} /></h2><${Problem} of=${error} />${children}</section>`;

export const Paragraphs = ({of, vars}) => [1, 2, 3].map((k) => t(`tour.${of}.p${k}`, vars)).filter((text) => !text.startsWith('tour.')).map((text) => html`<p key=${text}>${text}</p>`);

// The nine stops. Each shows the running model; nothing on them is made up.
const start = () => t('tour.text');

function Weights() {
  const name = model.value;
  const {data, error, busy} = useAsk(name || null, (options) => get(`models/${encodeURIComponent(name)}?tensors=true`, options));
  const [at, setAt] = useState(0);
  if (!data) return html`<${Try} title=${t('tour.try')} busy=${busy} error=${error} />`;
  const f = data.facts;
  const tensor = data.tensors?.[at];
  const product = tensor?.shape.reduce((a, b) => a * b, 1);
  return html`<${Try} title=${t('tour.1.try', {name: data.name})} busy=${busy} error=${error}>
    <dl class="big"><div><dt>${t('tour.1.parameters')}</dt><dd><${Num} api="models/{name} facts.parameters" v=${f.parameters} /></dd></div>
      <div><dt>${t('tour.1.file')}</dt><dd><${Num} api="models/{name} facts.file_bytes" v=${f.file_bytes}>${bytes(f.file_bytes)}<//></dd></div>
      <div><dt>${t('tour.1.layers')}</dt><dd><${Num} api="models/{name} facts.layers" v=${f.layers} /></dd></div>
      <div><dt>${t('tour.1.tensors')}</dt><dd><${Num} api="models/{name}?tensors=true tensors.length" v=${data.tensors?.length ?? 0} /></dd></div></dl>
    ${tensor && html`<p class="row"><label class="row" for="tensor">${t('tour.1.choose')}</label><select id="tensor" class="field" value=${at} onChange=${(e) => setAt(Number(e.target.value))}>
      ${data.tensors.map((x, i) => html`<option key=${i} value=${i}>${x.name}</option>`)}</select></p>
    <p class="sumline"><span>${tensor.shape.map((n) => num(n)).join(' × ')} = </span><b><${Num} api="models/{name}?tensors=true tensors[].shape" v=${product} /></b> <span>${t('tour.1.numbers', {type: tensor.type, bytes: bytes(tensor.bytes)})}</span></p>
    <${Bar} p=${product / f.parameters} wide=${true} /><p class="hint">${t('tour.1.share', {p: pct(product / f.parameters)})}</p>`}
    <${Types} of=${f.types ?? []} /><p>${t('tour.1.adds')}</p><//>`;
}

function useCut(text) {
  return useAsk(model.value && text ? `${model.value} ${text}` : null, (options) => post('tokenize', {model: model.value, text}, options), 200);
}

const nodesOf = (tokens) => tokens.map((token, i) => ({...token, node: i + 1, by: 'prompt'}));

function Typed({text, setText, mode, of, children}) {
  const {data, error, busy} = useCut(text);
  const [at, setAt] = useState(1);
  const items = data ? nodesOf(data.tokens) : [];
  return html`<${Try} title=${t(`tour.${of}.try`)} busy=${busy} error=${error}><label class="block" for="typed">${t('tour.type')}</label>
    <textarea id="typed" class="field" rows="2" dir="auto" value=${text} onInput=${(e) => setText(e.target.value)}></textarea>
    ${data && html`<${Chips} items=${items} at=${Math.min(at, items.length - 1)} mode=${mode} act=${{open: setAt}} next=${false} />
      <p class="sumline"><b>${num([...text].length)}</b> ${t('tour.2.characters')} → <b><${Num} api="tokenize count" v=${data.count} /></b> ${t('tour.2.tokens')}</p>
      ${items[at] && html`<${ChipFacts} node=${items[at]} />`}`}${children?.(items)}<//>`;
}

function Tokens() {
  const [text, setText] = useState(t('tour.2.text'));
  return html`<${Typed} of="2" mode="text" text=${text} setText=${setText} />`;
}

function Ids() {
  const [text, setText] = useState(t('tour.3.text'));
  const [id, setId] = useState('300');
  const size = facts.value?.facts.vocabulary;
  const number = Number(id);
  const right = id !== '' && Number.isInteger(number) && number >= 0 && (size === undefined || number < size);
  const {data, error} = useTour(start(), `id ${right ? number : 0}`, async (s, options) => (await post(`sessions/${s.id}/append`, {from: 0, ids: [right ? number : 0]}, options)).nodes.pop(), 250);
  return html`<${Typed} of="3" mode="ids" text=${text} setText=${setText}>${() => html`<hr />
    <p class="row"><label class="row" for="which">${t('tour.3.which')}</label><input id="which" class="field short" inputmode="numeric" value=${id} onInput=${(e) => setId(e.target.value.trim())} />
      ${right && data?.answer?.id === number ? html`<span role="status"><${Tok} of=${data.answer} /></span>` : right ? error && html`<span role="status">${t('tour.3.none')}</span>` : html`<span role="status">${t('tour.3.range', {n: num(size - 1)})}</span>`}</p>
    ${size !== undefined && html`<p>${t('tour.3.vocabulary')} <b><${Num} api="models/{name} facts.vocabulary" v=${size} /></b></p>`}`}<//>`;
}

function LayersStop() {
  const {data, error, busy} = useTour(start(), 'lens', (s, options) => ask(s, 'lens', {node: s.head.value, top: 4}, options));
  return html`<${Try} title=${t('tour.4.try')} busy=${busy} error=${error}><p class="quote" dir="auto">${start()} <b>?</b></p>
    ${data && html`<${Lens} s=${data.s} answer=${data.answer} />`}<//>`;
}

function History() {
  const [word, setWord] = useState(t('tour.5.word'));
  const settled = word.trim();
  const text = (w) => t('tour.5.text', {word: w});
  const first = useTour(text(t('tour.5.first')), 'candidates', (s, options) => ask(s, 'candidates', {node: s.head.value, settings: {}, top: 20}, options));
  const second = useTour(settled ? text(settled) : '', 'candidates', (s, options) => ask(s, 'candidates', {node: s.head.value, settings: {}, top: 20}, options), 400);
  const top = first.data?.answer.step.raw;
  return html`<${Try} title=${t('tour.5.try')} busy=${first.busy || second.busy} error=${first.error ?? second.error}>
    <p class="quote" dir="auto">${text(t('tour.5.first'))} <b>?</b></p>
    ${top && html`<p>${t('tour.5.said')} <b><${Tok} s=${first.data.s} id=${top.top[0].id} /></b> <${Num} api="sessions/{s}/candidates step.raw.top[0].p" v=${top.top[0].p}>${pct(top.top[0].p)}<//>, ${t('tour.5.of')} <${Num} api="sessions/{s}/candidates step.raw.candidates" v=${top.candidates} /> ${t('tour.5.candidates')}</p>`}
    <p class="row"><label class="row" for="word">${t('tour.5.change', {word: t('tour.5.first')})}</label><input id="word" class="field short" value=${word} autocomplete="off" onInput=${(e) => setWord(e.target.value)} /></p>
    ${top && second.data && html`<${SideBySide} a=${{name: t('tour.5.first'), s: first.data.s, list: top}} b=${{name: settled, s: second.data.s, list: second.data.answer.step.raw}} />`}<//>`;
}

function Settings() {
  const [temperature, setTemperature] = useState(0.8);
  const [count, setCount] = useState(0);
  const settings = {temperature, top_k: 40, top_p: 0.95, min_p: 0, seed: 7};
  const node = (s) => s.head.value;
  const text = t('tour.6.text');
  const {data, error, busy} = useTour(text, `${temperature}`, (s, options) => ask(s, 'candidates', {node: node(s), settings, top: 10}, options), 120);
  const drawn = useTour(count ? text : '', `${temperature} ${count}`, (s, options) => ask(s, 'draws', {node: node(s), settings, count}, options));
  const step = data?.answer.step;
  const end = step && last(step);
  const draw = step?.draws[step.draws.length - 1];
  return html`<${Try} title=${t('tour.6.try')} busy=${busy} error=${error}><p class="quote" dir="auto">${text} <b>?</b></p>
    <p class="slider"><label for="temp">${t('tour.6.temperature')} <output for="temp"><b>${num(temperature, 1)}</b></output></label>
      <input id="temp" type="range" min="0.1" max="2" step="0.1" value=${temperature} onInput=${(e) => {
        setTemperature(Number(e.target.value));
        setCount(0);
      }} /><span class="ends"><span>${t('tour.6.cold')}</span><span>${t('tour.6.hot')}</span></span></p>
    ${step && html`<${Table} name=${t('tour.6.list')} heads=${[t('glass.token'), `#${t('glass.raw')}`, `#${t('glass.after')}`, '']} rows=${step.raw.top.slice(0, 6).map((c) => {
      const q = share(end, c.id);
      return {key: c.id, cells: [html`<${Tok} s=${data.s} id=${c.id} />`, html`<${Num} api="sessions/{s}/candidates step.raw.top[].p" v=${c.p}>${pct(c.p)}<//>`,
        q === null ? '–' : q === 0 ? t('glass.cutOut') : html`<${Num} api="sessions/{s}/candidates step.stages[].top[].p" v=${q}>${pct(q)}<//>`, html`<${Bar} p=${c.p} q=${q ?? 0} />`]};
    })} />
      <p>${t('tour.6.left')} <b><${Num} api="sessions/{s}/candidates step.stages[last].kept" v=${end.kept} /></b> ${t('tour.6.leftOf')} <b><${Num} api="sessions/{s}/candidates step.raw.candidates" v=${step.raw.candidates} /></b></p>
      ${draw && html`<h3>${t('tour.6.draw')}</h3><p>${t('tour.6.u')} <b><${Num} api="sessions/{s}/candidates step.draws[last].u" v=${draw.u}>${num(draw.u, 4)}<//></b></p><${Cumulative} s=${data.s} draw=${draw} />`}
      <p class="row">${t('glass.draw.again')} ${[10, 100, 1000].map((n) => html`<button type="button" class="button" key=${n} onClick=${() => setCount(n)}>×${num(n)}</button>`)}</p>
      ${drawn.data && count > 0 && html`<${Counts} s=${drawn.data.s} step=${step} answer=${drawn.data.answer} />`}`}<//>`;
}

function Steps() {
  const [s, setS] = useState(null);
  const [auto, setAuto] = useState(false);
  const [at, setAt] = useState(-1);
  const busy = useRef(false);
  useEffect(() => {
    attempt(async () => setS(await opened(t('tour.7.text'))));
  }, [model.value]);
  const items = s ? path(s) : [];
  const newest = [...items].reverse().find((node) => node.step);
  const made = items.filter((node) => node.step).length;
  const full = s && items.length >= s.context;
  const step = async () => {
    if (busy.current || !s || full) return;
    busy.current = true;
    const answer = await attempt(() => ask(s, 'step', {from: s.head.value, settings: {}}).catch(async (e) => {
      if (e.code !== 'no_session') throw e;
      forget();
      setS(await opened(t('tour.7.text')));
    }));
    busy.current = false;
    setAt(-1);
    if (!answer || answer.end) setAuto(false);
  };
  useEffect(() => {
    if (!auto) return undefined;
    const timer = setTimeout(step, 700);
    return () => clearTimeout(timer);
  }, [auto, items.length]);
  const again = () => {
    setAuto(false);
    s.head.value = items.filter((node) => node.by === 'prompt').pop()?.node ?? s.head.value;
  };
  return html`<${Try} title=${t('tour.7.try')}>${s && html`<${Chips} items=${items} at=${at < 0 ? items.length : at} mode="text" heat=${true} act=${{open: setAt, step}} />
    <p class="row"><button type="button" class="button primary" disabled=${full} onClick=${step}>${t('tour.7.step')}</button><button type="button" class="button" disabled=${full} aria-pressed=${auto} onClick=${() => setAuto(!auto)}>${t(auto ? 'glass.pause' : 'glass.auto')}</button>
      <button type="button" class="button quiet" disabled=${!made} onClick=${again}>${t('tour.7.again')}</button></p>
    <div class="stepnews" role="status">${newest ? html`<p>${t('tour.7.took')} <b><${Tok} of=${newest} /></b> <${Num} api="sessions/{s}/step step.p" v=${newest.step.p}>${pct(newest.step.p)}<//> · ${t('tour.7.rank')} <${Num} api="sessions/{s}/step step.rank" v=${newest.step.rank} />. ${t('tour.7.passes', {n: num(made)})}</p>` : html`<p>${t('tour.7.begin')}</p>`}</div>
    <p class="quote" dir="auto">${decode(items.filter((node) => !node.control).map((node) => node.bytes))}</p>`}<//>`;
}

function Open() {
  const all = facts.value;
  const now = status.value;
  if (!all) return html`<${Try} title=${t('tour.8.try')} />`;
  const m = all.memory;
  return html`<${Try} title=${t('tour.8.try')}><h3>${all.name}</h3><${Terms} terms=${all.license} /><${Openness} of=${all.openness ?? []} />
    ${m && html`<dl class="big"><div><dt>${t('tour.8.memory')}</dt><dd><${Num} api="models/{name} memory.total" v=${m.total}>${bytes(m.total)}<//></dd></div>
      ${m.available && html`<div><dt>${t('tour.8.available')}</dt><dd><${Num} api="models/{name} memory.available" v=${m.available}>${bytes(m.available)}<//></dd></div>`}</dl>`}
    ${now && html`<p>${t('tour.8.server', {host: location.host})} <b>Glasshouse ${now.version}</b></p>`}<//>`;
}

/** What one prompt made of the weights at some moments of their training: film.json, taken from the traces of the run. */
function Film() {
  const {data, error, busy} = useAsk('film', async (options) => (await fetch(new URL('film.json', document.baseURI), options)).json());
  const [at, setAt] = useState(99);
  if (!data) return html`<${Try} title=${t('tour.9.try')} busy=${busy} error=${error} />`;
  const most = data.moments.length - 1;
  const i = Math.min(at, most);
  const {step, top, text} = data.moments[i];
  return html`<${Try} title=${t('tour.9.try')}><p class="quote" dir="auto">${data.prompt} <b>?</b></p>
    <p class="slider"><label for="film">${t('tour.9.step')} <output for="film"><b><${Num} api="film.json moments[].step" v=${step} /></b></output></label>
      <input id="film" type="range" min="0" max=${most} value=${i} aria-valuetext=${num(step)} onInput=${(e) => setAt(Number(e.target.value))} /><span class="ends"><span>${t('tour.9.first')}</span><span>${t('tour.9.last')}</span></span></p>
    <${Table} name=${t('tour.9.next')} show=${true} heads=${[t('glass.token'), `#${t('glass.raw')}`, '']} rows=${top.map((c) => ({key: c.id, cells: [html`<${Tok} of=${c} />`,
      html`<${Num} api="film.json moments[].top[].p" v=${c.p}>${pct(c.p)}<//>`, html`<${Bar} p=${c.p} />`]}))} />
    <h3>${t('tour.9.wrote')}</h3><p class="quote" dir="auto">${text}</p><p class="hint">${t('tour.9.more')}</p><//>`;
}

export const STOPS = [Weights, Tokens, Ids, LayersStop, History, Settings, Steps, Open, Film];

// Nine questions, one a stop. What is asked is said on the tour.
export const RIGHT = [1, 0, 2, 1, 2, 0, 1, 2, 1];

export function Quiz() {
  const [given, setGiven] = useState({});
  const [checked, setChecked] = useState(false);
  const points = RIGHT.filter((right, i) => given[i] === right).length;
  const all = Object.keys(given).length === RIGHT.length;
  return html`<form class="quiz" onSubmit=${(e) => {
    e.preventDefault();
    setChecked(true);
  }}>${RIGHT.map((right, i) => {
    const n = i + 1;
    return html`<fieldset class="card" key=${n} data-question=${n}><legend>${num(n)}. ${t(`tour.quiz.${n}.ask`)}</legend>
      ${[0, 1, 2].map((k) => html`<label class="check" key=${k}><input type="radio" name=${`q${n}`} value=${k} checked=${given[i] === k} onChange=${() => {
        setGiven({...given, [i]: k});
        setChecked(false);
      }} /> <span>${t(`tour.quiz.${n}.a${k}`)}</span></label>`)}
      ${checked && html`<p class="verdict" data-right=${String(given[i] === right)}><b>${given[i] === right ? `✓ ${t('tour.quiz.right')}` : `✗ ${t('tour.quiz.wrong')}`}</b> ${t(`tour.quiz.${n}.why`)} ${given[i] !== right && html`<a href=${`#/tour/${n}`}>${t('tour.quiz.back', {n: num(n)})}</a>`}</p>`}</fieldset>`;
  })}<p class="row"><button class="button primary" disabled=${!all}>${t('tour.quiz.check')}</button>${!all && html`<span class="muted">${t('tour.quiz.left', {n: num(RIGHT.length - Object.keys(given).length)})}</span>`}</p>
    <p class="score" role="status" data-points=${checked ? points : undefined}>${checked ? t(points === RIGHT.length ? 'tour.quiz.perfect' : 'tour.quiz.points', {n: num(points), of: num(RIGHT.length)}) : ''}</p></form>`;
}

helpFor('tour', () => [t('tour.keys').split(': ')]);

const LAST = STOPS.length + 1;

export default function Tour({arg}) {
  const stop = arg === 'quiz' ? LAST : Math.min(LAST, Math.max(1, Math.floor(Number(arg)) || 1));
  const title = useRef(null);
  const key = stop === LAST ? 'quiz' : String(stop);
  const to = (n) => n >= 1 && n <= LAST && go('tour', n === LAST ? 'quiz' : n);
  useEffect(() => {
    title.current.focus({preventScroll: true});
    document.getElementById('main')?.scrollTo(0, 0);
  }, [stop]);
  useEffect(() => {
    const keys = (e) => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, [role=toolbar], [role=tablist], [role=tree], dialog')) return;
      const way = {ArrowRight: 1, ArrowLeft: -1, n: 1, p: -1}[e.key];
      if (!way) return;
      e.preventDefault();
      to(stop + way);
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, [stop]);
  const Stop = STOPS[stop - 1];
  const name = (n) => t(`tour.${n === LAST ? 'quiz' : n}.title`);
  return html`<div class="tour"><nav aria-label=${t('tour.progress')}><ol class="progress">${Array.from({length: LAST}, (_, i) => html`<li key=${i}><a href=${`#/tour/${i + 1 === LAST ? 'quiz' : i + 1}`}
      aria-current=${i + 1 === stop ? 'step' : undefined} class=${i + 1 < stop ? 'done' : ''}><span aria-hidden="true">${i + 1 === LAST ? '?' : num(i + 1)}</span><span class="visually-hidden">${name(i + 1)}</span></a></li>`)}</ol></nav>
    <article class="stop" data-stop=${key}><p class="where">${stop === LAST ? t('tour.end') : t('tour.stop', {n: num(stop), of: num(STOPS.length)})}</p>
      <h1 ref=${title} tabindex="-1">${name(stop)}</h1>
      <${Paragraphs} of=${key} />
      ${stop < LAST && !model.value ? html`<p class="hint">${t('glass.needsModel')}</p>` : Stop ? html`<${Stop} key=${`${stop} ${model.value}`} />` : html`<${Quiz} />`}
      ${Stop && html`<p class="keep"><b>${t('tour.keep')}</b> ${t(`tour.${key}.keep`)}</p>`}
      <p class="row steps"><button type="button" class="button" disabled=${stop === 1} onClick=${() => to(stop - 1)}>← ${t('tour.back')}</button><span class="grow muted">${t('tour.keys')}</span>
        ${stop < LAST && html`<button type="button" class="button primary" onClick=${() => to(stop + 1)}>${t('tour.next')}: ${name(stop + 1)} →</button>`}</p></article></div>`;
}
