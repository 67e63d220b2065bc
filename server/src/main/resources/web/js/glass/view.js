/** The Glass view: the session's tokens on the left, the inspector of the one looked at on the right, tools below. */
import {html, useState, useEffect} from '../html.js';
import {t, tn, num, pct} from '../i18n.js';
import {get} from '../api.js';
import {ask, generate, keep, model, openSession, overrides, path, session, stop, useSession} from '../store.js';
import {helpFor, settingsOpen} from '../ui/panels.js';
import {IconButton} from '../ui/kit.js';
import {Check, ChipFacts, Chips, Legend, Segments, Still, Tabs, attempt, lost, spoken, useAsk} from './parts.js';
import {Inspector} from './inspector.js';
import {AnyText, Branches, Compare, ModelCard, Traces} from './tools.js';

const rows = (key) => () => t(key).split(' · ').map((row) => row.split(': '));
helpFor('glass', rows('glass.keys'));

const mode = keep('glasshouse.chips', 'text');
const heat = keep('glasshouse.heat', true);
const many = keep('glasshouse.many', 24);
const tool = keep('glasshouse.tool', 'compare');

const set = (signal) => (value) => {
  signal.value = value;
};

/** Words to begin with, for those who have none. */
function Begin({onOpen}) {
  const [text, setText] = useState('');
  const open = (e) => {
    e.preventDefault();
    if (text) onOpen(text);
  };
  return html`<form class="begin card" onSubmit=${open}><h2>${t('glass.begin.title')}</h2><p class="hint">${t('glass.begin.hint')}</p>
    <label class="visually-hidden" for="begin">${t('glass.begin.label')}</label>
    <textarea id="begin" class="field" rows="3" dir="auto" placeholder=${t('glass.begin.label')} value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${(e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && open(e)}></textarea>
    <p class="row"><button class="button primary" disabled=${!text || !model.value}>${t('glass.begin.do')}</button>
      ${['1', '2', '3'].map((k) => html`<button type="button" class="button" key=${k} disabled=${!model.value} onClick=${() => onOpen(t(`glass.begin.idea.${k}`))}>${t(`glass.begin.idea.${k}`)}</button>`)}</p></form>`;
}

/** Probabilities of tokens nobody picked, by node; asked for once the session is quiet. */
function useScores(s, items, on) {
  const [known, setKnown] = useState({s: null, map: new Map()});
  const map = known.s === s ? known.map : new Map();
  const lacks = items.filter((node, i) => i > 0 && node.p === undefined && !map.has(node.node));
  const key = on && lacks.length && items.length <= s.context ? `${s.id} ${lacks[lacks.length - 1].node}` : null;
  useAsk(key, async (options) => {
    const answer = await get(`sessions/${s.id}/score?node=${lacks[lacks.length - 1].node}`, options);
    const more = new Map(map);
    for (const token of answer.tokens) more.set(token.node, token.logp === null ? 0 : Math.exp(token.logp));
    for (const node of lacks) if (!more.has(node.node)) more.set(node.node, undefined);
    setKnown({s, map: more});
  }, 300);
  return map;
}

