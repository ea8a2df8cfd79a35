// Walks the departments' part of a ticket's life in the pages, as its people do it, and writes what it
// found at each stop as one line of JSON: { page, account, landmark, faults, axe, raw }. A stop is
// sound when landmark is true and the three lists are empty; a stop that could not be reached ends
// the walk with its error in faults.
//
// Environment: BROWSER (program), URL (server with the demo city), SHOTS (folder of the pictures),
// PASSWORD (demo people).
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { judged } from './soundness.mjs';

const { BROWSER, URL: base, SHOTS, PASSWORD } = process.env;
const desktop = { width: 1440, height: 900 };
const handheld = { width: 390, height: 844 };
const patience = 10_000;

const browser = await chromium.launch({
  executablePath: BROWSER,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu'],
});

const people = new Map();

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
  page.on('console', (m) => m.type() === 'error' && t.faults.push(m.text()));
  people.set(account, t);
  return t;
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

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
  await page.screenshot({ path: join(SHOTS, `department-${name}.png`) });
  const { axe, raw, wide } = await judged(page);
  if (wide > 1) t.faults.push(`the page is ${wide} px wider than its window`);
  say({ page: name, account: t.account, landmark: there, faults: t.faults, axe, raw });
  t.faults = [];
  if (!there) throw new Error(`${name}: ${landmark} is not there`);
}

async function json(answer, doing) {
  const body = await answer.json();
  if (!answer.ok()) throw new Error(`${doing}: ${answer.status()} ${body.code} ${body.detail}`);
  return body;
}

const read = async (t, path) => json(await t.api.get(`${base}/api/v1${path}`), path);
const act = async (t, ticket, event, body) =>
  json(
    await t.api.post(`${base}/api/v1/tickets/${ticket.id}/actions/${event}`, {
      data: { version: ticket.version, ...body },
    }),
    event,
  );

const field = (page, name) => page.locator(`[data-field=${name}]`).last();

/** Types into a field of antd: the mark stands on the control or on what surrounds it. */
async function fill(page, name, text) {
  const at = field(page, name);
  const input = (await at.evaluate((e) => /^(INPUT|TEXTAREA)$/.test(e.tagName)))
    ? at
    : at.locator('input, textarea').first();
  await input.fill(text);
}

