/**
 * Conversations. A talk is a tree of messages, of which one path is shown:
 *   {id, title, created, updated, system, items: {id: message}, chosen: {parent: child}}      parent '' is the root
 *   message {id, parent, role: 'user' | 'assistant', text, reasoning?, model?, stats?, state?: 'broken', error?, session?, first?, node?}
 * talks: signal of all, newest first. current: signal of the id shown ('' = a new one). Every change makes new objects and is kept at once.
 */
import {signal, computed} from '@preact/signals';
import {t} from '../i18n.js';
import * as db from './db.js';
import {report} from '../ui/toasts.js';

export const talks = signal([]);
export const current = signal('');
export const ready = signal(false);
export const talk = computed(() => talks.value.find((one) => one.id === current.value) ?? null);
export const draftSystem = signal('');

export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, '0')).join('');
const newest = (list) => list.sort((a, b) => b.updated - a.updated);

export const find = (id) => talks.value.find((one) => one.id === id);

export async function loadTalks() {
  const kept = await db.all().catch((e) => (report(e), []));
  talks.value = newest(kept.filter((one) => one?.id && one.items));
  ready.value = true;
}

export function save(one) {
  talks.value = newest([one, ...talks.value.filter((other) => other.id !== one.id)]);
  db.put(one).catch(report);
}

export function newTalk() {
  current.value = '';
}

export const openTalk = (id) => {
  current.value = id;
};

export function createTalk(title) {
  const now = Date.now();
  const one = {id: newId(), title: title.replace(/\s+/g, ' ').trim().slice(0, 80), created: now, updated: now, system: draftSystem.value, items: {}, chosen: {}};
  save(one);
  current.value = one.id;
  return one;
}

export function dropTalk(id) {
  talks.value = talks.value.filter((one) => one.id !== id);
  if (current.value === id) current.value = '';
  db.drop(id).catch(report);
}

/** Changes a talk: change(talk) gives the fields that are new. */
export function alter(id, change) {
  const one = find(id);
  if (one) save({...one, ...change(one)});
}

export function addMessage(id, message) {
  const whole = {id: newId(), text: '', ...message};
  alter(id, (one) => ({items: {...one.items, [whole.id]: whole}, chosen: {...one.chosen, [whole.parent]: whole.id}, updated: Date.now()}));
  return whole;
}

export const alterMessage = (id, messageId, change) => alter(id, (one) => one.items[messageId]
  ? {items: {...one.items, [messageId]: {...one.items[messageId], ...change}}, updated: Date.now()} : {});

export const siblings = (one, parent) => Object.values(one.items).filter((m) => m.parent === parent);

/** The messages shown, from the first; up to a given one if it lies on the path. */
export function thread(one, upTo) {
  const out = [];
  for (let at = ''; ;) {
    const all = siblings(one, at);
    const next = one.items[one.chosen[at]] ?? all[all.length - 1];
    if (!next || out.includes(next)) return out;
    out.push(next);
    if (next.id === upTo) return out;
    at = next.id;
  }
}

export function dropMessage(id, messageId) {
  alter(id, (one) => {
    const gone = new Set([messageId]);
    for (let size = 0; size !== gone.size;) {
      size = gone.size;
      for (const m of Object.values(one.items)) if (gone.has(m.parent)) gone.add(m.id);
    }
    const kept = (entry) => !gone.has(entry[0]) && !gone.has(entry[1]);
    return {items: Object.fromEntries(Object.entries(one.items).filter(kept)), chosen: Object.fromEntries(Object.entries(one.chosen).filter(kept))};
  });
}

export const exported = (list) => JSON.stringify({glasshouse_chats: 1, talks: list}, null, 1);

const text = (value, most) => typeof value === 'string' ? value.slice(0, most) : '';

/** Takes in a file of exported(); returns how many talks it had. Only known fields of the right type get in, under new numbers. */
export function importTalks(source) {
  let file;
  try {
    file = JSON.parse(source);
  } catch {
    throw new Error(t('chat.import_no_json'));
  }
  if (file?.glasshouse_chats !== 1 || !Array.isArray(file.talks)) throw new Error(t('chat.import_other'));
  const list = file.talks.map((one) => {
    if (typeof one?.items !== 'object' || one.items === null) throw new Error(t('chat.import_other'));
    const entries = Object.entries(one.items).slice(0, 20000);
    const ids = new Map(entries.map(([id]) => [id, newId()]));
    const items = {};
    for (const [id, m] of entries) {
      if (!['user', 'assistant'].includes(m?.role) || typeof m.text !== 'string') throw new Error(t('chat.import_other'));
      const fresh = ids.get(id);
      items[fresh] = {id: fresh, parent: ids.get(m.parent) ?? '', role: m.role, text: m.text, ...(m.reasoning ? {reasoning: text(m.reasoning, 1e6)} : {}),
        ...(m.model ? {model: text(m.model, 200)} : {}), ...(m.stats ? {stats: stats(m.stats)} : {})};
    }
    const chosen = Object.fromEntries(Object.entries(one.chosen ?? {}).filter(([, to]) => ids.has(to)).map(([from, to]) => [ids.get(from) ?? '', ids.get(to)]));
    return {id: newId(), title: text(one.title, 80), system: text(one.system, 1e5), created: Number(one.created) || Date.now(), updated: Number(one.updated) || Date.now(), items, chosen};
  });
  list.forEach(save);
  return list.length;
}

const stats = (from) => Object.fromEntries(['tokens', 'rate', 'seed', 'prompt', 'reused']
  .filter((name) => Number.isFinite(from[name])).map((name) => [name, from[name]]));
