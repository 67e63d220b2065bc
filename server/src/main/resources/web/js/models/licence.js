/** <Licence name />: the licence of a model as a chip; a link when the licence has one. <Terms licence />: the whole of it. */
import {html} from '../html.js';
import {t} from '../i18n.js';
import {licence} from '../store.js';

const safe = (link) => /^https?:\/\//.test(link ?? '');
export const nameOf = (terms) => terms?.name || terms?.id || t('models.unknown_licence');

export function Licence({name}) {
  const terms = licence(name);
  if (!terms) return null;
  const label = t('models.licence_is', {name: nameOf(terms)});
  return safe(terms.link)
    ? html`<a class="chip" href=${terms.link} target="_blank" rel="noopener noreferrer" title=${label}><span class="visually-hidden">${t('models.licence')}: </span>${nameOf(terms)}</a>`
    : html`<span class="chip" title=${label}><span class="visually-hidden">${t('models.licence')}: </span>${nameOf(terms)}</span>`;
}

const list = (conditions) => Array.isArray(conditions) ? conditions : conditions ? [conditions] : [];

export const Terms = ({terms}) => html`<div class="terms"><strong>${t('models.licence')}: ${nameOf(terms)}</strong>
  ${list(terms?.conditions).map((line) => html`<p class="small-text">${typeof line === 'string' ? line : JSON.stringify(line)}</p>`)}
  ${safe(terms?.link) ? html`<p><a href=${terms.link} target="_blank" rel="noopener noreferrer">${t('models.read_licence')}</a></p>`
    : !terms?.id && html`<p class="small-text">${t('models.no_licence')}</p>`}</div>`;
