/** The kept conversations: search, open, rename, export, delete; import. */
import {html, useState} from '../html.js';
import {t, tn} from '../i18n.js';
import {Icon, IconButton} from '../ui/icons.js';
import {confirm, Dialog, Menu} from '../ui/dialog.js';
import {download, pick} from '../ui/files.js';
import {report, say} from '../ui/toasts.js';
import {alter, current, dropTalk, exported, importTalks, newTalk, openTalk, talks} from './talks.js';
import {halt, sessionOf} from './answers.js';
import * as api from '../api.js';

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
