// What every walk through the pages shares: people with their tabs, a look at a stop, the forms.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { judged } from './soundness.mjs';

const { BROWSER, URL: base, SHOTS, PASSWORD } = process.env;
export const desktop = { width: 1440, height: 900 };
export const handheld = { width: 390, height: 844 };
const patience = 10_000;

/** A walk whose pictures and lines bear a name. Environment: BROWSER, URL, SHOTS, PASSWORD. */
export async function begin(walk) {
  const browser = await chromium.launch({
    executablePath: BROWSER,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const people = new Map();
  const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

  /** The tab of one person, opened when first wanted. */
  async function tab(account) {
    const known = people.get(account);
    if (known) return known;
    const context = await browser.newContext({
      viewport: desktop,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(patience);
    const signedIn = await context.request.post(`${base}/api/v1/session`, {
      data: { account, password: PASSWORD },
    });
    if (!signedIn.ok()) throw new Error(`${account} can't sign in: ${signedIn.status()}`);
    const page = await context.newPage();
    const t = { account, page, api: context.request, faults: [] };
    page.on('pageerror', (e) => t.faults.push(String(e.stack ?? e)));
    page.on('console', (m) => m.type() === 'error' && t.faults.push(`${m.text()} ${m.location().url}`));
    people.set(account, t);
    return t;
  }

  /** Waits for what proves the stop, takes its picture and says how sound it is. */
  async function look(t, name, landmark, size = desktop) {
    const { page } = t;
    await page.setViewportSize(size);
    const there = await page
      .locator(landmark)
      .first()
      .waitFor({ state: 'visible' })
      .then(
        () => true,
        () => false,
      );
    await page
      .waitForFunction(() => !document.querySelector('.ant-skeleton-active, .ant-spin-spinning'), null, {
        timeout: 5_000,
      })
      .catch(() => t.faults.push('still loading'));
    await page.screenshot({ path: join(SHOTS, `${walk}-${name}.png`) });
    const { axe, raw, wide } = await judged(page);
    if (wide > 1) t.faults.push(`the page is ${wide} px wider than its window`);
    say({ page: name, account: t.account, landmark: there, faults: t.faults, axe, raw });
    t.faults = [];
    if (!there) throw new Error(`${name}: ${landmark} is not there`);
  }

  /** Plays the chapters in order; one that fails ends the walk with its error in faults. */
  async function play(story) {
    const state = {};
    for (const [name, chapter] of Object.entries(story)) {
      try {
        await chapter(state);
      } catch (e) {
        const account = [...people.keys()].at(-1) ?? '';
        for (const t of people.values())
          await t.page.screenshot({ path: join(SHOTS, `${walk}-failed-${t.account}.png`) });
        say({ page: name, account, landmark: false, faults: [String(e.message ?? e)], axe: [], raw: [] });
        break;
      }
    }
    await browser.close();
  }
  return { base, tab, look, play };
}

async function json(answer, doing) {
  const body = await answer.json();
  if (!answer.ok()) throw new Error(`${doing}: ${answer.status()} ${body.code} ${body.detail}`);
  return body;
}

/** Reads as the person, past the page. */
export const read = async (t, path) => json(await t.api.get(`${base}/api/v1${path}`), path);

/** Does an action as the person, past the page. */
export const act = async (t, ticket, event, body) =>
  json(
    await t.api.post(`${base}/api/v1/tickets/${ticket.id}/actions/${event}`, {
      data: { version: ticket.version, ...body },
    }),
    event,
  );

export const field = (page, name) => page.locator(`[data-field=${name}]`).last();

/** Types into a field of antd: the mark stands on the control or on what surrounds it. */
export async function fill(page, name, text) {
  const at = field(page, name);
  const input = (await at.evaluate((e) => /^(INPUT|TEXTAREA)$/.test(e.tagName)))
    ? at
    : at.locator('input, textarea').first();
  await input.fill(text);
}

/** Chooses a unit by what a clerk types of it. */
export async function pickUnit(page, name, typed, unit) {
  await field(page, name).click();
  await page.keyboard.type(typed);
  await page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) [data-unit=${unit}]`).click();
}

export const confirm = async (page, action) => {
  const form = page.locator(`[data-act-form=${action}]`);
  await form.locator('[data-act=confirm]').click();
  await form.waitFor({ state: 'detached' });
};
