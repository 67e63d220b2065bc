import {html, signal, useEffect, useRef, useState, useId} from '../html.js';
import {LANGUAGES, bytes, has, num, secs, setLanguage, short, t} from '../i18n.js';
import * as api from '../api.js';
import {facts, go, keep, licence, model, models, overrides, parameters, refreshModels, setOverride, status, theme, view} from '../store.js';
import {IconButton, Dialog, confirm, report, say, words} from './kit.js';
import {alter, draftSystem, newTalk, openTalk, talk, talks} from '../chat/talks.js';


const rows = new Map([['app', () => [
  ['?', t('app.key_help')],
  ['Ctrl+K', t('app.key_palette')],
  ['Alt+1 … 4', t('app.key_views')],
  ['Esc', t('app.key_escape')],
]]]);
export const helpOpen = signal(false);
export const helpFor = (name, list) => rows.set(name, list);

const Rows = ({name}) => html`<h3>${t(`app.${name === 'app' ? 'everywhere' : name}`)}</h3>
  <dl class="keys">${rows.get(name)().map(([keys, what]) => html`
    <dt>${keys.split(' ').map((k) => html`<kbd>${k}</kbd>`)}</dt><dd>${what}</dd>`)}</dl>`;

export function Help() {
  if (!helpOpen.value) return null;
  const here = view.value.name;
  return html`<${Dialog} title=${t('app.keys')} onClose=${() => { helpOpen.value = false; }}>
    ${rows.has(here) && html`<${Rows} name=${here} />`}<${Rows} name="app" />
  <//>`;
}

/** The command palette (Ctrl/⌘+K): a filtered list of what the page can do, and the kept conversations. */

export const paletteOpen = signal(false);

const commands = () => [
  ...['chat', 'text', 'glass', 'tour'].map((name) => [t('app.go_to', {view: t(`app.${name}`)}), () => go(name)]),
  [t('chat.new'), () => { newTalk(); go('chat'); }],
  [t('app.choose_model'), () => { modelsOpen.value = true; }],
  [t('settings.title'), () => { settingsOpen.value = true; }],
  ...['auto', 'light', 'dark'].map((name) => [`${t('app.theme')}: ${t(`app.${name}`)}`, () => { theme.value = name; }]),
  ...Object.entries(LANGUAGES).map(([id, name]) => [`${t('app.language')}: ${name}`, () => setLanguage(id)]),
  [t('app.keys'), () => { helpOpen.value = true; }],
  ...talks.value.map((talk) => [talk.title || t('chat.untitled'), () => { openTalk(talk.id); go('chat'); }]),
];

export const Palette = () => paletteOpen.value && html`<${OpenPalette} />`;

function OpenPalette() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const close = () => {
    paletteOpen.value = false;
  };
  const found = commands().filter(([name]) => name.toLowerCase().includes(text.toLowerCase())).slice(0, 9);
  const chosen = Math.min(at, found.length - 1);
  const run = (n) => {
    close();
    setTimeout(found[n]?.[1]);
  };
  const keys = (e) => {
    if (e.key === 'ArrowDown') setAt((chosen + 1) % found.length);
    else if (e.key === 'ArrowUp') setAt((chosen + found.length - 1) % found.length);
    else if (e.key === 'Enter') run(chosen);
    else return;
    e.preventDefault();
  };
  return html`<${Dialog} title=${t('app.palette')} onClose=${close}>
    <input class="field" autofocus role="combobox" aria-expanded="true" aria-controls=${list} aria-label=${t('app.palette')} aria-autocomplete="list"
      aria-activedescendant=${found.length ? `${list}-${chosen}` : undefined} value=${text} onInput=${(e) => { setText(e.target.value); setAt(0); }} onKeyDown=${keys} />
    <ul class="choices" role="listbox" id=${list} aria-label=${t('app.palette')}>${found.map(([name], n) => html`
      <li role="option" id="${list}-${n}" aria-selected=${n === chosen} class="choice ${n === chosen ? 'on' : ''}" onClick=${() => run(n)}>${name}</li>`)}</ul>
  <//>`;
}


export const settingsOpen = signal(false);
export const limits = keep('glasshouse.limits', {max: 2048, thinking: true, stop: []});

const GROUPS = [
  ['basic', ['temperature', 'top_k', 'top_p', 'min_p', 'seed']],
  ['repeat', ['repeat_last_n', 'repeat_penalty', 'frequency_penalty', 'presence_penalty']],
  ['more', []],
];