function Shown({s}) {
  const items = path(s);
  const run = s.run.value;
  const running = run !== null;
  const selected = s.selected.value;
  const found = selected > 0 ? items.findIndex((node) => node.node === selected) : -1;
  const index = found < 0 ? s.offline ? items.length - 1 : items.length : found;
  const live = !s.offline && Boolean(model.value);
  const scores = useScores(s, items, live && !running && heat.value);
  const [auto, setAuto] = useState(false);
  const [news, setNews] = useState('');
  const looked = items[index];
  const select = (i) => {
    s.selected.value = items[i]?.node ?? 0;
  };
  const full = items.length >= s.context;
  const step = () => attempt(async () => {
    if (!live || running || !items.length || full) return setAuto(false);
    const answer = await ask(s, 'step', {from: s.head.value, settings: overrides.value});
    setNews(t('glass.took', {token: spoken(answer.step.token), p: pct(answer.step.p)}));
    if (answer.end) setAuto(false);
    return answer;
  });
  const proceed = (from, most = many.value) => attempt(async () => {
    const done = await generate(s, {from, max_tokens: most});
    setNews(t('glass.finished', {n: num(path(s).length), why: t(`glass.finish.${done.finish}`)}));
  });
  const take = (at, id) => attempt(async () => {
    const atEnd = at === s.head.value;
    const after = items.length - items.findIndex((node) => node.node === at) - 1;
    const answer = await ask(s, 'step', {from: at, settings: overrides.value, pick: id});
    s.selected.value = atEnd ? 0 : answer.node;
    setNews(t('glass.branched', {token: spoken(answer.step.token)}));
    if (!atEnd && !answer.end) await generate(s, {from: answer.node, max_tokens: Math.max(many.value, after - 1)});
  });
  const goTo = (node) => {
    s.head.value = node;
    s.selected.value = 0;
  };
  const takeAll = (from, ids) => attempt(async () => {
    await ask(s, 'append', {from, ids});
    s.selected.value = 0;
  });
  const branch = (i) => {
    if (i < items.length) select(i);
    tool.value = 'compare';
    setTimeout(() => document.getElementById('change-text')?.focus());
  };
  useEffect(() => {
    if (!auto) return undefined;
    const timer = setTimeout(() => step().then((answer) => answer || setAuto(false)), 900);
    return () => clearTimeout(timer);
  }, [auto, items.length]);
  const tools = [
    ['compare', () => html`<${Compare} s=${s} items=${items} index=${index} setIndex=${select} onTake=${takeAll} live=${live} />`],
    ['branches', () => html`<${Branches} s=${s} at=${index > 0 ? items[index - 1].node : 0} live=${live} onGo=${goTo} onTake=${takeAll} />`],
    ['score', () => html`<${AnyText} live=${Boolean(model.value)} mode=${mode.value} />`],
    ['model', () => html`<${ModelCard} trace=${s.offline ? s.trace : null} />`],
    ['trace', () => html`<${Traces} s=${s} items=${items} />`],
  ].map(([id, body]) => ({id, body, name: t(`glass.tool.${id}`)}));
  return html`<div class="glass">
    <div class="left">
      <section class="card tokens" aria-labelledby="tokens-title">
        <header class="row"><h2 id="tokens-title">${t('glass.tokens')}</h2><span class="muted">${tn('glass.count', items.length)}</span><span class="grow"></span>
          <${Segments} label=${t('glass.mode.label')} of=${['text', 'ids', 'bytes']} at=${mode.value} set=${set(mode)} text="glass.mode" />
          <${Check} on=${heat.value} set=${set(heat)} text=${t('glass.surprise')} />
          <${IconButton} icon="sliders" label=${t('glass.settings')} aria-haspopup="dialog" onClick=${() => {
            settingsOpen.value = true;
          }} />
          <button type="button" class="button" onClick=${() => useSession(null)}>${t('glass.begin.new')}</button></header>
        ${lost.value === s && html`<p class="notice-line row" role="alert">${t('errors.no_session')} <button type="button" class="button" disabled=${!model.value}
          onClick=${() => attempt(async () => useSession(await openSession({ids: items.map((node) => node.id)})))}>${t('glass.reopen')}</button></p>`}
        ${s.offline && html`<p class="notice-line">${t('glass.offline', {model: s.model})}</p>`}
        <div aria-busy=${running ? 'true' : 'false'}><${Chips} items=${items} at=${index} mode=${mode.value} heat=${heat.value} scores=${scores} next=${!s.offline} act=${{open: select, branch, step}} /></div>
        ${looked ? html`<${ChipFacts} node=${looked} scores=${scores} />` : html`<p class="chipfacts">${t('glass.keys')}</p>`}
        ${heat.value && html`<${Legend} />`}
        <div class="row actions">${running ? html`<button type="button" class="button primary" onClick=${() => stop(s)}>${t('glass.stop')}</button><span class="muted num">${tn('glass.count', run.tokens)}${run.rate ? ` · ${t('glass.time.perSecond', {n: num(run.rate, 1)})}` : ''}</span>`
          : html`<button type="button" class="button primary" disabled=${!live || full} onClick=${step}>${t('glass.step')}</button>
          <button type="button" class="button" disabled=${!live || full} aria-pressed=${auto} onClick=${() => setAuto(!auto)}>${t(auto ? 'glass.pause' : 'glass.auto')}</button>
          <button type="button" class="button" disabled=${!live || full} onClick=${() => proceed(s.head.value)}>${t('glass.goOn', {n: num(many.value)})}</button>
          <label class="row"><span class="visually-hidden">${t('glass.many')}</span><select class="field" value=${many.value} onChange=${(e) => {
            many.value = Number(e.target.value);
          }}>${[8, 24, 64, 256, 1024].map((n) => html`<option key=${n} value=${n}>${num(n)}</option>`)}</select></label>`}
          <span class="grow"></span><label class="gaugeline">${t('glass.context')} <meter min="0" max=${s.context} value=${items.length} high=${0.9 * s.context}></meter> <span class="num">${t('glass.time.of', {n: num(items.length), of: num(s.context)})}</span></label></div>
        ${!live && html`<p class="hint">${t('glass.needsModel')}</p>`}
        <p class="visually-hidden" role="status">${news}</p>
      </section>
      <section class="card tools" aria-label=${t('glass.tools')}><${Still} still=${running} about=${tool.value} body=${() => html`<${Tabs} id="tool" label=${t('glass.tools')} tabs=${tools} at=${tool.value} onChange=${set(tool)} />`} /></section>
    </div>
    <${Inspector} s=${s} items=${items} index=${index} take=${take} running=${running} scores=${scores} />
  </div>`;
}

/** Without a session: words to begin with, and the tools that need none. */
function Empty() {
  const open = (text) => attempt(async () => {
    const s = await openSession({text});
    useSession(s);
  });
  const [at, setAt] = useState('score');
  const tools = [
    ['score', () => html`<${AnyText} live=${Boolean(model.value)} mode="text" />`],
    ['model', () => html`<${ModelCard} />`],
    ['trace', () => html`<${Traces} s=${null} items=${[]} />`],
  ].map(([id, body]) => ({id, body, name: t(`glass.tool.${id}`)}));
  return html`<div class="glass alone"><div class="left"><${Begin} onOpen=${open} />
    <section class="card tools" aria-label=${t('glass.tools')}><${Tabs} id="tool" label=${t('glass.tools')} tabs=${tools} at=${at} onChange=${setAt} /></section></div></div>`;
}

export default function Glass() {
  const s = session.value;
  return html`<h1 class="visually-hidden">${t('glass.title')}</h1>${s && path(s).length ? html`<${Shown} key=${s.id} s=${s} />` : html`<${Empty} />`}`;
}
