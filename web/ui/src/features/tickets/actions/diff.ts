export interface Piece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** More cells than this and whole sentences are compared instead of characters. */
const cells = 1_000_000;

const characters = (s: string) => [...s];
const sentences = (s: string) => s.match(/[^。！？；\n]*[。！？；\n]|[^。！？；\n]+$/g) ?? [];

/** What was taken out of the old text and what was put in, in the order of reading. */
export function diffTexts(was: string, is: string): Piece[] {
  const a = characters(was);
  const b = characters(is);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const pieces: Piece[] = [];
  add(pieces, 'same', a.slice(0, head).join(''));
  between(pieces, a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  add(pieces, 'same', a.slice(a.length - tail).join(''));
  return pieces;
}

/** The parts that differ: by characters, when these are too many by sentences, at last as a whole. */
function between(pieces: Piece[], a: string[], b: string[]) {
  if (a.length * b.length <= cells) return middle(pieces, a, b);
  const was = a.join('');
  const is = b.join('');
  const [c, d] = [sentences(was), sentences(is)];
  if (c.length * d.length <= cells) return middle(pieces, c, d);
  add(pieces, 'removed', was);
  add(pieces, 'added', is);
}

function add(pieces: Piece[], kind: Piece['kind'], text: string) {
  if (!text) return;
  const last = pieces.at(-1);
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}

/** Longest common subsequence of the parts that differ. */
function middle(pieces: Piece[], a: string[], b: string[]) {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add(pieces, 'same', a[i++] ?? '');
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      add(pieces, 'removed', a[i++] ?? '');
    } else {
      add(pieces, 'added', b[j++] ?? '');
    }
  }
}
