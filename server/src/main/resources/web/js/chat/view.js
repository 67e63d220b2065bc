import {Component} from 'preact';
import {html, h, useEffect, useLayoutEffect, useRef, useState, useSignalEffect} from '../html.js';
import {bytes, num, secs, t, tn} from '../i18n.js';
import * as api from '../api.js';
import {facts, go, model, models, path, status, useSession} from '../store.js';
import {IconButton, Icon, Dialog, Menu, confirm, copy, download, pick, report, say} from '../ui/kit.js';
import {Licence, helpFor, modelsOpen, settingsOpen} from '../ui/panels.js';
import {Markdown} from './markdown.js';
import {addMessage, alter, answer, createTalk, current, dropMessage, dropTalk, exported, finished, halt, importTalks, lives, loadTalks, lookInside, newTalk, openTalk, ready, resume, sessionOf, siblings, talk, talks, thread} from './talks.js';

helpFor('chat', () => [
  ['Enter', t('chat.key_send')],
  ['Shift+Enter', t('chat.key_line')],
  ['Esc', t('chat.key_stop')],
  ['Ctrl+Enter', t('chat.key_edit')],
]);

let begun;
const begin = () => {
  begun ??= loadTalks().then(() => {
    const resuming = resume(); // it knows at once which chats have an answer under way
    ready.value = true;
    return resuming;
  }).catch(report);
};

export default function Chat() {
  const [aside, setAside] = useState(false);
  const [draft, setDraft] = useState(null);
  const log = useRef();
  const stuck = useRef(true);
  useEffect(begin, []);
  const one = talk.value;
  const live = one ? lives.value[one.id] : undefined;
  const session = one ? sessionOf(one.id) : undefined;

  useEffect(() => {
    stuck.current = true;
    if (session) useSession(session);
  }, [one?.id]);
  const down = () => {
    if (stuck.current && log.current) log.current.scrollTop = log.current.scrollHeight;
  };
  useLayoutEffect(down);
  useSignalEffect(() => {
    const now = lives.value[current.value];
    now?.text.value;
    now?.reasoning.value;
    requestAnimationFrame(down);
  });

  const send = (text) => {
    const target = talk.value ?? createTalk(text);
    const shown = thread(target);
    stuck.current = true;
    const made = addMessage(target.id, {parent: shown[shown.length - 1]?.id ?? '', role: 'user', text});
    answer(target.id, made.id);
  };

  return html`<div class="chat">
    <${TalkList} open=${aside} onClose=${() => setAside(false)} />
    <section class="talk-main" aria-label=${t('app.chat')}>
      <div class="talk-head"><span class="phone-only"><${IconButton} icon="menu" label=${t('chat.talks')} aria-expanded=${aside} onClick=${() => setAside(!aside)} /></span>
        <h1 dir="auto">${one ? one.title || t('chat.untitled') : t('chat.new')}</h1></div>
      <div class="log" ref=${log} tabindex="0" role="region" aria-label=${t('chat.log')} aria-busy=${live ? 'true' : 'false'}
        onScroll=${(e) => { stuck.current = e.target.scrollHeight - e.target.scrollTop - e.target.clientHeight < 60; }}>
        ${one ? html`<div class="log-in"><${Thread} one=${one} live=${live} /></div>`
          : html`<${Empty} onIdea=${(text) => setDraft({text})} />`}
      </div>
      <${Composer} busy=${Boolean(live)} off=${!model.value || !ready.value} onSend=${send} onStop=${() => halt(one.id)} session=${session} live=${live} draft=${draft} />
    </section>
    <div class="visually-hidden" role="status">${finished.value && t('chat.finished', {text: finished.value})}</div>
  </div>`;
}

const Thread = ({one, live}) => thread(one).map((message) => {
  const all = siblings(one, message.parent);
  const at = all.findIndex((m) => m.id === message.id);
  return html`<${Message} key=${message.id} talkId=${one.id} message=${message} place=${at + 1} count=${all.length}
    before=${all[at - 1]?.id} after=${all[at + 1]?.id} live=${live?.id === message.id ? live : undefined} busy=${Boolean(live)} />`;
});

const Empty = ({onIdea, idea = model.value === 'tiny' ? 'tiny' : 'idea'}) => html`<div class="empty">
  <h2>${t('chat.welcome')}</h2>
  <p class="muted">${t('chat.welcome_about')}</p>
  ${ready.value && html`<div class="ideas">${[1, 2, 3].map((n) => html`<button type="button" onClick=${() => onIdea(t(`chat.${idea}${n}_text`))}>
    <strong>${t(idea === 'tiny' ? 'chat.tiny' : `chat.idea${n}`)}</strong>${t(`chat.${idea}${n}_text`)}</button>`)}</div>`}
  ${ready.value && models.value.length > 0 && !model.value && html`<p></p><button type="button" class="button primary" onClick=${() => { modelsOpen.value = true; }}>${t('app.choose_model')}</button>`}
  ${facts.value?.facts && !facts.value.facts.chat_template && html`<p></p><p class="hint-box">${t('chat.no_template', {model: model.value})}</p>`}
  <p></p><p class="muted small-text">${t('chat.tour_hint')} <a href="#/tour/1">${t('app.tour')}</a></p>
</div>`;


const holds = (one, wanted) => one.title.toLowerCase().includes(wanted) || Object.values(one.items).some((m) => m.text.toLowerCase().includes(wanted));

async function takeIn() {
  const file = await pick();
  if (!file) return;
  try {
    if (file.size > 5e7) throw new Error(t('chat.import_large'));
    say(tn('chat.imported', importTalks(await file.text())));
  } catch (e) {
    say(e.message, true);
  }
}

