/** One message: its words, what was measured, and what can be done with it. */
import {html, h, useState, useEffect, useRef} from '../html.js';
import {Component} from 'preact';
import {num, t, tn} from '../i18n.js';
import {go} from '../store.js';
import {Licence} from '../models/licence.js';
import {IconButton} from '../ui/icons.js';
import {confirm, Menu} from '../ui/dialog.js';
import {copy} from '../ui/files.js';
import {report, say} from '../ui/toasts.js';
import {Markdown} from './markdown.js';
import {addMessage, alter, dropMessage} from './talks.js';
import {answer, lookInside} from './answers.js';

/** Draws anew only when a property is another object. */
export class Message extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((key) => next[key] !== this.props[key]);
  }
  render(props) {
    return h(Inner, props);
  }
}

function Inner({talkId, message, place, count, before, after, live, busy}) {
  const [editing, setEditing] = useState(false);
  const mine = message.role === 'user';
  if (editing) return html`<${Editor} ...${{talkId, message, mine}} onClose=${() => setEditing(false)} />`;
  return html`<article class="message ${message.role} ${live ? 'live' : ''}" aria-label=${t(mine ? 'chat.you' : 'chat.model_says', {model: message.model ?? ''})} aria-busy=${live ? 'true' : undefined}>
    ${mine ? html`<div class="words" dir="auto">${message.text}</div>`
      : live ? html`<${Live} live=${live} />`
        : html`<${Reasoning} text=${message.reasoning} /><${Markdown} text=${message.text} />`}
    ${message.state === 'broken' && !live && html`<div class="broken"><span>${message.code === 'no_session' ? t('chat.restarted') : message.error}</span>
      <button type="button" class="button" disabled=${busy} onClick=${() => answer(talkId, message.parent, message)}>${t(message.text ? 'chat.go_on' : 'chat.try_again')}</button></div>`}
    <${Foot} ...${{talkId, message, place, count, before, after, live, busy, mine}} onEdit=${() => setEditing(true)} />
  </article>`;
}

function Live({live}) {
  const text = live.text.value;
  return html`<${Reasoning} text=${live.reasoning.value} open=${!text} />
    ${text ? html`<${Markdown} text=${text} /><span class="caret" aria-hidden="true"></span>`
      : !live.reasoning.value && html`<span class="muted caret">${t('chat.reading')}</span>`}`;
}

const Reasoning = ({text, open}) => text && html`<details class="reasoning" open=${open}><summary>${t('chat.reasoning')}</summary><${Markdown} text=${text} /></details>`;

function Foot({talkId, message, place, count, before, after, live, busy, mine, onEdit}) {
  const branch = (id) => alter(talkId, (one) => ({chosen: {...one.chosen, [message.parent]: id}}));
  const inside = () => lookInside(talkId, message).then(() => go('glass'), report);
  const drop = async () => {
    if (await confirm(t('chat.delete_ask'), t('chat.delete'))) dropMessage(talkId, message.id);
  };
  return html`<div class="message-foot">
    ${count > 1 && html`<span class="branch" role="group" aria-label=${t('chat.branches')}>
      <${IconButton} icon="left" size=${16} label=${t('chat.before')} disabled=${!before || busy} onClick=${() => branch(before)} />
      <span class="num">${place}/${count}</span>
      <${IconButton} icon="right" size=${16} label=${t('chat.after')} disabled=${!after || busy} onClick=${() => branch(after)} /></span>`}
    ${live ? html`<${LiveStats} live=${live} />` : html`
      ${!mine && html`<${IconButton} icon="look" size=${18} label=${t('chat.look_inside')} class="look" disabled=${busy || !message.text} onClick=${inside} />`}
      <${IconButton} icon="copy" size=${17} label=${t('chat.copy')} onClick=${() => copy(message.text).then((ok) => ok && say(t('chat.copied')))} />
      ${mine ? html`<${IconButton} icon="edit" size=${17} label=${t('chat.edit')} disabled=${busy} onClick=${onEdit} />`
        : html`<${IconButton} icon="again" size=${17} label=${t('chat.again')} disabled=${busy} onClick=${() => answer(talkId, message.parent)} />`}
      <${Menu} label=${t('chat.more')} items=${[
        !mine && {icon: 'go', label: t('chat.continue'), off: busy || !message.text, run: () => answer(talkId, message.parent, message)},
        !mine && {icon: 'edit', label: t('chat.edit'), off: busy, run: onEdit},
        mine && {icon: 'again', label: t('chat.answer_again'), off: busy, run: () => answer(talkId, message.id)},
        {icon: 'trash', label: t('chat.delete'), off: busy, run: drop},
      ]} />
      ${!mine && html`<${Stats} message=${message} />`}`}
  </div>`;
}

function Stats({message: {stats, model}}) {
  return html`<span class="stats num">
    ${stats?.tokens > 0 && html`<span>${tn('chat.tokens', stats.tokens)}</span>`}
    ${stats?.rate > 0 && html`<span>${t('chat.rate', {n: num(stats.rate, 1)})}</span>`}
    ${stats?.seed !== undefined && html`<span>${t('chat.seed', {n: stats.seed})}</span>`}
    ${stats?.finish === 'max_tokens' && html`<span>${t('chat.cut')}</span>`}
    ${stats?.finish === 'context_full' && html`<span>${t('chat.full')}</span>`}
    ${model && html`<${Licence} name=${model} />`}</span>`;
}

function LiveStats({live}) {
  live.cache.value;
  const run = live.session?.run.value;
  if (!run) return html`<span class="muted">${t('chat.waiting')}</span>`;
  if (!run.tokens) return html`<span class="num">${run.promptTotal ? t('chat.prompt', {done: num(run.promptDone), total: num(run.promptTotal)}) : t('chat.waiting')}</span>`;
  return html`<span class="stats num"><span>${tn('chat.tokens', run.tokens)}</span>${run.rate > 0 && html`<span>${t('chat.rate', {n: num(run.rate, 1)})}</span>`}</span>`;
}

function Editor({talkId, message, mine, onClose}) {
  const [text, setText] = useState(message.text);
  const ref = useRef();
  useEffect(() => {
    ref.current.focus();
    ref.current.setSelectionRange(text.length, text.length);
  }, []);
  const done = () => {
    onClose();
    if (text === message.text || !text.trim()) return;
    const made = addMessage(talkId, {parent: message.parent, role: message.role, text, ...(mine ? {} : {model: message.model})});
    if (mine) answer(talkId, made.id);
  };
  const keys = (e) => {
    if (e.key === 'Escape') onClose();
    else if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) done();
    else return;
    e.stopPropagation();
  };
  return html`<div class="message editing">
    <textarea ref=${ref} class="field" rows=${Math.min(14, text.split('\n').length + 2)} dir="auto" aria-label=${t('chat.edit')} value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${keys}></textarea>
    <p class="muted small-text">${t('chat.edit_about')}</p>
    <div class="row end"><button type="button" class="button" onClick=${onClose}>${t('app.cancel')}</button>
    <button type="button" class="button primary" disabled=${!text.trim()} onClick=${done}>${t(mine ? 'chat.edit_send' : 'chat.edit_keep')}</button></div></div>`;
}
