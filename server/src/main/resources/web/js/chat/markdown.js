/** Markdown as VNodes, never as HTML. Finished blocks are not computed again. */
import {html, h, useMemo, useState} from '../html.js';
import {t} from '../i18n.js';
import {copy as copyText, IconButton} from '../ui/kit.js';

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const LIST = /^(\s*)([-*+]|\d{1,9}[.)])(\s+|$)/;
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const HEAD = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const SPLIT = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

export function blocks(text) {
  const out = [];
  let lines = [];
  let fence = null;
  const close = () => {
    if (lines.length) out.push(lines.join('\n'));
    lines = [];
  };
  for (const line of text.split('\n')) {
    const mark = FENCE.exec(line);
    if (fence) {
      lines.push(line);
      if (mark && mark[1][0] === fence[0] && mark[1].length >= fence.length && !mark[2].trim()) {
        fence = null;
        close();
      }
    } else if (mark && !LIST.test(lines[0] ?? '')) {
      close();
      fence = mark[1];
      lines.push(line);
    } else if (!line.trim()) {
      // An empty line stays within a list as long as the list goes on after it; the next line decides.
      if (LIST.test(lines[0] ?? '')) lines.push('');
      else close();
    } else {
      const last = lines.length > 0 && lines[lines.length - 1] === '';
      if (last && !LIST.test(line) && !/^\s{2,}/.test(line)) close();
      else if (lines.length && !LIST.test(lines[0]) && (HEAD.test(line) || (LIST.test(line) && !/^\s/.test(line) && !/\|/.test(lines[0])))) close();
      lines.push(line);
      if (HEAD.test(line) && lines.length === 1) close();
    }
  }
  close();
  return out;
}

export const Markdown = ({text}) => html`<div class="md" dir="auto">${blocks(text).map((source, n) => html`<${Block} key=${n} source=${source} />`)}</div>`;

export const Block = ({source}) => useMemo(() => block(source), [source]);

/** A model that repeats "- " without end must not exhaust the stack. */
const DEEPEST = 24;
let depth = 0;

function block(source) {
  if (depth === DEEPEST) return h('p', null, source);
  depth++;
  try {
    return shape(source);
  } finally {
    depth--;
  }
}

function shape(source) {
  const lines = source.replace(/\n+$/, '').split('\n');
  const [first] = lines;
  const fence = FENCE.exec(first);
  if (fence) {
    const closed = lines.length > 1 && FENCE.test(lines[lines.length - 1]);
    return html`<${Code} text=${lines.slice(1, closed ? -1 : undefined).join('\n')} lang=${fence[2].trim().split(/\s/)[0]} />`;
  }
  const head = HEAD.exec(first);
  if (head) return h(`h${Math.min(4, head[1].length + 1)}`, null, inline(head[2]), lines.length > 1 ? block(lines.slice(1).join('\n')) : null);
  if (RULE.test(first) && lines.length === 1) return html`<hr />`;
  if (/^ {0,3}>/.test(first)) return html`<blockquote>${blocks(lines.map((l) => l.replace(/^ {0,3}> ?/, '')).join('\n')).map(block)}</blockquote>`;
  if (LIST.test(first)) return list(lines);
  if (lines.length > 1 && first.includes('|') && SPLIT.test(lines[1])) return table(lines);
  return html`<p>${paragraph(lines)}</p>`;
}

const paragraph = (lines) => lines.flatMap((line, n) =>
  [...inline(line.replace(/(\s{2,}|\\)$/, '')), n < lines.length - 1 ? (/(\s{2,}|\\)$/.test(line) ? h('br') : '\n') : null]);