/** How a value is written in its field, and read back. */
function codec(parameter) {
  const {built_in: sample, expected} = parameter;
  if (typeof sample === 'number') return {write: String, read: (s) => s.trim() === '' ? undefined : Number(s.replace(',', '.').replace('−', '-')), numeric: true};
  if (Array.isArray(sample) && /stage/.test(expected)) return {write: (v) => v.join(' '), read: (s) => s.split(/[\s;,]+/).filter(Boolean)};
  return {write: (v) => JSON.stringify(v), read: (s) => s.trim() === '' ? undefined : JSON.parse(s)};
}

export function SettingField({name}) {
  const id = useId();
  const [bad, setBad] = useState('');
  const parameter = parameters.value.parameters.find((p) => p.name === name);
  if (!parameter) return null;
  const {write, read, numeric} = codec(parameter);
  const set = name in overrides.value;
  const base = facts.value?.settings?.find((s) => s.name === name) ?? {value: parameter.built_in, origin: 'built_in'};
  const value = set ? overrides.value[name] : base.value;
  const origin = set ? 'user' : base.origin;
  const change = (e) => {
    try {
      const next = read(e.target.value);
      if (numeric && Number.isNaN(next)) throw new Error();
      setBad('');
      setOverride(name, next);
    } catch {
      setBad(t('settings.bad', {expected: parameter.expected}));
    }
  };
  return html`<div class="setting ${numeric ? '' : 'wide'}">
    <div class="setting-line"><label class="mono" for=${id}>${name}</label>
      ${!numeric && html`<${Origin} ...${{name, origin, set}} />`}
      <input id=${id} class="field ${numeric ? 'num' : ''}" inputmode=${numeric ? 'decimal' : 'text'} autocomplete="off" spellcheck=${false} value=${write(value)} onChange=${change}
        aria-invalid=${bad ? 'true' : undefined} aria-describedby="${id}-about" />
      ${numeric && html`<${Origin} ...${{name, origin, set}} />`}</div>
    <p id="${id}-about">${bad || (has(`settings.about.${name}`) ? t(`settings.about.${name}`) : parameter.description)}</p>
  </div>`;
}

const Origin = ({name, origin, set}) => html`<span class="row"><span class="origin ${origin}">${t(`settings.origin.${origin}`)}</span>
  ${set && html`<${IconButton} icon="undo" size=${16} label=${t('settings.reset', {name})} onClick=${() => setOverride(name, undefined)} />`}</span>`;

export function SettingsDialog() {
  const texts = useId();
  if (!settingsOpen.value) return null;
  const listed = GROUPS.flatMap(([, names]) => names);
  const rest = parameters.value.parameters.map((p) => p.name).filter((name) => !listed.includes(name));
  const set = (change) => {
    limits.value = {...limits.value, ...change};
  };
  return html`<${Dialog} title=${t('settings.title')} class="drawer" onClose=${() => { settingsOpen.value = false; }}>
    ${view.value.name === 'chat' && html`<${SystemPrompt} />
      <label class="check"><input type="checkbox" checked=${limits.value.thinking} onChange=${(e) => set({thinking: e.target.checked})} />${t('settings.thinking')}</label>`}
    <div class="setting wide"><div class="setting-line"><label for="${texts}m">${t('settings.max')}</label>
      <input id="${texts}m" class="field num" inputmode="numeric" value=${limits.value.max}
        onChange=${(e) => set({max: Math.max(1, Math.min(100000, parseInt(e.target.value, 10) || 2048))})} /></div></div>
    <div class="setting wide"><div class="setting-line"><label for="${texts}s">${t('settings.stop')}</label>
      <textarea id="${texts}s" class="field" rows="2" spellcheck=${false} value=${limits.value.stop.join('\n')}
        onChange=${(e) => set({stop: e.target.value.split('\n').filter(Boolean).slice(0, 4)})}></textarea></div><p>${t('settings.stop_about')}</p></div>
    ${GROUPS.map(([group, names]) => {
      const fields = (group === 'more' ? rest : names).map((name) => html`<${SettingField} key=${name} name=${name} />`);
      return group === 'basic' ? html`<h3 class="group">${t('settings.basic')}</h3>${fields}`
        : html`<details><summary class="group"><strong>${t(`settings.${group}`)}</strong></summary>${fields}</details>`;
    })}
    <p></p><button type="button" class="button" disabled=${!Object.keys(overrides.value).length} onClick=${() => { overrides.value = {}; }}>${t('settings.reset_all')}</button>
  <//>`;
}

/** The system prompt of the conversation shown, or of the next one. */

