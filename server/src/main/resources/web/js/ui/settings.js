/**
 * The settings panel: sampler settings, each with its value in force and where that came from, and how long an answer may be.
 * <SettingField name /> is one of them, for use elsewhere too; it writes store.overrides.
 */
import {html, signal, useState, useId} from '../html.js';
import {t, has} from '../i18n.js';
import {facts, keep, overrides, parameters, setOverride, view} from '../store.js';
import {Dialog} from './dialog.js';
import {IconButton} from './icons.js';
import {SystemPrompt} from '../chat/system.js';

export const settingsOpen = signal(false);
export const limits = keep('glasshouse.limits', {max: 2048, thinking: true, stop: []});

const GROUPS = [
  ['basic', ['temperature', 'top_k', 'top_p', 'min_p', 'seed']],
  ['repeat', ['repeat_last_n', 'repeat_penalty', 'frequency_penalty', 'presence_penalty']],
  ['more', []],
];

/** How a value is written in its field, and read back. */
function codec(parameter) {
  const {built_in: sample, expected} = parameter;
  if (typeof sample === 'number') return {write: String, read: (s) => s.trim() === '' ? undefined : Number(s.replace(',', '.').replace('−', '-')), numeric: true};
  if (Array.isArray(sample) && /stage/.test(expected)) return {write: (v) => v.join(' '), read: (s) => s.split(/[\s;,]+/).filter(Boolean)};
  return {write: (v) => JSON.stringify(v), read: (s) => s.trim() === '' ? undefined : JSON.parse(s)};
}

export function SettingField({name}) {
  const id = useId();
  const [bad, setBad] = useState('');
  const parameter = parameters.value.parameters.find((p) => p.name === name);
  if (!parameter) return null;
  const {write, read, numeric} = codec(parameter);
  const set = name in overrides.value;
  const base = facts.value?.settings?.find((s) => s.name === name) ?? {value: parameter.built_in, origin: 'built_in'};
  const value = set ? overrides.value[name] : base.value;
  const origin = set ? 'user' : base.origin;
  const change = (e) => {
    try {
      const next = read(e.target.value);
      if (numeric && Number.isNaN(next)) throw new Error();
      setBad('');
      setOverride(name, next);
    } catch {
      setBad(t('settings.bad', {expected: parameter.expected}));
    }
  };
  return html`<div class="setting ${numeric ? '' : 'wide'}">
    <div class="setting-line"><label class="mono" for=${id}>${name}</label>
      ${!numeric && html`<${Origin} ...${{name, origin, set}} />`}
      <input id=${id} class="field ${numeric ? 'num' : ''}" inputmode=${numeric ? 'decimal' : 'text'} autocomplete="off" spellcheck=${false} value=${write(value)} onChange=${change}
        aria-invalid=${bad ? 'true' : undefined} aria-describedby="${id}-about" />
      ${numeric && html`<${Origin} ...${{name, origin, set}} />`}</div>
    <p id="${id}-about">${bad || (has(`settings.about.${name}`) ? t(`settings.about.${name}`) : parameter.description)}</p>
  </div>`;
}

const Origin = ({name, origin, set}) => html`<span class="row"><span class="origin ${origin}">${t(`settings.origin.${origin}`)}</span>
  ${set && html`<${IconButton} icon="undo" size=${16} label=${t('settings.reset', {name})} onClick=${() => setOverride(name, undefined)} />`}</span>`;

export function SettingsDialog() {
  const texts = useId();
  if (!settingsOpen.value) return null;
  const listed = GROUPS.flatMap(([, names]) => names);
  const rest = parameters.value.parameters.map((p) => p.name).filter((name) => !listed.includes(name));
  const set = (change) => {
    limits.value = {...limits.value, ...change};
  };
  return html`<${Dialog} title=${t('settings.title')} class="drawer" onClose=${() => { settingsOpen.value = false; }}>
    ${view.value.name === 'chat' && html`<${SystemPrompt} />
      <label class="check"><input type="checkbox" checked=${limits.value.thinking} onChange=${(e) => set({thinking: e.target.checked})} />${t('settings.thinking')}</label>`}
    <div class="setting wide"><div class="setting-line"><label for="${texts}m">${t('settings.max')}</label>
      <input id="${texts}m" class="field num" inputmode="numeric" value=${limits.value.max}
        onChange=${(e) => set({max: Math.max(1, Math.min(100000, parseInt(e.target.value, 10) || 2048))})} /></div></div>
    <div class="setting wide"><div class="setting-line"><label for="${texts}s">${t('settings.stop')}</label>
      <textarea id="${texts}s" class="field" rows="2" spellcheck=${false} value=${limits.value.stop.join('\n')}
        onChange=${(e) => set({stop: e.target.value.split('\n').filter(Boolean).slice(0, 4)})}></textarea></div><p>${t('settings.stop_about')}</p></div>
    ${GROUPS.map(([group, names]) => {
      const fields = (group === 'more' ? rest : names).map((name) => html`<${SettingField} key=${name} name=${name} />`);
      return group === 'basic' ? html`<h3 class="group">${t('settings.basic')}</h3>${fields}`
        : html`<details><summary class="group"><strong>${t(`settings.${group}`)}</strong></summary>${fields}</details>`;
    })}
    <p></p><button type="button" class="button" disabled=${!Object.keys(overrides.value).length} onClick=${() => { overrides.value = {}; }}>${t('settings.reset_all')}</button>
  <//>`;
}
