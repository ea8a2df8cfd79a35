// What makes a page sound besides its content: no raw texts, no barriers, nothing wider than the window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Text a person should never see: codes, holes of templates, failed conversions, untranslated English. */
function rawTexts() {
  const bad = [
    /\{\{/,
    /\bundefined\b|\bNaN\b|Invalid Date|\[object /,
    /^[a-z]+([_.][a-z0-9]+)*$/,
    /\b[a-z]+_[a-z_]+\b/,
    /[A-Za-z]{3,} [a-z]{3,}/,
  ];
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const text = n.data.trim();
    const at = n.parentElement;
    if (!text || !at || at.closest('code, pre, kbd, script, style, [lang=en]')) continue;
    if (!at.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    if (bad.some((b) => b.test(text))) found.add(text);
  }
  return [...found];
}

/** Serious and critical violations of WCAG 2 A and AA. */
async function violations() {
  const { violations: all } = await window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    resultTypes: ['violations'],
  });
  return all
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map(
      (v) =>
        `${v.id}: ${v.nodes
          .slice(0, 4)
          .map((n) => `${n.target} ${n.any[0]?.message ?? ''}`)
          .join(' | ')}`,
    );
}

/** The page as it stands: violations, raw texts, and by how many pixels it is too wide. */
export async function judged(page) {
  await page.evaluate(axeSource);
  const axe = await page.evaluate(violations);
  const raw = await page.evaluate(rawTexts);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  return { axe, raw, wide };
}
