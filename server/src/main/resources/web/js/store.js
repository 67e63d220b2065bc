/** What the views share; see README.md. */
import {signal, batch} from '@preact/signals';
import * as api from './api.js';

const kind = (x) => Array.isArray(x) ? 'list' : x === null ? 'nothing' : typeof x;
const keep = (name, first) => {
  let start = first;
  try {
    const found = JSON.parse(localStorage.getItem(name));
    if (kind(found) !== kind(first)) start = first;
    else if (kind(found) !== 'object') start = found;
    else start = {...first, ...Object.fromEntries(Object.entries(found).filter(([key, value]) => !(key in first) || kind(value) === kind(first[key])))};
  } catch {
    // a value of some other version: begin anew
  }
  const kept = signal(start);
  kept.subscribe((value) => localStorage.setItem(name, JSON.stringify(value)));
  return kept;
};

export const models = signal([]);
export const model = keep('glasshouse.model', '');
export const facts = signal(null);
export const status = signal(null);
export const parameters = signal({parameters: [], stages: [], order: []});
export const overrides = keep('glasshouse.settings', {});
export const session = signal(null);
export const theme = keep('glasshouse.theme', 'auto');
export const view = signal({name: 'chat', arg: ''});
export {keep};

export function setOverride(name, value) {
  const {[name]: old, ...rest} = overrides.value;
  overrides.value = value === undefined ? rest : {...rest, [name]: value};
}

export const go = (name, arg = '') => {
  location.hash = `#/${name}${arg === '' ? '' : `/${arg}`}`;
};

export async function refreshModels() {
  const [list, now] = await Promise.all([api.get('models'), api.get('status')]);
  api.seen(now);
  batch(() => {
    models.value = list.models;
    status.value = now;
    const known = list.models.find((m) => m.name === model.value && m.loaded);
    if (!known) model.value = (list.models.find((m) => m.default) ?? list.models.find((m) => m.loaded) ?? {name: ''}).name;
  });
}

export async function refreshFacts() {
  const name = model.value;
  const answer = name ? await api.get(`models/${encodeURIComponent(name)}`).catch(() => null) : null;
  if (name === model.value) facts.value = answer;
}

/** The licence of a model, as listed; undefined when the model is not known. */
export const licence = (name) => models.value.find((m) => m.name === name)?.license;

class Session {
  nodes = new Map();
  pieces = new Map();
  head = signal(0);
  selected = signal(0);
  run = signal(null);
  last = signal(null);
  version = signal(0);
  offline = false;
  constructor({session: id, model: name, context}) {
    this.id = id;
    this.model = name;
    this.context = context;
  }
}

const kids = new WeakMap();

function take(s, answer) {
  for (const token of answer.tokens ?? []) if (token.id !== undefined && token.bytes !== undefined) s.pieces.set(token.id, token);
  for (const node of answer.nodes ?? []) put(s, node);
  if (answer.node && answer.step?.token && answer.parent !== undefined) put(s, nodeOf(answer));
}

const nodeOf = ({node, parent, step}) => ({
  node, parent, ...step.token, by: step.by, p: step.p, rank: step.rank, entropy_bits: step.raw.entropy_bits, step,
});

function put(s, node) {
  const old = s.nodes.get(node.node);
  s.nodes.set(node.node, old ? {...old, ...node} : node);
  s.pieces.set(node.id, {id: node.id, bytes: node.bytes, control: node.control});
  if (old) return;
  if (!kids.has(s)) kids.set(s, new Map());
  const all = kids.get(s);
  if (!all.has(node.parent)) all.set(node.parent, []);
  all.get(node.parent).push(node.node);
}

const dirty = new Set();
function touch(s) {
  if (!dirty.size) (document.hidden ? setTimeout : requestAnimationFrame)(flush, 0);
  dirty.add(s);
}

function flush() {
  batch(() => {
    for (const s of dirty) {
      if (s.fresh) {
        s.head.value = s.fresh;
        s.fresh = 0;
      }
      if (s.now) s.run.value = s.now;
      s.version.value++;
    }
    dirty.clear();
  });
}

export const piece = (s, id) => s.pieces.get(id) ?? {id, bytes: '', control: false};

