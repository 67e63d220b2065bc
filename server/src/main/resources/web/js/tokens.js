/** From a token's bytes to what people read; see README.md. */
const strict = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const loose = new TextDecoder('utf-8', {ignoreBOM: true});

export function raw(hex) {
  const out = new Uint8Array(hex.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = parseInt(hex.substr(2 * i, 2), 16);
  return out;
}

export const decode = (hexes) => loose.decode(raw(hexes.join('')));

function tryDecode(hex) {
  try {
    return strict.decode(raw(hex));
  } catch {
    return null;
  }
}

export const whole = (hex) => tryDecode(hex) !== null;

const MARKS = {' ': '␣', '\t': '⇥', '\n': '↵', '\r': '␍', '\u00a0': '⍽', '\u200b': '⟨200B⟩', '\ufeff': '⟨FEFF⟩'};
export const visible = (text) => text.replace(/[ \t\n\r\u00a0\u200b\ufeff]/g, (c) => MARKS[c])
  .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (c) => `⟨${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}⟩`);

/** How many bytes the character that begins with this byte has; 0 when none begins so. */
const need = (b) => b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;

export function label(hex) {
  if (!hex) return '∅';
  const text = tryDecode(hex);
  if (text !== null) return visible(text);
  const all = raw(hex);
  let out = '';
  for (let i = 0; i < all.length;) {
    const n = need(all[i]);
    const piece = n && i + n <= all.length ? tryDecode(hex.substr(2 * i, 2 * n)) : null;
    if (piece !== null) {
      out += visible(piece);
      i += n;
    } else out += `⟨${hex.substr(2 * i++, 2).toUpperCase()}⟩`;
  }
  return out;
}

/** How many bytes are missing at the end of these bytes for a whole character. */
function missing(all) {
  for (let back = 1; back <= Math.min(3, all.length); back++) {
    const b = all[all.length - back];
    if ((b & 0xc0) === 0x80) continue;
    const n = need(b);
    return n > back ? n - back : 0;
  }
  return 0;
}

export function group(nodes) {
  const groups = [];
  let open = null;
  for (const node of nodes) {
    const all = raw(node.bytes);
    const goesOn = open && !node.control && all.length && (all[0] & 0xc0) === 0x80;
    if (goesOn) {
      open.nodes.push(node);
      open.hex += node.bytes;
    } else {
      open = {nodes: [node], hex: node.bytes, control: node.control};
      groups.push(open);
    }
    if (node.control || !missing(raw(open.hex))) open = null;
  }
  for (const g of groups) g.text = label(g.hex);
  return groups;
}
