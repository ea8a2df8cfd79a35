// Walks the departments' part of a ticket's life in the pages, as its people do it, and writes what it
// found at each stop as one line of JSON: { page, account, landmark, faults, axe, raw }. A stop is
// sound when landmark is true and the three lists are empty; a stop that could not be reached ends
// the walk with its error in faults.
//
// Environment: BROWSER (program), URL (server with the demo city), SHOTS (folder of the pictures),
// PASSWORD (demo people).
import { act, begin, confirm, desktop, field, fill, handheld, pickUnit, read } from './walk.mjs';

const { base, tab, look, play } = await begin('department');

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

await play(story);
