/** The Chat view. */
import {html, useEffect, useLayoutEffect, useRef, useState, useSignalEffect} from '../html.js';
import {t} from '../i18n.js';
import {model, useSession} from '../store.js';
import {helpFor} from '../ui/help.js';
import {IconButton} from '../ui/icons.js';
import {report} from '../ui/toasts.js';
import {TalkList} from './list.js';
import {Message} from './message.js';
import {Composer} from './composer.js';
import {addMessage, createTalk, current, loadTalks, ready, siblings, talk, thread} from './talks.js';
import {answer, finished, halt, lives, resume, sessionOf} from './answers.js';

helpFor('chat', () => [
  ['Enter', t('chat.key_send')],
  ['Shift+Enter', t('chat.key_line')],
  ['Esc', t('chat.key_stop')],
  ['Ctrl+Enter', t('chat.key_edit')],
]);

let begun;
const begin = () => {
  begun ??= loadTalks().then(resume).catch(report);
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
      <${Composer} busy=${Boolean(live)} off=${!model.value} onSend=${send} onStop=${() => halt(one.id)} session=${session} live=${live} draft=${draft} />
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

const Empty = ({onIdea}) => html`<div class="empty">
  <h2>${t('chat.welcome')}</h2>
  <p class="muted">${t('chat.welcome_about')}</p>
  ${ready.value && html`<div class="ideas">${[1, 2, 3].map((n) => html`<button type="button" onClick=${() => onIdea(t(`chat.idea${n}_text`))}>
    <strong>${t(`chat.idea${n}`)}</strong>${t(`chat.idea${n}_text`)}</button>`)}</div>`}
  <p></p><p class="muted small-text">${t('chat.tour_hint')} <a href="#/tour/1">${t('app.tour')}</a></p>
</div>`;
