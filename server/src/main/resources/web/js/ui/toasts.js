/** Short messages at the foot of the page. report(error) says what went wrong in the reader's language; say(text) tells a plain fact. */
import {html, signal} from '../html.js';
import {has, t} from '../i18n.js';
import {IconButton} from './icons.js';

const toasts = signal([]);
let next = 1;

/** The server's message says what and where; the page puts the kind of error before it. */
export function words(error) {
  const kind = `errors.${error.code}`;
  const said = error.code || !error.message ? error.message : t('errors.page', {message: error.message});
  return [has(kind) ? t(kind) : said ? '' : t('errors.internal'), said].filter(Boolean).join(' ');
}

export function say(text, bad = false) {
  const id = next++;
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text).slice(-3), {id, text, bad}];
  setTimeout(() => close(id), bad ? 15000 : 5000);
}

export function report(error) {
  if (error?.name === 'AbortError') return;
  if (!error?.code) console.error(error);
  say(words(error), true);
}

const close = (id) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

export const Toasts = () => html`<div class="toasts" role="status" aria-live="polite">
  ${toasts.value.map(({id, text, bad}) => html`<div key=${id} class="toast ${bad ? 'bad' : ''}"><span dir="auto">${text}</span>
    <${IconButton} icon="close" label=${t('app.close')} onClick=${() => close(id)} /></div>`)}
</div>`;
