/**
 * <Dialog title onClose class>…</Dialog>: a modal <dialog>; Escape and a click beside it close it; focus goes back where it was.
 * <Menu label icon items=[{label, icon, run, off?}]>: a button with a list of actions.
 * confirm(text, yes) → Promise<boolean>.
 */
import {html, useEffect, useRef, useState, useId, signal} from '../html.js';
import {t} from '../i18n.js';
import {Icon, IconButton} from './icons.js';

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
