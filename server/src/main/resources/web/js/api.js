/** The server's native API; see README.md. */
import {signal} from '@preact/signals';

export class ApiError extends Error {
  constructor(message, code, status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const online = signal(true);
export const restarts = signal(0);
export const keyNeeded = signal(null);

const KEY = 'glasshouse.key';
const root = new URL('api/glass/', document.baseURI);
let born = 0;
let asking = null;

function headers(body) {
  const key = sessionStorage.getItem(KEY);
  return {
    ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
    ...(key ? {Authorization: `Bearer ${key}`} : {}),
  };
}

/** Asks once for all callers that wait; resolves when a key was given. */
function askKey() {
  asking ??= new Promise((resolve, reject) => {
    keyNeeded.value = (key) => {
      keyNeeded.value = null;
      asking = null;
      if (key) {
        sessionStorage.setItem(KEY, key);
        resolve();
      } else reject(new ApiError('', 'unauthorized', 401));
    };
  });
  return asking;
}

async function call(path, {method, body, signal: abort}) {
  for (;;) {
    let response;
    try {
      response = await fetch(new URL(path, root), {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: headers(body),
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: abort,
        cache: 'no-store',
      });
    } catch (e) {
      if (e.name === 'AbortError') throw e;
      lost();
      throw new ApiError('', 'offline');
    }
    online.value = true;
    if (response.ok) return response;
    const error = (await response.json().catch(() => ({}))).error ?? {};
    if (response.status === 401) {
      await askKey();
      continue;
    }
    throw new ApiError(error.message ?? response.statusText, error.code ?? 'internal', response.status);
  }
}

async function json(path, options) {
  const response = await call(path, options);
  return response.status === 204 ? null : response.json();
}

export const get = (path, options) => json(path, {...options});
export const post = (path, body = {}, options) => json(path, {...options, body});
export const del = (path, options) => json(path, {...options, method: 'DELETE'});

const pause = () => new Promise((resolve) => setTimeout(resolve));

export async function stream(path, {body, signal: abort, onEvent}) {
  const response = await call(path, {body, signal: abort});
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let slice = performance.now();
  try {
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      rest += value;
      const frames = rest.split(/\r?\n\r?\n/);
      rest = frames.pop();
      for (const frame of frames) {
        dispatch(frame, onEvent);
        // A burst of frames must not keep the page from answering the keyboard.
        if (performance.now() - slice > 12) {
          await pause();
          slice = performance.now();
        }
      }
    }
  } catch (e) {
    if (e.name === 'AbortError' || e instanceof ApiError) throw e;
    if (!(e instanceof TypeError) || !/network|fetch|body|load|stream/i.test(e.message)) throw e;
    lost();
    throw new ApiError('', 'broken');
  } finally {
    reader.cancel().catch(() => {});
  }
}

function dispatch(frame, onEvent) {
  let name = 'message';
  let id;
  let data = '';
  for (const line of frame.split(/\r?\n/)) {
    if (line.startsWith('data:')) data += line.slice(line[5] === ' ' ? 6 : 5);
    else if (line.startsWith('event:')) name = line.slice(6).trim();
    else if (line.startsWith('id:')) id = Number(line.slice(3));
  }
  if (!data || data === '[DONE]') return;
  const value = JSON.parse(data);
  if (name === 'error') throw new ApiError(value.error?.message ?? '', value.error?.code ?? 'internal', 200);
  onEvent(name, value, id);
}

/** Remembers when the server began, so that a restart under an open page is noticed. */
export function seen(status) {
  const start = Date.now() / 1000 - status.uptime_s;
  if (born && Math.abs(start - born) > 3) restarts.value++;
  born = start;
}

let waiting = false;
async function lost() {
  online.value = false;
  if (waiting) return;
  waiting = true;
  for (let wait = 1000; !online.value; wait = Math.min(8000, wait * 1.5)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const answer = await fetch(new URL('health', document.baseURI), {cache: 'no-store'}).catch(() => null);
    if (answer) online.value = true;
  }
  waiting = false;
  get('status').then(seen, () => {});
}