/** Chooses a unit by what a clerk types of it. */
async function pickUnit(page, name, typed, unit) {
  await field(page, name).click();
  await page.keyboard.type(typed);
  await page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) [data-unit=${unit}]`).click();
}

const confirm = async (page, action) => {
  const form = page.locator(`[data-act-form=${action}]`);
  await form.locator('[data-act=confirm]').click();
  await form.waitFor({ state: 'detached' });
};

/** Tickets of the pool go to the unit of the first level, as a dispatcher sends them. */
async function dispatched(n) {
  const paidan = await tab('paidan');
  const { items } = await read(paidan, `/desk/queues/to_dispatch?limit=${n}`);
  const sent = [];
  for (const x of items) {
    const taken = x.owner ? x : await act(paidan, x, 'take', {});
    sent.push(
      await act(paidan, taken, 'dispatch', {
        unit: 'xxb',
        text: '请按职责核实办理，按期答复市民。',
        reason: '平台运维属信息办职责',
      }),
    );
  }
  return sent;
}

const story = {
  async firstLevelSigns(s) {
    s.tickets = await dispatched(6);
    s.first = await tab('pt-xxb-jb');
    const { page } = s.first;
    await page.goto(`${base}/`);
    await look(s.first, 'first-inbox', '[data-queue-shown=unit_inbox] [data-unviewed=true]');
    await look(s.first, 'first-inbox-390', '[data-unviewed=true]', handheld);
    await page.setViewportSize(desktop);
    for (const x of s.tickets.slice(3, 6)) await page.locator(`[data-row="${x.id}"] input`).check();
    await look(s.first, 'first-chosen', '[data-batch="3"]');
    await page.locator('[data-batch-act=sign]').click();
    for (const x of s.tickets.slice(3, 6))
      await page.locator(`[data-row="${x.id}"][data-unsigned=false]`).waitFor();
  },
  async firstLevelDelegates(s) {
    const { page } = s.first;
    s.it = s.tickets[0];
    await page.locator(`[data-row="${s.it.id}"] a`).click();
    await look(s.first, 'first-ticket', `[data-ticket="${s.it.id}"]`);
    await page.locator('[data-now] [data-action=sign]').click();
    await page.locator('[data-leg-state=handling]').waitFor();
    await page.locator('[data-now] [data-action=delegate]').click();
    await pickUnit(page, 'unit', 'xxk', 'xxb-xxk');
    await fill(page, 'opinion', '请信息科核查，24 小时内报来。');
    await look(s.first, 'first-delegate', '[data-act-form=delegate]');
    await confirm(page, 'delegate');
    await look(s.first, 'first-delegated', '[data-leg-state=delegated]');
  },
  async secondLevelGivesBack(s) {
    s.second = await tab('pt-xxb-xxk');
    const { page } = s.second;
    await page.goto(`${base}/dept`);
    await look(s.second, 'second-inbox', `[data-row="${s.it.id}"][data-unviewed=true]`);
    await page.locator(`[data-row="${s.it.id}"] a`).click();
    await look(s.second, 'second-ticket', `[data-ticket="${s.it.id}"]`);
    if (await page.locator('[data-action=delegate]').count())
      throw new Error('the last level is offered 业务交办');
    await page.locator('[data-now] [data-action=hand_back]').click();
    await fill(page, 'reason', '此平台由应用科维护，不属于本科室职责。');
    await look(s.second, 'second-back', '[data-act-form=hand_back]');
    await confirm(page, 'hand_back');
  },
  async secondLevelHandles(s) {
    const now = await read(s.first, `/tickets/${s.it.id}`);
    await act(s.first, now, 'delegate', { unit: 'xxb-xxk', text: '平台网关归信息科，请继续办理。' });
    const { page } = s.second;
    await page.goto(`${base}/tickets/${s.it.id}`);
    await page.locator('[data-reply-form]').waitFor();
    await fill(page, 'answer', '您好：经核查，系附件超过 20 MB 所致，上限已调整为 50 MB，请重新提交。𠮷😀');
    await fill(page, 'handling', '调取后台日志，定位为网关限制，已调整并回归测试。');
    await fill(page, 'person', '陈科员');
    await fill(page, 'phone', '0594-2288002');
    await page.locator('[data-field=solved] input').first().check();
    await page.locator('[data-act=save-reply]').click();
    await look(s.second, 'second-reply', '[data-save-state=saved]');
    await page.locator('[data-reply-form] [data-action=handle]').click();
    await look(s.second, 'second-warning', '[data-act-form=handle] [data-warning]');
    await confirm(page, 'handle');
  },
  async firstLevelCompiles(s) {
    const { page } = s.first;
    await page.goto(`${base}/dept?queue=unit_compile`);
    await look(s.first, 'first-compile', `[data-row="${s.it.id}"]`);
    await page.locator(`[data-row="${s.it.id}"] a`).click();
    await page.locator('[data-reply-form]').waitFor();
    const brought = await field(page, 'answer').inputValue();
    if (!brought.includes('𠮷😀')) throw new Error('the reply of the unit below was not brought along');
    await fill(page, 'answer', brought.replace('𠮷😀', '如仍有问题请拨打 0594-2288001。'));
    await fill(page, 'no_contact', '市民要求书面答复，不接电话。');
    await page.locator('[data-field=report]').check();
    await look(s.first, 'first-report-ticked', '.reply-warn');
    await page.locator('[data-act=save-reply]').click();
    await look(s.first, 'first-report-warning', '[data-act-form=report_reply] [data-warning]');
    await confirm(page, 'report_reply');
    await page.locator('[data-flow=report_reply] [data-act=flow-reply]').click();
    await page.locator('[data-flow=report_reply] [data-act=flow-compare]').click();
    await look(s.first, 'first-flow', '[data-flow=report_reply] ins');
    if (await page.locator('[data-reply-form]').count())
      throw new Error('a reported reply can still be edited');
  },
  async phone(s) {
    const { page } = s.first;
    await page.setViewportSize(handheld);
    await page.goto(`${base}/tickets/${s.tickets[1].id}`);
    await look(s.first, 'ticket-390', `[data-ticket="${s.tickets[1].id}"]`, handheld);
  },
  async leaders() {
    const leader = await tab('pt-xxb');
    await leader.page.goto(`${base}/`);
    await look(leader, 'leader', '[data-leader] [data-rate]');
    await look(leader, 'leader-390', '[data-leader] [data-rate]', handheld);
    const city = await tab('shizhang');
    await city.page.goto(`${base}/`);
    await look(city, 'city', '[data-city] [data-figure]');
    await look(city, 'city-390', '[data-city] [data-figure]', handheld);
  },
};

const state = {};
for (const [name, play] of Object.entries(story)) {
  try {
    await play(state);
  } catch (e) {
    const account = [...people.keys()].at(-1) ?? '';
    for (const t of people.values())
      await t.page.screenshot({ path: join(SHOTS, `department-failed-${t.account}.png`) });
    say({ page: name, account, landmark: false, faults: [String(e.message ?? e)], axe: [], raw: [] });
    break;
  }
}
await browser.close();
