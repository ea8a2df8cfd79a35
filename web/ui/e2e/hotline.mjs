// Walks the hotline's own part of a ticket's life in the pages, as its people do it: dispatch with
// undo and merging, review, follow-up, decisions, deliberation, suspension, supervision. Writes what
// it found at each stop as one line of JSON: { page, account, landmark, faults, axe, raw }. A stop is
// sound when landmark is true and the three lists are empty; a stop that could not be reached ends
// the walk with its error in faults.
//
// Environment: BROWSER (program), URL (server with the demo city), SHOTS (folder of the pictures),
// PASSWORD (demo people).
import { act, begin, confirm, fill, pickUnit, read } from './walk.mjs';

const { base, tab, look, play } = await begin('hotline');

const row = (id) => `[data-row^="${id}"]`;
const looked = (id) => `[data-looked^="${id}"]`;

/** Waits until the list shows nothing of the ticket any more. */
const left = (page, id) =>
  page
    .locator(`.bench-list ${row(id)}`)
    .first()
    .waitFor({ state: 'detached' });

/** Opens a workbench at one ticket. */
async function at(t, path, id, part = '') {
  await t.page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}at=${id}${part}`);
  await t.page.locator(`${looked(id)}[data-version]`).waitFor();
}

/** Tickets of the pool with one citizen each go to a unit, past the page. */
async function dispatched(unit, n, besides) {
  const paidan = await tab('paidan');
  const { items } = await read(paidan, '/desk/queues/to_dispatch?sort=newest&limit=50');
  const sent = [];
  for (const x of items) {
    if (sent.length === n) break;
    if (x.owner || x.id === besides || (await read(paidan, `/tickets/${x.id}`)).requesters?.length) continue;
    sent.push(await act(paidan, x, 'dispatch', { unit, text: '请按职责核实办理，按期答复市民。' }));
  }
  return sent;
}

const answer = '您好：您反映的问题已现场核实，责任单位当日完成整改，后续将加强巡查。感谢您的监督与支持。';

/** The unit signs and reports, past the page. */
async function reported(unit, ticket) {
  const clerk = await tab(`pt-${unit}-jb`);
  const signed = await act(clerk, await read(clerk, `/tickets/${ticket.id}`), 'sign', {});
  return act(clerk, signed, 'report_reply', {
    reply: {
      answer,
      handling: '现场核查属实，已下发整改通知书并复查。',
      person: '张伟',
      phone: '0594-2233445',
      basis: '《城市市容和环境卫生管理条例》第十四条',
      solved: '1',
      no_contact: '市民要求书面答复',
    },
  });
}

/** The unit asks for something, past the page. */
async function asked(unit, ticket, event, body) {
  const clerk = await tab(`pt-${unit}-jb`);
  const signed = await act(clerk, await read(clerk, `/tickets/${ticket.id}`), 'sign', {});
  return act(clerk, signed, event, body);
}

/** The hotline rings the person's own telephone, which hangs up soon, then the citizen. */
async function call(t) {
  const { page } = t;
  await page.locator('[data-panel=questions]').waitFor();
  await fill(page, 'own-number', '13800000003');
  const made = page.locator('[data-panel=call] [data-call]');
  for (let tries = 0; tries < 20 && !(await made.count()); tries++) {
    await page.locator('[data-act=dial]').click();
    await made.waitFor({ timeout: 3_000 }).catch(() => {});
  }
  // Refused while the call before still went on.
  t.faults = t.faults.filter((f) => !/409.*\/contact$/.test(f));
}

const story = {
  async dispatcher(s) {
    s.paidan = await tab('paidan');
    const { page } = s.paidan;
    await page.goto(`${base}/`);
    await look(s.paidan, 'dispatch', '[data-list=to_dispatch] [data-row]');
    await page.keyboard.press('j');
    await page.locator('.bench-row:nth-child(2)[data-selected=true]').waitFor();
    await page.keyboard.press('k');
    await page.locator('.bench-row:nth-child(1)[data-selected=true]').waitFor();
    await page.locator('[data-act=filters]').click();
    await look(s.paidan, 'dispatch-filters', '.bench-filter-grid');
    await page.locator('[data-act=filters]').click();
    await page.keyboard.press('g');
    await page.locator('[data-act=release]').waitFor();
    const id = await page.locator('[data-looked]').getAttribute('data-looked');
    await page.keyboard.press('u');
    await page.keyboard.type('scsglj');
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) [data-unit=csj]').click();
    await pickUnit(page, 'assists', 'ssthjj', 'hbj');
    await page.locator('.page-head h1').click();
    await look(s.paidan, 'dispatch-units', '[data-preview=hbj]');
    await fill(page, 'opinion', '请城管局牵头，生态环境局配合，按期答复市民。');
    await page.keyboard.press('Control+Enter');
    await look(s.paidan, 'dispatch-undo', '[data-panel=undo]');
    await page.locator('.page-head h1').click();
    await page.keyboard.press('z');
    await page.locator(`${looked(id)}[data-state=to_dispatch]`).waitFor();
    await look(s.paidan, 'dispatch-undone', '[data-act=dispatch]');
  },
  async merging(s) {
    const { page } = s.paidan;
    const { items } = await read(s.paidan, '/desk/queues/to_dispatch?limit=50');
    for (const x of items) {
      const { items: like } = await read(s.paidan, `/tickets/similar?ticket=${x.id}`);
      s.master = like.find((y) => y.id !== x.id && y.state === 'to_dispatch' && !y.master);
      s.merged = x;
      if (s.master) break;
    }
    await at(s.paidan, '/dispatch', s.merged.id);
    await page.locator(`[data-similar="${s.master.id}"] [data-act=merge-into]`).click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await left(page, s.merged.id);
    await at(s.paidan, '/dispatch', s.master.id);
    await look(s.paidan, 'dispatch-master', `[data-requester="${s.merged.id}"] [data-act=split]`);
  },
  async reviewer(s) {
    const [one, two, three] = await dispatched('csj', 3, s.master.id);
    const master = await read(s.paidan, `/tickets/${s.master.id}`);
    s.three = [
      one,
      two,
      three,
      await act(s.paidan, master, 'dispatch', { unit: 'csj', text: '请一并答复。' }),
    ];
    for (const x of s.three) await reported('csj', x);
    s.shenhe = await tab('shenhe');
    const { page } = s.shenhe;
    await page.goto(`${base}/`);
    await look(s.shenhe, 'review', '[data-panel=replies]');
    await at(s.shenhe, '/review', one.id);
    await fill(page, 'public', `${answer.replace('当日', '于当日')}如有疑问请拨打 12345。`);
    await look(s.shenhe, 'review-edited', '[data-panel=diff] ins');
    await page.locator('.page-head h1').click();
    await page.keyboard.press('y');
    await left(page, one.id);
    await at(s.shenhe, '/review', two.id);
    await page.keyboard.press('n');
    await page.keyboard.type('未说明整改的具体措施');
    await look(s.shenhe, 'review-return', '[data-field=reason]');
    await page.locator('[data-act=review-rework]').click();
    await left(page, two.id);
    for (const x of [three, s.three[3]]) {
      await at(s.shenhe, '/review', x.id);
      await page.keyboard.press('y');
      await left(page, x.id);
    }
  },
  async followUp(s) {
    s.huifang = await tab('huifang');
    const { page } = s.huifang;
    const [one, , three, master] = s.three;
    await page.goto(`${base}/`);
    await look(s.huifang, 'followup', '[data-panel=questions]');
    await at(s.huifang, '/followup', one.id);
    await call(s.huifang);
    for (const digit of ['1', '1', '2', '1', '1']) await page.keyboard.press(digit);
    await look(s.huifang, 'followup-answered', '[data-question=agent][data-answered=true]');
    await page.keyboard.press('Control+Enter');
    await left(page, one.id);
    await at(s.huifang, '/followup', three.id);
    await call(s.huifang);
    for (const digit of ['2', '0', '5', '4', '1']) await page.keyboard.press(digit);
    await fill(page, 'rework-reason', '市民称噪声依旧，没有人来过');
    await look(s.huifang, 'followup-dissatisfied', '[data-panel=dissatisfied]');
    await page.locator('[data-act=visit-finish]').click();
    await left(page, three.id);
    await at(s.huifang, '/followup', master.id);
    await look(s.huifang, 'followup-requesters', `[data-person="${s.merged.id}"]`);
    await page.locator('[data-field=failure]').click();
    await page.locator('.ant-select-item-option').first().click();
    await page.locator('[data-act=visit-missed]').click();
    await at(s.huifang, '/followup', master.id);
    await look(s.huifang, 'followup-missed', '[data-panel=visits] [data-visit]');
  },
  async decisions(s) {
    s.rexianban = await tab('rexianban');
    const { page } = s.rexianban;
    const reason = { reason: '该处由区里管理，不属于本单位职责', basis: '三定方案' };
    const [back, longer, hold, hard, wrong] = await dispatched('hbj', 5, s.master.id);
    await asked('hbj', back, 'ask_return', { ...reason, unit: 'csj' });
    await asked('hbj', longer, 'ask_extension', { reason: '需现场检测', basis: '办法第十八条', days: 2 });
    await asked('hbj', hold, 'ask_suspension', {
      reason: '须待工程完工',
      basis: '工程计划',
      plan: '三月开工，四月完工，每月反馈进度',
      until: new Date(Date.now() + 60 * 86_400_000).toISOString(),
    });
    await act(await tab('paidan'), hard, 'report_hard', { reason: '涉及三个部门，职责交叉' });
    s.supervised = wrong;
    await page.goto(`${base}/`);
    await look(s.rexianban, 'office', '[data-panel=decision] [data-panel=rule]');
    await at(s.rexianban, '/office', back.id, '~r1');
    await page.keyboard.press('y');
    await left(page, back.id);
    await at(s.rexianban, '/office', longer.id, '~r1');
    await page.keyboard.press('n');
    await page.keyboard.type('检测当日可完成，请按期答复');
    await look(s.rexianban, 'office-deny', '[data-kind=extension]');
    await page.locator('[data-act=deny]').click();
    await left(page, longer.id);
    await at(s.rexianban, '/office', hold.id, '~r1');
    await look(s.rexianban, 'office-suspension', '[data-kind=suspension]');
    await page.keyboard.press('y');
    await left(page, hold.id);
    await at(s.rexianban, '/office', hard.id, '~r1');
    await page.keyboard.press('y');
    await left(page, hard.id);
    s.hard = hard;
    s.hold = hold;
  },
  async deliberation(s) {
    const { page } = s.rexianban;
    await at(s.rexianban, '/office?queue=deliberation', s.hard.id);
    await page.locator('[role=tab][data-action=conclude]').click();
    await look(s.rexianban, 'office-conclude', '[data-act-form=conclude]');
    await page.locator('[role=tab][data-action=assign_duty]').click();
    await fill(page, 'text', '会商认定由市城市管理局牵头办理，市生态环境局配合。');
    await pickUnit(page, 'unit', 'scsglj', 'csj');
    await look(s.rexianban, 'office-duty', '[data-act-form=assign_duty]');
    await page.locator('[data-act=confirm]').click();
    await left(page, s.hard.id);
    await at(s.rexianban, '/office?queue=suspended', s.hold.id);
    await look(s.rexianban, 'office-suspended', '[data-act-form=resume]');
    await page.locator('[data-act=confirm]').click();
    await left(page, s.hold.id);
    await page.goto(`${base}/office?queue=overdue`);
    await look(s.rexianban, 'office-overdue', '.bench-list');
  },
  async supervision(s) {
    const { page } = s.rexianban;
    const { number, id } = s.supervised;
    await page.goto(`${base}/supervision`);
    await page.locator('[data-act=new-supervision]').click();
    await page.locator('[data-field=find-ticket]').click();
    await page.keyboard.type(number);
    await page.locator('.ant-select-item-option').first().click();
    await page.locator('[data-act-form=supervise]').waitFor();
    await page.locator('[data-field=kind] input').nth(1).check();
    await fill(page, 'demand', '请于三日内现场核查并书面反馈。');
    await look(s.rexianban, 'supervision-new', '[data-act-form=supervise]');
    await confirm(page, 'supervise');
    await look(s.rexianban, 'supervision', `${looked(id)} [data-supervision]`);
    await page.locator('[data-act-form=issue_supervise] [data-act=confirm]').click();
    await look(s.rexianban, 'supervision-issued', '[data-supervision][data-state=issued]');
    await page.goto(`${base}/supervision?queue=unit_cards`);
    await look(s.rexianban, 'supervision-cards', '.bench-list');
  },
  async shortcuts(s) {
    const { page } = s.paidan;
    await page.goto(`${base}/dispatch`);
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('?');
    await look(s.paidan, 'shortcuts', '[data-sheet=shortcuts]');
  },
};

await play(story);