function SystemPrompt() {
  const id = useId();
  const one = talk.value;
  const set = (e) => {
    draftSystem.value = e.target.value;
    if (one) alter(one.id, () => ({system: e.target.value}));
  };
  return html`<label class="block" for=${id}>${t('chat.system')}</label>
    <textarea id=${id} class="field" rows="4" dir="auto" placeholder=${t('chat.system_hint')} value=${one ? one.system : draftSystem.value} onChange=${set}></textarea>`;
}

/** <Licence name />: the licence of a model as a chip; a link when the licence has one. <Terms licence />: the whole of it. */

const safe = (link) => /^https?:\/\//.test(link ?? '');
export const nameOf = (terms) => terms?.name || terms?.id || t('models.unknown_licence');

export function Licence({name}) {
  const terms = licence(name);
  if (!terms) return null;
  const label = t('models.licence_is', {name: nameOf(terms)});
  return safe(terms.link)
    ? html`<a class="chip" href=${terms.link} target="_blank" rel="noopener noreferrer" title=${label}><span class="visually-hidden">${t('models.licence')}: </span>${nameOf(terms)}</a>`
    : html`<span class="chip" title=${label}><span class="visually-hidden">${t('models.licence')}: </span>${nameOf(terms)}</span>`;
}

export const Terms = ({terms}) => html`<div class="terms"><strong>${t('models.licence')}: ${nameOf(terms)}</strong>
  ${terms?.conditions && html`<p class="small-text">${t('models.conditions')}</p>`}
  ${safe(terms?.link) ? html`<p><a href=${terms.link} target="_blank" rel="noopener noreferrer">${t('models.read_licence')}</a></p>`
    : !terms?.id && html`<p class="small-text">${t('models.no_licence')}</p>`}</div>`;

/** The model picker: a list; before a model is fetched or loaded its plan, with licence and memory; progress; unload. */

export const modelsOpen = signal(false);
const closeModels = () => {
  modelsOpen.value = false;
};

export const ModelDialog = () => modelsOpen.value && html`<${Picker} />`;

function Picker() {
  const [plan, setPlan] = useState(null);
  const [filter, setFilter] = useState('');
  const [busy, setBusy] = useState('');
  useEffect(() => {
    refreshModels().catch(report);
  }, []);
  const choose = (m) => {
    if (m.loaded) {
      model.value = m.name;
      return closeModels();
    }
    setBusy(m.name);
    return api.post('models/plan', {name: m.name}).then(setPlan, report).finally(() => setBusy(''));
  };
  const unload = async (m) => {
    if (!await confirm(t('models.unload_ask', {name: m.name}), t('models.unload'))) return;
    await api.post('models/unload', {name: m.name}).then(refreshModels).catch(report);
  };
  if (plan) return html`<${Plan} plan=${plan} onBack=${() => setPlan(null)} />`;
  const found = models.value.filter((m) => m.name.toLowerCase().includes(filter.toLowerCase()));
  const groups = [['loaded', (m) => m.loaded], ['installed', (m) => !m.loaded && m.installed], ['catalogue', (m) => !m.loaded && !m.installed]];
  return html`<${Dialog} title=${t('models.title')} onClose=${closeModels}>
    <input class="field" type="search" aria-label=${t('models.search')} placeholder=${t('models.search')} value=${filter} onInput=${(e) => setFilter(e.target.value)} />
    ${groups.map(([name, test]) => {
      const some = found.filter(test);
      return some.length > 0 && html`<h3 class="group">${t(`models.${name}`)}</h3><ul class="model-list">${some.map((m) => html`
        <li key=${m.name} class=${m.name === model.value ? 'on' : ''}>
          <div><div class="name">${m.name}</div><div class="about">
            ${m.parameters > 0 && html`<span>${t('models.parameters', {n: short(m.parameters)})}</span>`}
            ${m.bytes > 0 && html`<span>${bytes(m.bytes)}</span>`}<${Licence} name=${m.name} /></div>
            ${m.summary && html`<div class="muted small-text" lang="en">${m.summary}</div>`}</div>
          <div class="row">${m.loaded && m.name !== 'tiny' && html`<button type="button" class="button quiet" onClick=${() => unload(m)}>${t('models.unload')}<span class="visually-hidden"> ${m.name}</span></button>`}
          <button type="button" class="button ${m.name === model.value ? '' : 'primary'}" disabled=${busy === m.name || m.name === model.value} aria-busy=${busy === m.name}
            onClick=${() => choose(m)}>${t(m.name === model.value ? 'models.chosen' : m.loaded ? 'models.use' : m.installed ? 'models.load' : 'models.get')}<span class="visually-hidden"> ${m.name}</span></button></div>
        </li>`)}</ul>`;
    })}
    ${!found.length && html`<p class="muted">${t('models.none')}</p>`}
    <p></p>
    <form onSubmit=${(e) => { e.preventDefault(); const name = e.target.elements.ref.value.trim(); if (name) choose({name}); }}>
      <label class="block" for="model-ref">${t('models.other')}</label>
      <div class="row"><input id="model-ref" name="ref" class="field grow" autocomplete="off" spellcheck=${false} /><button class="button">${t('models.look_up')}</button></div>
      <p class="muted small-text">${t('models.other_about')}</p>
    </form>
  <//>`;
}