export function path(s, node = s.head.value) {
  s.version.value;
  const nodes = [];
  for (let n = s.nodes.get(node); n; n = s.nodes.get(n.parent)) nodes.push(n);
  return nodes.reverse();
}

export function children(s, node) {
  s.version.value;
  return (kids.get(s)?.get(node) ?? []).map((n) => s.nodes.get(n));
}

function opened(answer) {
  const s = new Session(answer);
  take(s, answer);
  s.head.value = answer.head;
  s.version.value++;
  return s;
}

export const openSession = async (body) => opened(await api.post('sessions', {model: model.value || undefined, ...body}));

export async function loadSession(id) {
  const answer = await api.get(`sessions/${id}?steps=true`);
  const s = opened(answer);
  s.runs = answer.runs ?? [];
  return s;
}

export const useSession = (s) => {
  session.value = s;
};

export function offlineSession(trace) {
  const s = new Session({session: '', model: trace.model.name, context: trace.model.context});
  s.offline = true;
  s.trace = trace;
  let parent = 0;
  for (const token of trace.tokens ?? []) s.pieces.set(token.id, token);
  for (const token of trace.prompt) put(s, {node: parent + 1, parent: parent++, ...token, by: 'prompt'});
  for (const step of trace.steps) put(s, nodeOf({node: parent + 1, parent: parent++, step}));
  s.head.value = parent;
  s.last.value = {head: parent, finish: trace.finish, timings: trace.timings, settings: trace.settings, text: trace.text, reasoning: ''};
  s.version.value++;
  return s;
}

export async function ask(s, route, body = {}, options) {
  const answer = await api.post(`sessions/${s.id}/${route}`, body, options);
  take(s, answer);
  batch(() => {
    if ((route === 'prompt' || route === 'append') && answer.head !== undefined) s.head.value = answer.head;
    if (route === 'step') s.head.value = answer.node;
    s.version.value++;
  });
  return answer;
}

export const generate = (s, body, hear) =>
  follow(s, `sessions/${s.id}/generate`, {settings: overrides.value, ...body}, hear);

export const attach = (s, run, after, hear) => follow(s, `sessions/${s.id}/runs/${run}/events?after=${after}`, undefined, hear);

async function follow(s, url, body, hear = () => {}) {
  const abort = new AbortController();
  let done = null;
  let settings = [];
  s.abort = abort;
  s.now = {run: 0, from: body?.from ?? s.head.value, promptDone: 0, promptTotal: 0, reused: 0, tokens: 0, started: 0, rate: 0};
  s.run.value = s.now;
  try {
    await api.stream(url, {
      body,
      signal: abort.signal,
      onEvent(name, data, id) {
        if (name === 'run') {
          settings = data.settings ?? [];
          s.now = {...s.now, run: data.run, from: data.from, settings};
        } else if (name === 'prompt') {
          s.now = {...s.now, promptDone: data.done, promptTotal: data.total, reused: data.reused};
        } else if (name === 'step') {
          take(s, data);
          s.fresh = data.node;
          const started = s.now.started || performance.now();
          const passed = (performance.now() - started) / 1000;
          s.now = {...s.now, started, tokens: s.now.tokens + 1, rate: passed > 0.05 ? s.now.tokens / passed : 0};
        } else if (name === 'done') done = data;
        hear(name, data, id);
        touch(s);
      },
    });
    if (!done) throw new api.ApiError('', 'broken');
    return done;
  } finally {
    if (s.abort === abort) {
      s.abort = null;
      s.now = null;
      s.fresh = 0;
      batch(() => {
        s.run.value = null;
        if (done) {
          s.head.value = done.head;
          s.last.value = {...done, settings};
        }
        s.version.value++;
      });
    }
  }
}

/** The server ends the run with a `done` frame; when it cannot be reached the line is cut. */
export function stop(s) {
  const run = s.now?.run;
  const abort = s.abort;
  if (!run) return abort?.abort();
  return api.post(`sessions/${s.id}/runs/${run}/cancel`).catch(() => abort?.abort());
}

export function settingsOf(s) {
  const base = s?.last.value?.settings ?? facts.value?.settings ?? [];
  return base.map((setting) => setting.name in overrides.value
    ? {...setting, value: overrides.value[setting.name], origin: 'user'} : setting);
}
