/** A piece of a line: plain, strong, or a link. */
export interface Span {
  text: string;
  strong?: boolean;
  href?: string;
}

export type Block =
  | { kind: 'heading'; spans: Span[] }
  | { kind: 'list'; ordered: boolean; items: Span[][] }
  | { kind: 'paragraph'; lines: Span[][] };

const mark = /\*\*([^*\n]+)\*\*|\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)/g;

/** Marks inside a line: **strong** and [text](https://…). All else is text, HTML too. */
export function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const m of line.matchAll(mark)) {
    if (m.index > at) spans.push({ text: line.slice(at, m.index) });
    spans.push(m[1] !== undefined ? { text: m[1], strong: true } : { text: m[2] ?? '', href: m[3] });
    at = m.index + m[0].length;
  }
  if (at < line.length) spans.push({ text: line.slice(at) });
  return spans;
}

/** Blocks of a plain rich text: headings (#), lists (- or 1.) and paragraphs. */
export function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  let open = false;
  for (const raw of body.split('\n')) {
    const line = raw.trimEnd();
    const last = open ? blocks.at(-1) : undefined;
    const heading = /^#{1,4}\s+(.*)$/.exec(line);
    const item = /^(?:([-*])|\d+[.、])\s+(.*)$/.exec(line.trimStart());
    if (!line.trim()) {
      open = false;
      continue;
    }
    if (heading) {
      blocks.push({ kind: 'heading', spans: spansOf(heading[1] ?? '') });
      open = false;
      continue;
    }
    if (item) {
      const ordered = !item[1];
      const spans = spansOf(item[2] ?? '');
      if (last?.kind === 'list' && last.ordered === ordered) last.items.push(spans);
      else blocks.push({ kind: 'list', ordered, items: [spans] });
    } else if (last?.kind === 'paragraph') last.lines.push(spansOf(line));
    else blocks.push({ kind: 'paragraph', lines: [spansOf(line)] });
    open = true;
  }
  return blocks;
}