export function TalkList({open, onClose}) {
  const [wanted, setWanted] = useState('');
  const [naming, setNaming] = useState(null);
  const found = talks.value.filter((one) => !wanted || holds(one, wanted.toLowerCase()));
  const drop = async (one) => {
    if (!await confirm(t('chat.delete_talk_ask', {title: one.title || t('chat.untitled')}), t('chat.delete'))) return;
    halt(one.id);
    const s = sessionOf(one.id);
    if (s) api.del(`sessions/${s.id}`).catch(() => {});
    dropTalk(one.id);
  };
  return html`<aside class="aside ${open ? 'open' : ''}" aria-label=${t('chat.talks')}>
    <div class="row"><button type="button" class="button primary grow" onClick=${() => { newTalk(); onClose(); }}><${Icon} name="plus" size=${18} />${t('chat.new')}</button>
      <${Menu} label=${t('chat.talks_more')} items=${[
        {icon: 'load', label: t('chat.import'), run: () => takeIn().catch(report)},
        {icon: 'save', label: t('chat.export_all'), off: !talks.value.length, run: () => download('glasshouse-chats.json', exported(talks.value))},
      ]} />
      <span class="phone-only"><${IconButton} icon="close" label=${t('app.close')} onClick=${onClose} /></span></div>
    <input class="field" type="search" aria-label=${t('chat.search')} placeholder=${t('chat.search')} value=${wanted} onInput=${(e) => setWanted(e.target.value)} />
    <ul class="talks">${found.map((one) => html`<li key=${one.id} class=${one.id === current.value ? 'on' : ''}>
      <button type="button" class="talk" dir="auto" aria-current=${one.id === current.value ? 'true' : undefined} onClick=${() => { openTalk(one.id); onClose(); }}>${one.title || t('chat.untitled')}</button>
      <${Menu} label=${t('chat.talk_more', {title: one.title})} items=${[
        {icon: 'edit', label: t('chat.rename'), run: () => setNaming(one)},
        {icon: 'save', label: t('chat.export'), run: () => download('glasshouse-chat.json', exported([one]))},
        {icon: 'trash', label: t('chat.delete'), run: () => drop(one)},
      ]} /></li>`)}</ul>
    ${!found.length && html`<p class="muted small-text">${t(wanted ? 'chat.none_found' : 'chat.none_yet')}</p>`}
    ${naming && html`<${Dialog} title=${t('chat.rename')} class="small" onClose=${() => setNaming(null)}>
      <form onSubmit=${(e) => { e.preventDefault(); alter(naming.id, () => ({title: e.target.elements.title.value.slice(0, 80)})); setNaming(null); }}>
        <input class="field" name="title" dir="auto" aria-label=${t('chat.title')} autofocus value=${naming.title} /><p></p>
        <div class="row end"><button class="button primary">${t('app.save')}</button></div></form><//>`}
  </aside>`;
}

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
    ${/^(max_tokens|time_limit)$/.test(stats?.finish) && html`<span>${t('chat.cut')}</span>`}
    ${stats?.finish === 'context_full' && html`<span>${t('chat.full')}</span>`}
    ${stats?.finish === 'cancelled' && html`<span>${t('chat.stopped')}</span>`}
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

export function Composer({busy, off, onSend, onStop, session, live, draft}) {
  const [text, setText] = useState('');
  const [early, setEarly] = useState('');
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
    if (busy || !text.trim()) return;
    if (off) {
      if (ready.value && status.value) modelsOpen.value = true;
      else setEarly(text);
      return;
    }
    onSend(text);
    setText('');
  };
  // Sent before the page knew its chats and models: it goes out as soon as it does, unless it was changed meanwhile.
  useEffect(() => {
    if (!early || off || busy) return;
    setEarly('');
    if (text === early) send();
  }, [early, off, busy]);
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
    <${Meters} session=${session} live=${live} hint=${t('chat.keys')} />
  </div></div>`;
}

export function Gauge({used, context}) {
  const share = context ? Math.min(1, used / context) : 0;
  const round = 2 * Math.PI * 7;
  return html`<span class="gauge num"><svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="7" />
    <circle class="used ${share > 0.9 ? 'full' : ''}" cx="9" cy="9" r="7" stroke-dasharray="${share * round} ${round}" transform="rotate(-90 9 9)" /></svg>
    ${t('chat.context', {used: num(used), all: num(context)})}</span>`;
}

export function Meters({session: kept, live, hint}) {
  const cache = live?.cache.value;
  const session = live?.session ?? kept;
  session?.version?.value;
  const run = session?.run.value;
  const last = session?.last?.value?.timings;
  const step = session?.nodes?.get(session.head.value)?.step;
  const used = cache?.used ?? step?.cache_used ?? (session?.nodes ? path(session).length : 0);
  const rate = run?.rate || (last?.generation_ns > 0 ? last.generated_tokens / (last.generation_ns / 1e9) : 0);
  return html`<div class="meters num">
    ${session && used > 0 ? html`<${Gauge} used=${used} context=${session.context} />
      ${rate > 0 && html`<span>${t('chat.rate', {n: num(rate, 1)})} · ${t('chat.per_token', {time: secs(1 / rate)})}</span>`}
      ${(run?.reused ?? last?.reused_tokens) > 0 && html`<span>${t('chat.reused', {n: num(run?.reused ?? last.reused_tokens)})}</span>`}
      ${(cache?.bytes ?? step?.cache_bytes) > 0 && html`<span>${t('chat.cache', {n: bytes(cache?.bytes ?? step.cache_bytes)})}</span>`}`
      : html`<span>${hint}</span>`}</div>`;
}
