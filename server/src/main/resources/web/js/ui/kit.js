import {html, useEffect, useRef, useState, useId, signal} from '../html.js';
import {has, t} from '../i18n.js';


const PATHS = {
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M5 13l4 4L19 7',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  again: 'M20 11A8 8 0 1 0 18 17M20 5v6h-6',
  go: 'M5 5l7 7-7 7M13 5l7 7-7 7',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  look: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  save: 'M12 4v11M7 10l5 5 5-5M5 20h14',
  load: 'M12 15V4M7 9l5-5 5 5M5 20h14',
  sliders: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  auto: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 7h5M12 12h9M12 17h5',
  undo: 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6',
  redo: 'M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6',
  tree: 'M12 4v6M6 20v-4a4 4 0 0 1 4-4h4a4 4 0 0 1 4 4v4M12 12v8',
  help: 'M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 2.2M12 17.5h.01',
  house: 'M3 10.5 12 3l9 7.5V21H3zM12 3v18M3 10.5h18M3 15.7h18',
  chip: 'M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
  warn: 'M12 4 2.5 20h19zM12 10v4M12 17h.01',
};

export const Icon = ({name, size = 20}) => html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none"
  stroke="currentColor" stroke-width=${name === 'more' ? 2.6 : 1.8} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;

/** A button that shows an icon alone; `label` is its name and hint. */
export const IconButton = ({icon, label, size, class: extra = '', ...rest}) =>
  html`<button type="button" class="icon-button ${extra}" aria-label=${label} title=${label} ...${rest}><${Icon} name=${icon} size=${size} /></button>`;


const toasts = signal([]);
let next = 1;

/** The server's message says what and where; the page puts the kind of error before it. */
export function words(error) {
  const kind = `errors.${error.code}`;
  const said = error.code || !error.message ? error.message : t('errors.page', {message: error.message});
  return [has(kind) ? t(kind) : said ? '' : t('errors.internal'), said].filter(Boolean).join(' ');
}

export function say(text, bad = false) {
  const id = next++;
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text).slice(-3), {id, text, bad}];
  setTimeout(() => close(id), bad ? 15000 : 5000);
}

export function report(error) {
  if (error?.name === 'AbortError') return;
  if (!error?.code) console.error(error);
  say(words(error), true);
}

const close = (id) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

/** In the top layer, above any dialog that is open. */
export function Toasts() {
  const ref = useRef();
  const list = toasts.value;
  useEffect(() => {
    ref.current.hidePopover();
    if (list.length) ref.current.showPopover();
  }, [list]);
  return html`<div class="toasts" ref=${ref} role="status" popover="manual">${list.map(({id, text, bad}) => html`<div key=${id} class="toast ${bad ? 'bad' : ''}"><span dir="auto">${text}</span>
    <${IconButton} icon="close" label=${t('app.close')} onClick=${() => close(id)} /></div>`)}</div>`;
}


export function Dialog({title, onClose, class: extra = '', children}) {
  const ref = useRef();
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      before?.focus?.();
    };
  }, []);
  return html`<dialog ref=${ref} class="dialog ${extra}" aria-labelledby=${id}
      onCancel=${(e) => { e.preventDefault(); onClose(); }}
      onMouseDown=${(e) => e.target === ref.current && onClose()}>
    <div class="dialog-box">
      <header class="dialog-head"><h2 id=${id}>${title}</h2><${IconButton} icon="close" label=${t('app.close')} onClick=${onClose} /></header>
      <div class="dialog-body">${children}</div>
    </div>
  </dialog>`;
}

const question = signal(null);

export const confirm = (text, yes) => new Promise((resolve) => {
  question.value = {text, yes, resolve};
});

export function Question() {
  const q = question.value;
  if (!q) return null;
  const answer = (value) => {
    question.value = null;
    q.resolve(value);
  };
  return html`<${Dialog} title=${q.text} class="small" onClose=${() => answer(false)}>
    <div class="row end"><button type="button" class="button" onClick=${() => answer(false)}>${t('app.cancel')}</button>
    <button type="button" class="button danger" autofocus onClick=${() => answer(true)}>${q.yes}</button></div>
  <//>`;
}

export function Menu({label, icon = 'more', items}) {
  const [open, setOpen] = useState(false);
  const ref = useRef();
  useEffect(() => {
    if (!open) return undefined;
    // In the top layer nothing clips the list; it goes where there is room.
    const list = ref.current.querySelector('[role=menu]');
    const {left, right, top, bottom} = ref.current.getBoundingClientRect();
    list.showPopover();
    const {offsetWidth: wide, offsetHeight: high} = list;
    list.style.left = `${Math.max(8, right - wide > 8 ? right - wide : Math.min(left, innerWidth - wide - 8))}px`;
    list.style.top = `${bottom + high + 8 < innerHeight ? bottom + 4 : Math.max(8, top - high - 4)}px`;
    list.querySelector(':not([disabled])')?.focus();
    const away = (e) => e.type === 'scroll' || !ref.current?.contains(e.target) ? setOpen(false) : null;
    document.addEventListener('pointerdown', away);
    document.addEventListener('scroll', away, true);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('scroll', away, true);
    };
  }, [open]);
  const shut = () => {
    setOpen(false);
    ref.current.querySelector('button').focus();
  };
  const keys = (e) => {
    if (!open) return;
    const all = [...ref.current.querySelectorAll('[role=menuitem]:not([disabled])')];
    const at = all.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1}[e.key];
    if (e.key === 'Escape') shut();
    else if (to !== undefined) all[to % all.length].focus();
    else if (e.key === 'Tab') return setOpen(false);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return html`<div class="menu" ref=${ref} onKeyDown=${keys}>
    <${IconButton} icon=${icon} label=${label} aria-haspopup="menu" aria-expanded=${open} onClick=${() => setOpen(!open)} />
    ${open && html`<div class="menu-list" role="menu" popover="manual" aria-label=${label}>
      ${items.filter(Boolean).map((item) => html`<button type="button" role="menuitem" tabindex="-1" disabled=${item.off} onClick=${() => { shut(); item.run(); }}>
        <${Icon} name=${item.icon} size=${18} />${item.label}</button>`)}
    </div>`}
  </div>`;
}

export function download(name, text, type = 'application/json') {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(new Blob([text], {type}));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10000);
}

export const pick = (accept = '.json,application/json') => new Promise((resolve) => {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.onchange = () => resolve(input.files[0] ?? null);
  input.oncancel = () => resolve(null);
  input.click();
});

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without a secure origin the clipboard is only reached through a selection.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
