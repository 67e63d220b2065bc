/** What surrounds every view: skip link, navigation, model, theme and language, notices, dialogs, keys that hold everywhere. */
import {html, useEffect, useState} from '../html.js';
import {LANGUAGES, language, setLanguage, t} from '../i18n.js';
import {go, model, models, theme, view, licence} from '../store.js';
import {keyNeeded, online, restarts} from '../api.js';
import {Dialog, Icon, IconButton, Question, Toasts, report} from './kit.js';
import {Help, ModelDialog, Palette, SettingsDialog, helpOpen, modelsOpen, paletteOpen} from './panels.js';

const VIEWS = ['chat', 'text', 'glass', 'tour'];
const prefsOpen = {open: null};

function keys(e) {
  const typing = /^(input|textarea|select)$/i.test(e.target.tagName) && e.target.type !== 'checkbox';
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') paletteOpen.value = true;
  else if (e.altKey && /^Digit[1-4]$/.test(e.code)) go(VIEWS[e.code[5] - 1]);
  else if (e.key === '?' && !typing && !e.ctrlKey && !e.metaKey) helpOpen.value = true;
  else return;
  e.preventDefault();
}

const Choice = ({label, value, options, onChoose}) => html`<div role="group" aria-label=${label}>
  <h3 class="group">${label}</h3>
  <div class="segments">${options.map(([id, name, icon]) => html`<button type="button" aria-pressed=${value === id} onClick=${() => onChoose(id)}>
    ${icon && html`<${Icon} name=${icon} size=${18} />`}${name}</button>`)}</div></div>`;

const Prefs = ({onClose}) => html`<${Dialog} title=${t('app.look')} class="small" onClose=${onClose}>
  <${Choice} label=${t('app.theme')} value=${theme.value} onChoose=${(id) => { theme.value = id; }}
    options=${[['auto', t('app.auto'), 'auto'], ['light', t('app.light'), 'sun'], ['dark', t('app.dark'), 'moon']]} />
  <${Choice} label=${t('app.language')} value=${language.value} onChoose=${(id) => setLanguage(id).catch(report)}
    options=${[['auto', t('app.auto')], ...Object.entries(LANGUAGES)]} />
<//>`;

function Key() {
  const answer = keyNeeded.value;
  const [key, setKey] = useState('');
  if (!answer) return null;
  return html`<${Dialog} title=${t('app.key_title')} class="small" onClose=${() => answer('')}>
    <form onSubmit=${(e) => { e.preventDefault(); answer(key.trim()); }}>
      <p class="muted">${t('app.key_about')}</p>
      <label class="block" for="api-key">${t('app.key_label')}</label>
      <input id="api-key" class="field" type="password" autocomplete="off" autofocus value=${key} onInput=${(e) => setKey(e.target.value)} />
      <p></p><div class="row end"><button class="button primary">${t('app.go_on')}</button></div>
    </form><//>`;
}

function Notice() {
  const [seen, setSeen] = useState(0);
  if (!online.value) return html`<div class="notice" role="alert"><${Icon} name="warn" /><span>${t('app.offline')}</span></div>`;
  if (restarts.value > seen) {
    return html`<div class="notice" role="alert"><${Icon} name="warn" /><span class="grow">${t('app.restarted')}</span>
      <button type="button" class="button" onClick=${() => setSeen(restarts.value)}>${t('app.close')}</button></div>`;
  }
  return html`<div></div>`;
}

export function Frame({children}) {
  const [prefs, setPrefs] = useState(false);
  prefsOpen.open = () => setPrefs(true);
  useEffect(() => {
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
  const here = view.value.name;
  return html`<div class="frame">
    <header class="top">
      <a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.getElementById('main').focus(); }}>${t('app.skip')}</a>
      <a class="brand" href="#/chat" aria-label=${t('app.name')}><${Icon} name="house" size=${24} /><span>${t('app.name')}</span></a>
      <${Tabs} here=${here} wide=${true} />
      <span class="grow"></span>
      <button type="button" class="model-button" aria-haspopup="dialog" onClick=${() => { modelsOpen.value = true; }}>
        <${Icon} name="chip" size=${18} /><span><span class="visually-hidden">${t('app.model')}: </span>${model.value || (models.value.length ? t('app.choose_model') : '…')}</span>
        ${licence(model.value) && html`<span class="chip wide-only">${licence(model.value).name ?? licence(model.value).id}</span>`}<${Icon} name="down" size=${16} /></button>
      <${IconButton} icon="auto" label=${t('app.look')} aria-haspopup="dialog" onClick=${() => setPrefs(true)} />
      <${IconButton} icon="help" label=${t('app.keys')} aria-haspopup="dialog" onClick=${() => { helpOpen.value = true; }} />
    </header>
    <${Notice} />
    <main id="main" tabindex="-1">${children}</main>
    <${Tabs} here=${here} />
    ${prefs && html`<${Prefs} onClose=${() => setPrefs(false)} />`}
    <${ModelDialog} /><${SettingsDialog} /><${Help} /><${Palette} prefs=${prefsOpen} /><${Key} /><${Question} /><${Toasts} />
  </div>`;
}

const Tabs = ({here, wide}) => html`<nav class="tabs ${wide ? 'wide-only' : 'phone-only'}" aria-label=${t('app.views')}>
  ${VIEWS.map((name) => html`<a href="#/${name}" aria-current=${here === name ? 'page' : undefined}>${t(`app.${name}`)}</a>`)}</nav>`;