function list(lines) {
  const [, indent, mark] = LIST.exec(lines[0]);
  const items = [];
  let width = 0;
  for (const line of lines) {
    const at = LIST.exec(line);
    if (at && at[1].length <= indent.length + 1 && (items.length === 0 || at[1].length < Math.max(width, 2))) {
      width = at[0].length || 2;
      items.push([line.slice(at[0].length)]);
    } else items[items.length - 1].push(line.replace(new RegExp(`^\\s{0,${width}}`), ''));
  }
  const rows = items.map((item) => {
    const box = /^\[([ xX])\]\s+/.exec(item[0]);
    if (box) item[0] = item[0].slice(box[0].length);
    const parts = blocks(item.join('\n'));
    const simple = parts.length && !FENCE.test(parts[0]) && !LIST.test(parts[0]) && !HEAD.test(parts[0]) && !/^\s*>/.test(parts[0]) && !parts[0].includes('\n|');
    const [text, ...inner] = simple ? inside(parts[0]) : [null];
    return html`<li>${box && html`<input type="checkbox" disabled checked=${box[1] !== ' '} aria-label=${t(box[1] === ' ' ? 'chat.undone' : 'chat.done')} />`}
      ${text}${inner}${(simple ? parts.slice(1) : parts).map(block)}</li>`;
  });
  return /\d/.test(mark) ? html`<ol start=${parseInt(mark, 10)}>${rows}</ol>` : html`<ul>${rows}</ul>`;
}

/** A list item's first paragraph and the list that follows it without an empty line. */
function inside(part) {
  const lines = part.split('\n');
  const cut = lines.findIndex((line, n) => n > 0 && LIST.test(line));
  return cut < 0 ? [paragraph(lines)] : [paragraph(lines.slice(0, cut)), list(lines.slice(cut))];
}

function cells(line) {
  const out = [''];
  const text = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && text[i + 1] === '|') out[out.length - 1] += text[++i];
    else if (text[i] === '|') out.push('');
    else out[out.length - 1] += text[i];
  }
  return out.map((cell) => cell.trim());
}

function table([head, split, ...rows]) {
  const sides = cells(split).map((c) => /^:-+:$/.test(c) ? 'center' : /-:$/.test(c) ? 'right' : undefined);
  return html`<div class="table-wrap" tabindex="0" role="region" aria-label=${t('chat.table')}><table>
    <thead><tr>${cells(head).map((c, n) => html`<th scope="col" class=${sides[n]}>${inline(c)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${cells(row).map((c, n) => html`<td class=${sides[n]}>${inline(c)}</td>`)}</tr>`)}</tbody></table></div>`;
}

const INLINE = /(`+)(.+?)\1(?!`)|\\([!-/:-@[-`{-~])|!?\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)|<((?:https?:\/\/|mailto:)[^>\s]+)>|(\*\*|__)(?=\S)(.+?\S?)\7|(?<![\w*])([*_])(?=\S)([^*_]*?[^\s*_])\9(?!\w)|~~(?=\S)(.+?)~~|(https?:\/\/[^\s<>)\]]*[^\s<>)\].,;:!?'"])/;

export function inline(text) {
  const out = [];
  for (let rest = text; rest;) {
    const m = INLINE.exec(rest);
    if (!m) {
      out.push(rest);
      break;
    }
    if (m.index) out.push(rest.slice(0, m.index));
    rest = rest.slice(m.index + m[0].length);
    if (m[1]) out.push(h('code', null, m[2].replace(/^ (.+) $/, '$1')));
    else if (m[3]) out.push(m[3]);
    else if (m[5]) out.push(link(m[5], m[4] ? inline(m[4]) : m[5]));
    else if (m[6] ?? m[12]) out.push(link(m[6] ?? m[12], m[6] ?? m[12]));
    else if (m[7]) out.push(h('strong', null, inline(m[8])));
    else if (m[9]) out.push(h('em', null, inline(m[10])));
    else out.push(h('del', null, inline(m[11])));
  }
  return out;
}

const link = (href, words) => /^(https?:\/\/|mailto:)/i.test(href)
  ? h('a', {href, rel: 'noopener noreferrer nofollow', target: '_blank'}, words) : h('span', null, words);

function Code({text, lang}) {
  const [done, setDone] = useState(false);
  const copy = () => copyText(text).then((ok) => {
    setDone(ok);
    setTimeout(() => setDone(false), 1500);
  });
  return html`<div class="code"><div class="code-head"><span>${lang || t('chat.code')}</span>
    <${IconButton} icon=${done ? 'check' : 'copy'} size=${17} label=${t(done ? 'chat.copied' : 'chat.copy_code')} onClick=${copy} /></div>
    <pre tabindex="0" dir="ltr"><code>${text}</code></pre></div>`;
}
