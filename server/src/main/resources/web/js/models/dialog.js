/** The model picker: a list; before a model is fetched or loaded its plan, with licence and memory; progress; unload. */
import {html, signal, useEffect, useRef, useState} from '../html.js';
import {bytes, num, secs, short, t} from '../i18n.js';
import * as api from '../api.js';
import {model, models, refreshModels, status} from '../store.js';
import {confirm, Dialog} from '../ui/dialog.js';
import {report, say, words} from '../ui/toasts.js';
import {Licence, Terms} from './licence.js';

export const modelsOpen = signal(false);
const close = () => {
  modelsOpen.value = false;
};

export const ModelDialog = () => modelsOpen.value && html`<${Open} />`;

function Open() {
  const [plan, setPlan] = useState(null);
  const [filter, setFilter] = useState('');
  const [busy, setBusy] = useState('');
  useEffect(() => {
    refreshModels().catch(report);
  }, []);
  const choose = (m) => {
    if (m.loaded) {
      model.value = m.name;
      return close();
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
  return html`<${Dialog} title=${t('models.title')} onClose=${close}>
    <input class="field" type="search" aria-label=${t('models.search')} placeholder=${t('models.search')} value=${filter} onInput=${(e) => setFilter(e.target.value)} />
    ${groups.map(([name, test]) => {
      const some = found.filter(test);
      return some.length > 0 && html`<h3 class="group">${t(`models.${name}`)}</h3><ul class="model-list">${some.map((m) => html`
        <li key=${m.name} class=${m.name === model.value ? 'on' : ''}>
          <div><div class="name">${m.name}</div><div class="about">
            ${m.parameters > 0 && html`<span>${t('models.parameters', {n: short(m.parameters)})}</span>`}
            ${m.bytes > 0 && html`<span>${bytes(m.bytes)}</span>`}<${Licence} name=${m.name} /></div></div>
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
      close();
    } catch (e) {
      setProgress(null);
      if (e.name !== 'AbortError') setFailed(words(e));
    }
  };
  const share = progress?.total > 0 ? progress.done / progress.total : 0;
  return html`<${Dialog} title=${plan.name} onClose=${() => { abort.current?.abort(); close(); }}>
    <dl class="facts">
      ${plan.source && html`<dt>${t('models.source')}</dt><dd>${plan.source}</dd>`}
      ${plan.facts?.parameters > 0 && html`<dt>${t('models.size')}</dt><dd>${t('models.parameters', {n: short(plan.facts.parameters)})}${plan.facts.file_type ? ` · ${plan.facts.file_type}` : ''}</dd>`}
      ${plan.bytes > 0 && html`<dt>${t(plan.already ? 'models.on_disk' : 'models.download')}</dt><dd>${bytes(plan.bytes)}</dd>`}
      ${memory && html`<dt>${t('models.memory')}</dt><dd>${t('models.memory_is', {total: bytes(memory.total), weights: bytes(memory.weights), cache: bytes(memory.cache)})}
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
        <button type="button" class="button primary" disabled=${needs && !agreed} onClick=${load}>${t(plan.already ? 'models.load' : 'models.get_load')}</button></div>`}
    <p class="muted small-text">${status.value?.version ? t('models.local') : ''}</p>
  <//>`;
}
