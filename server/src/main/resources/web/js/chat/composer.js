/** Where a message is written, and the meters below it. */
import {html, useEffect, useRef, useState} from '../html.js';
import {bytes, num, secs, t} from '../i18n.js';
import {IconButton} from '../ui/icons.js';
import {settingsOpen} from '../ui/settings.js';

export function Composer({busy, off, onSend, onStop, session, live, draft}) {
  const [text, setText] = useState('');
  const ref = useRef();
  useEffect(() => {
    if (draft) {
      setText(draft.text);
      ref.current.focus();
    }
  }, [draft]);
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) ref.current.focus();
  }, []);
  const send = () => {
    if (busy || off || !text.trim()) return;
    onSend(text);
    setText('');
  };
  const keys = (e) => {
    if (e.isComposing) return;
    if (e.key === 'Enter' && !e.shiftKey) {
      e.preventDefault();
      send();
    } else if (e.key === 'Escape' && busy) onStop();
  };
  return html`<div class="composer"><div class="composer-in">
    <div class="composer-box">
      <textarea ref=${ref} rows="1" dir="auto" aria-label=${t('chat.message')} placeholder=${t('chat.placeholder')} value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${keys}></textarea>
      <${IconButton} icon="sliders" label=${t('settings.title')} aria-haspopup="dialog" onClick=${() => { settingsOpen.value = true; }} />
      ${busy ? html`<${IconButton} icon="stop" class="send" label=${t('chat.stop')} onClick=${onStop} />`
        : html`<${IconButton} icon="send" class="send" label=${t('chat.send')} disabled=${off || !text.trim()} onClick=${send} />`}
    </div>
    <${Meters} session=${session} live=${live} />
  </div></div>`;
}

/** A ring with the share of the context in use. */
export function Gauge({used, context}) {
  const share = context ? Math.min(1, used / context) : 0;
  const round = 2 * Math.PI * 7;
  return html`<span class="gauge num"><svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="7" />
    <circle class="used ${share > 0.9 ? 'full' : ''}" cx="9" cy="9" r="7" stroke-dasharray="${share * round} ${round}" transform="rotate(-90 9 9)" /></svg>
    ${t('chat.context', {used: num(used), all: num(context)})}</span>`;
}

export function Meters({session: kept, live}) {
  const cache = live?.cache.value;
  const session = live?.session ?? kept;
  session?.version?.value;
  const run = session?.run.value;
  const last = session?.last?.value?.timings;
  const step = session?.nodes?.get(session.head.value)?.step;
  const used = cache?.used ?? step?.cache_used ?? 0;
  const rate = run?.rate || (last?.generation_ns > 0 ? last.generated_tokens / (last.generation_ns / 1e9) : 0);
  return html`<div class="meters num">
    ${session && used > 0 ? html`<${Gauge} used=${used} context=${session.context} />
      ${rate > 0 && html`<span>${t('chat.rate', {n: num(rate, 1)})} · ${t('chat.per_token', {time: secs(1 / rate)})}</span>`}
      ${(run?.reused ?? last?.reused_tokens) > 0 && html`<span>${t('chat.reused', {n: num(run?.reused ?? last.reused_tokens)})}</span>`}
      ${(cache?.bytes ?? step?.cache_bytes) > 0 && html`<span>${t('chat.cache', {n: bytes(cache?.bytes ?? step.cache_bytes)})}</span>`}`
      : html`<span>${t('chat.keys')}</span>`}</div>`;
}
