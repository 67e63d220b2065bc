/**
 * The list of keys (`?`). helpFor(view, () => [['keys', 'what they do'], …]) adds a view's rows; keys are written "Ctrl+K" or "← →".
 * Rows under 'app' hold everywhere.
 */
import {html, signal} from '../html.js';
import {t} from '../i18n.js';
import {view} from '../store.js';
import {Dialog} from './dialog.js';

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