function Plan({plan, onBack}) {
  const needs = !plan.license_accepted;
  const [agreed, setAgreed] = useState(false);
  const [progress, setProgress] = useState(null);
  const [failed, setFailed] = useState('');
  const abort = useRef();
  const {memory} = plan;
  const here = plan.already > 0 && plan.already >= (plan.bytes ?? 0);
  const tight = memory?.available > 0 && memory.total > memory.available;
  const load = async () => {
    abort.current = new AbortController();
    setFailed('');
    setProgress({});
    try {
      let ready = '';
      await api.stream('models/load', {
        body: {name: plan.name, accept_license: needs || undefined},
        signal: abort.current.signal,
        onEvent(name, data) {
          if (name === 'ready') ready = data.name;
          else if (name === 'pull' || name === 'load') setProgress({...data, phase: name});
        },
      });
      if (!ready) throw new api.ApiError('', 'broken');
      await refreshModels();
      model.value = ready;
      say(t('models.ready', {name: ready}));
      closeModels();
    } catch (e) {
      setProgress(null);
      if (e.name !== 'AbortError') setFailed(words(e));
    }
  };
  const share = progress?.total > 0 ? progress.done / progress.total : 0;
  return html`<${Dialog} title=${plan.name} onClose=${() => { abort.current?.abort(); closeModels(); }}>
    <dl class="facts">
      ${plan.source && html`<dt>${t('models.source')}</dt><dd>${plan.source}</dd>`}
      ${plan.facts?.parameters > 0 && html`<dt>${t('models.size')}</dt><dd>${t('models.parameters', {n: short(plan.facts.parameters)})}${plan.facts.file_type ? ` · ${plan.facts.file_type}` : ''}</dd>`}
      ${plan.bytes > 0 && html`<dt>${t(here ? 'models.on_disk' : 'models.download')}</dt><dd>${bytes(plan.bytes)}</dd>`}
      ${memory && html`<dt>${t('models.memory')}</dt><dd>${t('models.memory_is', {total: bytes(memory.total), weights: bytes(memory.weights), cache: bytes(memory.cache ?? memory.total - memory.weights)})}
        ${memory.available > 0 && html`<br /><span class="muted">${t('models.available', {n: bytes(memory.available)})}</span>`}</dd>`}
      ${plan.facts?.context > 0 && html`<dt>${t('models.context')}</dt><dd>${t('models.tokens', {n: num(memory?.context ?? plan.facts.context)})}</dd>`}
    </dl>
    ${tight && html`<p class="broken">${t('models.tight')}</p>`}
    <${Terms} terms=${plan.license} />
    ${needs && html`<label class="check"><input type="checkbox" checked=${agreed} onChange=${(e) => setAgreed(e.target.checked)} />${t('models.accept')}</label>`}
    ${failed && html`<p class="broken" role="alert">${failed}</p>`}
    ${progress ? html`<div role="group" aria-label=${t('models.progress')}>
        <p>${progress.phase === 'pull' ? t('models.pulling', {file: progress.file ?? plan.name}) : t('models.loading')}</p>
        <span class="bar" role="progressbar" aria-label=${t('models.progress')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)}><span class="bar-fill" style=${{width: `${share * 100}%`}}></span></span>
        <p class="muted small-text num">${progress.phase === 'pull' && t('models.rate', {done: bytes(progress.done), total: progress.total > 0 ? bytes(progress.total) : '?', rate: bytes(progress.rate ?? 0)})}
          ${progress.seconds_left > 0 && ` · ${t('models.left', {time: secs(progress.seconds_left)})}`} </p>
        <div class="row end"><button type="button" class="button" onClick=${() => abort.current.abort()}>${t('app.cancel')}</button></div></div>`
      : html`<div class="row end"><button type="button" class="button" onClick=${onBack}>${t('app.back')}</button>
        <button type="button" class="button primary" disabled=${needs && !agreed} onClick=${load}>${t(here ? 'models.load' : 'models.get_load')}</button></div>`}
    <p class="muted small-text">${status.value?.version ? t('models.local') : ''}</p>
  <//>`;
}
