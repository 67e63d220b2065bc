/** The system prompt of the conversation shown, or of the next one. */
import {html, useId} from '../html.js';
import {t} from '../i18n.js';
import {alter, draftSystem, talk} from './talks.js';

export function SystemPrompt() {
  const id = useId();
  const one = talk.value;
  const set = (e) => {
    draftSystem.value = e.target.value;
    if (one) alter(one.id, () => ({system: e.target.value}));
  };
  return html`<label class="block" for=${id}>${t('chat.system')}</label>
    <textarea id=${id} class="field" rows="4" dir="auto" placeholder=${t('chat.system_hint')} value=${one ? one.system : draftSystem.value} onChange=${set}></textarea>`;
}
