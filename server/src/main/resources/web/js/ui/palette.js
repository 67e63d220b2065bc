/** The command palette (Ctrl/⌘+K): a filtered list of what the page can do, and the kept conversations. */
import {html, signal, useState, useId} from '../html.js';
import {t, setLanguage, LANGUAGES} from '../i18n.js';
import {go, theme} from '../store.js';
import {Dialog} from './dialog.js';
import {helpOpen} from './help.js';
import {settingsOpen} from './settings.js';
import {modelsOpen} from '../models/dialog.js';
import {talks, newTalk, openTalk} from '../chat/talks.js';

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

export const Palette = () => paletteOpen.value && html`<${Open} />`;

function Open() {
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
