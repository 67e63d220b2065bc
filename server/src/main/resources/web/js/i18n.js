/** Words and numbers; see README.md. */
import {signal, computed} from '@preact/signals';

export const LANGUAGES = {en: 'English', de: 'Deutsch'};
export const language = signal(localStorage.getItem('glasshouse.language') ?? 'auto');
const words = signal({lang: 'en', table: {}});
export const tongue = computed(() => words.value.lang);

const wanted = (choice) => Object.hasOwn(LANGUAGES, choice) ? choice
  : (navigator.languages ?? []).map((l) => l.slice(0, 2)).find((l) => Object.hasOwn(LANGUAGES, l)) ?? 'en';

export async function setLanguage(choice) {
  const lang = wanted(choice);
  const table = await (await fetch(new URL(`i18n/${lang}.json`, document.baseURI))).json();
  localStorage.setItem('glasshouse.language', choice);
  document.documentElement.lang = lang;
  language.value = choice;
  words.value = {lang, table};
}

export function t(key, vars) {
  let text = words.value.table;
  for (const part of key.split('.')) text = text?.[part];
  if (typeof text !== 'string') return key;
  return vars ? text.replace(/\{(\w+)\}/g, (all, name) => vars[name] ?? all) : text;
}

export const has = (key) => t(key) !== key;

const formats = new Map();
function format(kind, options) {
  const name = tongue.value + kind.name + JSON.stringify(options);
  if (!formats.has(name)) formats.set(name, new kind(tongue.value, options));
  return formats.get(name);
}

export const tn = (key, n, vars) =>
  t(`${key}_${format(Intl.PluralRules).select(n) === 'one' ? 'one' : 'other'}`, {n: num(n), ...vars});

/** A number with at most `digits` digits after the point. */
export const num = (x, digits = 0) => format(Intl.NumberFormat, {maximumFractionDigits: digits}).format(x);

/** A share as percent with fixed digits; what would read as zero but is not is shown as "< 0.1 %". */
export function pct(p, digits = 1) {
  const write = (x) => format(Intl.NumberFormat, {style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits}).format(x);
  const least = 10 ** (-digits - 2);
  return p > 0 && p < least / 2 ? `< ${write(least)}` : write(p);
}

export function bytes(n) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let k = 0;
  while (n >= 1000 && k < 4) {
    n /= 1000;
    k++;
  }
  return format(Intl.NumberFormat, {style: 'unit', unit: units[k], unitDisplay: k ? 'short' : 'long', maximumFractionDigits: n < 10 && k ? 1 : 0}).format(n);
}

export const secs = (s) => s < 1
  ? format(Intl.NumberFormat, {style: 'unit', unit: 'millisecond', maximumFractionDigits: s < 0.01 ? 2 : 0}).format(s * 1000)
  : format(Intl.NumberFormat, {style: 'unit', unit: s < 90 ? 'second' : 'minute', maximumFractionDigits: 1}).format(s < 90 ? s : s / 60);

/** Short count: 1.2M. */
export const short = (n) => format(Intl.NumberFormat, {notation: 'compact', maximumFractionDigits: 1}).format(n);

export const ago = (ms) => {
  const days = Math.floor((Date.now() - ms) / 864e5);
  return days < 1 ? format(Intl.DateTimeFormat, {hour: '2-digit', minute: '2-digit'}).format(ms)
    : format(Intl.DateTimeFormat, {day: 'numeric', month: 'short'}).format(ms);
};
