import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { enUS } from './en-US';

const han = /[\u4e00-\u9fff]/;
/** Texts that are the same in both languages, and words of Chinese that only patterns hold. */
const asTheyAre = new Set(['中文 / English']);

function* sources(dir: string): Generator<string> {
  for (const e of readdirSync(dir, { withFileTypes: true })) {
    const p = join(dir, e.name);
    if (e.isDirectory()) yield* sources(p);
    else if (/\.tsx?$/.test(p) && !p.includes('.test.') && !p.includes(join('i18n', 'en'))) yield p;
  }
}

function chineseIn(file: string): string[] {
  const found: string[] = [];
  const text = readFileSync(file, 'utf8');
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const visit = (n: ts.Node) => {
    if (ts.isStringLiteralLike(n) || ts.isJsxText(n)) found.push(n.text.trim());
    if (ts.isTemplateExpression(n)) found.push(n.head.text, ...n.templateSpans.map((s) => s.literal.text));
    ts.forEachChild(n, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind));
  return found.filter((t) => han.test(t) && !asTheyAre.has(t));
}

describe('the English texts', () => {
  it('has every Chinese text of the pages', () => {
    const missing = [...sources('src')].flatMap((f) =>
      chineseIn(f)
        .filter((t) => !(t in enUS))
        .map((t) => `${f}: ${t}`),
    );
    expect(missing).toEqual([]);
  });

  it('keeps the placeholders', () => {
    const names = (t: string) => [...t.matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort();
    const broken = Object.entries(enUS).filter(([zh, en]) => names(zh).join() !== names(en).join());
    expect(broken).toEqual([]);
  });
});
