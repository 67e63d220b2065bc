/**
 * The state of the Text view: one text, and for the parts that the model wrote where each token stands.
 *   doc   signal {text, marks: [{start, end, node}]}   marks in order; all lie on one path of the session
 *   caret signal: where the cursor is
 * Editing drops the marks after the edit, since what the model thought there no longer holds. Undo and redo go over whole states.
 */
import {signal, batch} from '@preact/signals';
import {ask, children, generate, keep, model, openSession, overrides, piece, stop, useSession} from '../store.js';
import {limits} from '../ui/settings.js';
import {report} from '../ui/toasts.js';
import {raw} from '../tokens.js';

const kept = keep('glasshouse.text', '');
export const doc = signal({text: kept.value, marks: []});
export const caret = signal(kept.value.length);
export const busy = signal(false);
export const session = signal(null);
export const undos = signal([]);
export const redos = signal([]);

let saving = 0;
function set(next, at) {
  batch(() => {
    doc.value = next;
    if (at !== undefined) caret.value = at;
  });
  clearTimeout(saving);
  saving = setTimeout(() => {
    kept.value = doc.value.text;
  }, 500);
}

let typed = 0;
export function remember() {
  typed = 0;
  undos.value = [...undos.value.slice(-99), {doc: doc.value, caret: caret.value}];
  redos.value = [];
}

function swap(from, to) {
  if (busy.value || !from.value.length) return;
  const was = from.value[from.value.length - 1];
  from.value = from.value.slice(0, -1);
  to.value = [...to.value, {doc: doc.value, caret: caret.value}];
  set(was.doc, was.caret);
}
export const undo = () => swap(undos, redos);
export const redo = () => swap(redos, undos);

export function edit(text, at) {
  const old = doc.value;
  if (text === old.text) return;
  let same = 0;
  const most = Math.min(text.length, old.text.length);
  while (same < most && text[same] === old.text[same]) same++;
  if (Date.now() - typed > 1200) remember();
  typed = Date.now();
  set({text, marks: old.marks.filter((mark) => mark.end <= same)}, at);
}

/** The mark that ends at or holds the place before the cursor. */
export function markAt(at) {
  const {marks} = doc.value;
  let low = 0;
  let high = marks.length - 1;
  while (low <= high) {
    const mid = (low + high) >> 1;
    if (marks[mid].end < at) low = mid + 1;
    else if (marks[mid].start >= at) high = mid - 1;
    else return marks[mid];
  }
  return null;
}

/** The node after which the model is to go on at this place: a token already there, or the text taken in anew. */
async function nodeAt(at) {
  const {text, marks} = doc.value;
  const before = marks.filter((mark) => mark.end <= at);
  const last = before[before.length - 1];
  let s = session.value;
  if (s && s.model === model.value && last) {
    if (last.end === at) return [s, last.node];
    try {
      return [s, (await ask(s, 'append', {from: last.node, text: text.slice(last.end, at)})).head];
    } catch (e) {
      if (e.code !== 'no_session' && e.code !== 'no_node') throw e;
    }
  }
  const body = {text: text.slice(0, at)};
  if (s && s.model === model.value) {
    try {
      return [s, (await ask(s, 'prompt', body)).head];
    } catch (e) {
      if (e.code !== 'no_session') throw e;
    }
  }
  s = await openSession({});
  session.value = s;
  doc.value = {text, marks: []};
  return [s, (await ask(s, 'prompt', body)).head];
}

/** Puts new tokens in at `start`; what stood before `start` and after `end` stays. Shown once a frame. */
function writer(start, end) {
  const {text, marks} = doc.value;
  const before = text.slice(0, start);
  const after = text.slice(end);
  const old = marks.filter((mark) => mark.end <= start);
  const fresh = [];
  const decoder = new TextDecoder('utf-8', {ignoreBOM: true});
  let said = '';
  let frame = 0;
  const show = () => {
    frame = 0;
    set({text: before + said + after, marks: [...old, ...fresh]}, start + said.length);
  };
  return {
    add(node, token) {
      if (token.control) return;
      const from = start + said.length;
      said += decoder.decode(raw(token.bytes), {stream: true});
      fresh.push({start: from, end: start + said.length, node});
      frame ||= (document.hidden ? setTimeout : requestAnimationFrame)(show, 0);
    },
    end() {
      cancelAnimationFrame(frame);
      said += decoder.decode();
      show();
      return start + said.length;
    },
  };
}

async function work(action) {
  if (busy.value) return;
  busy.value = true;
  remember();
  try {
    await action();
  } catch (e) {
    report(e);
  } finally {
    busy.value = false;
  }
}

async function go(s, from, w) {
  useSession(s);
  const {max, stop: stops} = limits.value;
  try {
    await generate(s, {from, max_tokens: max, stop: stops.length ? stops : undefined}, (name, data) => {
      if (name === 'step') w.add(data.node, data.step.token);
    });
  } finally {
    w.end();
  }
}

/** Goes on from the cursor; `most` bounds the tokens. */
export const goOn = () => work(async () => {
  const [s, from] = await nodeAt(caret.value);
  await go(s, from, writer(caret.value, caret.value));
});

/** One token. */
export const goStep = () => work(async () => {
  const [s, from] = await nodeAt(caret.value);
  useSession(s);
  const answer = await ask(s, 'step', {from, settings: overrides.value});
  const w = writer(caret.value, caret.value);
  w.add(answer.node, answer.step.token);
  w.end();
});

/** Takes another token at a mark, and goes on from there; what the model wrote after it goes. */
export const retake = (mark, id) => work(async () => {
  const s = session.value;
  const {parent} = s.nodes.get(mark.node);
  const {marks, text} = doc.value;
  const last = marks[marks.length - 1];
  const w = writer(mark.start, last && last.end >= mark.end ? last.end : text.length);
  const known = children(s, parent).find((node) => node.id === id);
  const node = known ?? (await ask(s, 'append', {from: parent, ids: [id]})).nodes.at(-1);
  w.add(node.node, piece(s, id));
  const end = w.end();
  await go(s, node.node, writer(end, end));
});

/** Takes a path of ids at the cursor without going on. */
export const take = (from, ids) => work(async () => {
  const s = session.value;
  const answer = await ask(s, 'append', {from, ids});
  const w = writer(caret.value, caret.value);
  for (const node of answer.nodes.slice(-ids.length)) w.add(node.node, node);
  w.end();
});

/** The tree of what may come at the cursor. */
export async function grow(width, depth) {
  const [s, node] = await nodeAt(caret.value);
  useSession(s);
  return ask(s, 'tree', {node, width, depth});
}

export const halt = () => session.value && stop(session.value);

