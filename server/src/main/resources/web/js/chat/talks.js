import {signal, computed, batch} from '@preact/signals';
import * as api from '../api.js';
import {t} from '../i18n.js';
import {ask, attach, generate, keep, loadSession, model, openSession, session, stop, useSession} from '../store.js';
import {report, words} from '../ui/kit.js';
import {limits} from '../ui/panels.js';

/** Conversations in the browser's IndexedDB: all() → talks, put(talk), drop(id). Without it they live as long as the page. */
const base = new Promise((resolve) => {
  const request = indexedDB.open('glasshouse', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('talks', {keyPath: 'id'});
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => resolve(null);
});

async function run(mode, action) {
  const db = await base;
  if (!db) return undefined;
  return new Promise((resolve, reject) => {
    const transaction = db.transaction('talks', mode);
    const request = action(transaction.objectStore('talks'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const all = async () => await run('readonly', (store) => store.getAll()) ?? [];
const put = (talk) => run('readwrite', (store) => store.put(talk));
const drop = (id) => run('readwrite', (store) => store.delete(id));

/** Conversations; the shapes are in README.md. Every change makes new objects and is kept at once. */

export const talks = signal([]);
export const current = keep('glasshouse.talk', '');
export const ready = signal(false);
export const talk = computed(() => talks.value.find((one) => one.id === current.value) ?? null);
export const draftSystem = signal('');

export const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, '0')).join('');
const newest = (list) => list.sort((a, b) => b.updated - a.updated);

export const find = (id) => talks.value.find((one) => one.id === id);

export async function loadTalks() {
  const kept = await all().catch((e) => (report(e), []));
  talks.value = newest(kept.filter((one) => one?.id && one.items));
}

export function save(one) {
  talks.value = newest([one, ...talks.value.filter((other) => other.id !== one.id)]);
  put(one).catch(report);
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
  drop(id).catch(report);
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

/** A moment that the calendar has, not after now. */
const time = (value) => Math.min(Date.now(), Math.max(0, Number(value) || Date.now()));

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
    return {id: newId(), title: text(one.title, 80), system: text(one.system, 1e5), created: time(one.created), updated: time(one.updated), items, chosen};
  });
  list.forEach(save);
  return list.length;
}

const stats = (from) => Object.fromEntries(['tokens', 'rate', 'seed', 'prompt', 'reused']
  .filter((name) => Number.isFinite(from[name])).map((name) => [name, from[name]]));

/** Answers in progress. */

export const lives = signal({});
export const finished = signal('');
const PENDING = 'glasshouse.pending';
/** Talk id → Session of the server. */
const sessions = new Map();

export const sessionOf = (talkId) => sessions.get(talkId);

function setLive(talkId, live) {
  const {[talkId]: old, ...rest} = lives.value;
  lives.value = live ? {...rest, [talkId]: live} : rest;
  keepPending();
}

function newLive(message) {
  return {id: message.id, text: signal(message.text), reasoning: signal(message.reasoning ?? ''), said: message.text, thought: message.reasoning ?? '', base: message.text.length,
    session: null, run: 0, last: -1, seed: null, cache: signal(null), first: message.first, frame: 0};
}

let kept = 0;
function keepPending() {
  clearTimeout(kept);
  kept = 0;
  const all = Object.entries(lives.value).filter(([, live]) => live.run)
    .map(([talkId, live]) => [talkId, {id: live.id, session: live.session.id, run: live.run, last: live.last, text: live.said, reasoning: live.thought, base: live.base, seed: live.seed}]);
  if (all.length) localStorage.setItem(PENDING, JSON.stringify(Object.fromEntries(all)));
  else localStorage.removeItem(PENDING);
}
addEventListener('pagehide', keepPending);

function show(live) {
  live.frame = 0;
  batch(() => {
    live.text.value = live.said;
    live.reasoning.value = live.thought;
    if (live.step) live.cache.value = {used: live.step.cache_used, bytes: live.step.cache_bytes};
  });
}

const hearer = (live) => (name, data, id) => {
  if (id !== undefined) live.last = id;
  if (name === 'run') live.run = data.run;
  else if (name === 'text') {
    live[data.reasoning ? 'thought' : 'said'] += data.text;
  } else if (name === 'step') {
    live.step = data.step;
    live.first ??= data.node;
    live.seed ??= data.step.draws?.[0]?.seed ?? null;
  }
  live.frame ||= (document.hidden ? setTimeout : requestAnimationFrame)(() => show(live), 0);
  kept ||= setTimeout(keepPending, 400);
};

async function sessionFor(talkId) {
  const old = sessions.get(talkId);
  if (old && old.model === model.value) return old;
  const made = await openSession({});
  sessions.set(talkId, made);
  return made;
}

/** Sets the session's head to the end of the prompt; a session that the server dropped is made anew. */
async function prompt(talkId, body) {
  const s = await sessionFor(talkId);
  try {
    await ask(s, 'prompt', body);
    return s;
  } catch (e) {
    if (e.code !== 'no_session') throw e;
    sessions.delete(talkId);
    const fresh = await sessionFor(talkId);
    await ask(fresh, 'prompt', body);
    return fresh;
  }
}

export function messagesOf(one, upTo) {
  const system = one.system?.trim() ? [{role: 'system', content: one.system}] : [];
  return [...system, ...(upTo ? thread(one, upTo) : []).map((m) => ({role: m.role, content: m.text}))];
}

/** Lets the model answer after the message `parent`; with `prior`, an answer that was begun, it goes on with that. */
export async function answer(talkId, parent, prior) {
  if (lives.value[talkId]) return;
  const message = prior ?? addMessage(talkId, {parent, role: 'assistant', model: model.value});
  const live = newLive(message);
  if (prior) alterMessage(talkId, prior.id, {state: undefined, error: undefined});
  setLive(talkId, live);
  try {
    const body = {messages: messagesOf(find(talkId), parent), thinking: limits.value.thinking};
    if (prior?.text) body.reply = prior.text;
    live.session = await prompt(talkId, body);
    if (current.value === talkId) useSession(live.session);
    if (live.stopped) throw new DOMException('', 'AbortError');
    const {max, stop: stops, thinking} = limits.value;
    await finish(talkId, live, await generate(live.session,
      {from: live.session.head.value, max_tokens: max, stop: stops.length ? stops : undefined, thinking}, hearer(live)));
  } catch (e) {
    await failed(talkId, live, e);
  }
}

function finish(talkId, live, done) {
  const {timings = {}} = done;
  const before = find(talkId)?.items[live.id]?.stats;
  const rate = timings.generated_tokens > 1 ? timings.generated_tokens / (timings.generation_ns / 1e9) : before?.rate ?? 0;
  close(talkId, live, {
    text: live.said, reasoning: live.thought || undefined, model: live.session.model, session: live.session.id, first: live.first, node: done.head,
    stats: {tokens: (live.base ? before?.tokens ?? 0 : 0) + timings.generated_tokens, rate, seed: live.seed ?? undefined, finish: done.finish, prompt: timings.prompt_tokens, reused: timings.reused_tokens, prompt_ns: timings.prompt_ns},
    state: undefined, error: undefined,
  });
  finished.value = live.said;
}

function close(talkId, live, change) {
  cancelAnimationFrame(live.frame);
  batch(() => {
    alterMessage(talkId, live.id, change);
    setLive(talkId, null);
  });
}

async function failed(talkId, live, error) {
  if (live.run && (error.code === 'broken' || error.code === 'offline')) return again(talkId, live);
  if (error.name !== 'AbortError' && !live.said) report(error);
  if (error.code && sessions.get(talkId) === live.session && /no_session|no_model/.test(error.code)) sessions.delete(talkId);
  return close(talkId, live, {text: live.said, reasoning: live.thought || undefined, first: live.first, session: live.session?.id, node: live.session?.head.value || undefined,
    ...(error.name === 'AbortError' ? {} : {state: 'broken', error: words(error), code: error.code})});
}

/** The line broke: as soon as the server answers again, listen to the same run. */
async function again(talkId, live) {
  if (!api.online.value) {
    await new Promise((resolve) => {
      const off = api.online.subscribe((up) => up && (setTimeout(() => off()), resolve()));
    });
  }
  try {
    await finish(talkId, live, await attach(live.session, live.run, live.last, hearer(live)));
  } catch (e) {
    await failed(talkId, live, e.code === 'broken' ? new api.ApiError('', 'no_session') : e);
  }
}

/** After a reload: goes on with the runs that were in progress. */
export async function resume() {
  let pending = {};
  try {
    pending = JSON.parse(localStorage.getItem(PENDING)) ?? {};
  } catch {
    // unreadable: nothing was pending
  }
  await Promise.all(Object.entries(pending).map(async ([talkId, was]) => {
    const message = find(talkId)?.items[was.id];
    if (!message) return;
    const live = Object.assign(newLive(message), {said: was.text, thought: was.reasoning, base: was.base, run: was.run, last: was.last, seed: was.seed});
    live.session = {id: was.session, model: message.model, head: {value: 0}, run: {value: null}};
    show(live);
    setLive(talkId, live);
    try {
      live.session = await loadSession(was.session);
      sessions.set(talkId, live.session);
      if (current.value === talkId) useSession(live.session);
    } catch (e) {
      await failed(talkId, live, e);
      return;
    }
    await again(talkId, live);
  }));
}

export function halt(talkId) {
  const live = lives.value[talkId];
  if (!live) return;
  live.stopped = true;
  if (live.session) stop(live.session);
}

/** Makes the session of an answer the current one, with the answer's first token selected; recomputes it when the server dropped it. */
export async function lookInside(talkId, message) {
  let s = [...sessions.values()].find((one) => one.id === message.session);
  let node = message.node;
  let first = message.first;
  s ??= message.session ? await loadSession(message.session).catch((e) => {
    if (e.code === 'no_session') return null;
    throw e;
  }) : null;
  if (!s || !s.nodes.has(node)) {
    const body = {messages: messagesOf(find(talkId), message.parent), thinking: limits.value.thinking};
    s = await openSession({});
    const start = await ask(s, 'prompt', body);
    const whole = await ask(s, 'prompt', {...body, reply: message.text});
    node = whole.head;
    first = whole.nodes.find((n) => n.node > start.head)?.node ?? node;
  }
  sessions.set(talkId, s);
  if (session.value !== s) useSession(s);
  batch(() => {
    s.head.value = node;
    s.selected.value = first ?? node;
  });
}
