// The knowledge base and the search as people use them: an agent finds an article and reports an
// error, a department submits one, the knowledge administrator publishes it and sees what changed,
// the hotline office searches, keeps the filter and exports what it found. Writes one line of JSON
// for each step, { step, ok, detail }; ends with exit code 1 when one failed.
//
// Environment: BROWSER (program), URL (server, its host is localhost), SHOTS (folder of the pictures).
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { BROWSER = '/usr/bin/chromium', URL: base = 'http://localhost:8080', SHOTS = '.' } = process.env;
const at = (account, path) => base.replace('//', `//${account}.`) + path;

const browser = await chromium.launch({
  executablePath: BROWSER,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
  ],
});
let failed = false;
const problems = [];

/** A page of the account at 1440×900. */
async function open(account, path) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (e) => problems.push(`${account} ${path}: ${e.message}`));
  await page.goto(at(account, path));
  return page;
}

async function step(name, page, run) {
  let ok = true;
  let detail = '';
  try {
    await run();
  } catch (e) {
    ok = false;
    detail = String(e).split('\n')[0];
    failed = true;
  }
  await page.screenshot({ path: join(SHOTS, `knowledge-${name}.png`) });
  console.log(JSON.stringify({ step: name, ok, detail }));
}

const agent = await open('8001', '/knowledge');
await step('agent-finds', agent, async () => {
  await agent.fill('[data-field=q] input, input[data-field=q]', '供暖');
  await agent.keyboard.press('Enter');
  await agent.click('[data-row] >> text=供暖温度');
  await agent.waitForSelector('.rich h4');
});
await step('agent-reports', agent, async () => {
  await agent.click('[data-act=report]');
  await agent.fill('.ant-modal textarea', '供热公司客服电话已变更，请核对');
  await agent.click('.ant-modal .ant-btn-primary');
  await agent.waitForSelector('.ant-modal', { state: 'hidden' });
});

const clerk = await open('pt-rsj-jb', '/knowledge');
const title = `工龄认定怎样办理 ${Date.now() % 100000}`;
await step('department-writes', clerk, async () => {
  await clerk.click('[data-act=write-article]');
  await clerk.fill('#k-title', title);
  await clerk.fill('#k-category', '劳动就业');
  await clerk.keyboard.press('Enter');
  await clerk.fill('textarea[data-field=body]', '## 材料\n- 档案\n<script>alert(1)</script>\n**先预约**');
  await clerk.waitForSelector('.k-write .rich li');
});
await step('department-submits', clerk, async () => {
  await clerk.click('#save-article');
  await clerk.click('[data-act=submit]');
  await clerk.waitForSelector('.k-head >> text=待审核');
});

const editor = await open('zhishi', '/knowledge?show=review');
await step('review-queue', editor, async () => {
  await editor.click(`[data-row] >> text=${title}`);
  await editor.waitForSelector('.rich >> text=<script>alert(1)</script>');
  await editor.click('[data-act=publish]');
  await editor.waitForSelector('.k-head >> text=已发布');
});
await step('expiring', editor, async () => {
  await editor.goto(at('zhishi', '/knowledge?show=expiring'));
  await editor.waitForSelector('[data-row]');
});
await step('versions', editor, async () => {
  await editor.goto(at('zhishi', '/knowledge?q=供暖温度'));
  await editor.click('[data-row]');
  await editor.click('.ant-segmented-item >> text=版本');
  await editor.click('[data-act=diff]');
  await editor.waitForSelector('[data-panel=diff] ins');
});
await step('errors', editor, async () => {
  await editor.goto(at('zhishi', '/knowledge?show=reports'));
  await editor.click('[data-act=handle-report]');
  await editor.fill('.ant-modal textarea', '已核对更新');
  await editor.click('.ant-modal .ant-btn-primary');
  await editor.waitForSelector('.ant-modal', { state: 'hidden' });
});

const office = await open('rexianban', '/search');
await step('search-all', office, async () => {
  await office.waitForSelector('[data-list] [data-row]');
  await office.waitForSelector('[data-panel=statistics] .search-bar');
});
await step('search-words', office, async () => {
  await office.goto(at('rexianban', '/search?q=噪音'));
  await office.waitForSelector('[data-list] mark');
});
await step('search-keeps', office, async () => {
  await office.click('[data-act=saved-filters]');
  await office.fill('.search-saved input', `噪音 ${Date.now() % 100000}`);
  await office.click('[data-act=save-filter]');
  await office.waitForSelector('[data-filter]');
  await office.keyboard.press('Escape');
});
await step('search-exports', office, async () => {
  await office.click('[data-act=exports]');
  await office.click('[data-act=export]');
  await office.waitForSelector('[data-export=done] [data-act=download]', { timeout: 60_000 });
});

const unit = await open('pt-hbj', '/search');
await step('search-of-a-unit', unit, async () => {
  await unit.waitForSelector('[data-panel=statistics]');
});

console.log(JSON.stringify({ step: 'page errors', ok: problems.length === 0, detail: problems.join(' | ') }));
await browser.close();
process.exit(failed || problems.length ? 1 : 0);
