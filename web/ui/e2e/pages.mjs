// Opens every page as the person it is for and writes what it found as one line of JSON each:
// { page, account, landmark, faults, axe, raw }. A page is sound when landmark is true and the
// three lists are empty. Ends with the last page.
//
// Environment: BROWSER (program), URL (server), SHOTS (folder of the pictures), PASSWORD (demo people).
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { judged } from './soundness.mjs';

const { BROWSER, URL: base, SHOTS, PASSWORD, ONLY } = process.env;
const desktop = { width: 1440, height: 900 };
const wall = { width: 1920, height: 1080 };
const handheld = { width: 390, height: 844 };

/** A call with a recording, as the account sees it. */
async function recordedCall(api) {
  const { items } = await (await api.get(`${base}/api/v1/calls?limit=50`)).json();
  return (
    items.find((c) => c.recordings?.length && c.tickets?.length) ?? items.find((c) => c.recordings?.length)
  );
}

const admin = (name, landmark = '.ant-table-row') => ({
  name: `admin-${name}`,
  account: 'admin',
  path: `/admin/${name}`,
  landmark,
});

/** Every page, whose it is, and what proves that it has its content and not only its frame. */
const pages = [
  { name: 'signin', path: '/signin', landmark: '[data-guide]' },
  { name: 'signin-390', path: '/signin', landmark: '[data-guide]', size: handheld },
  { name: 'citizen', path: '/demo/citizen', landmark: '[data-citizen]' },
  { name: 'citizen-390', path: '/demo/citizen', landmark: '[data-citizen]', size: handheld },
  {
    name: 'citizen-phone',
    path: '/demo/citizen',
    landmark: '[data-phone][data-reg=on]',
    click: '[data-citizen]',
  },
  {
    name: 'citizen-phone-390',
    path: '/demo/citizen',
    landmark: '[data-phone][data-reg=on]',
    click: '[data-citizen]',
    size: handheld,
  },
  { name: 'docs', path: '/docs', landmark: '[data-operation]' },
  { name: 'desk', account: '8002', path: '/desk', landmark: '[data-act=seat-sign-in]' },
  { name: 'agent-tickets', account: '8002', path: '/tickets', landmark: '.ant-table-row' },
  { name: 'agent-intake', account: '8002', path: '/intake', landmark: '[data-item]' },
  { name: 'agent-callbacks', account: '8002', path: '/callbacks', landmark: '.ant-table-row' },
  { name: 'agent-calls', account: '8002', path: '/calls', landmark: '.ant-table' },
  { name: 'forbidden', account: '8002', path: '/admin/accounts', landmark: '.ant-result' },
  { name: 'not-found', account: '8002', path: '/nowhere', landmark: '.ant-result' },
  { name: 'floor', account: 'banzhang', path: '/floor', landmark: '[data-board] [data-seat]' },
  {
    name: 'floor-1920',
    account: 'banzhang',
    path: '/floor',
    landmark: '[data-board] [data-seat]',
    size: wall,
  },
  { name: 'tickets', account: 'banzhang', path: '/tickets', landmark: '.ant-table-row' },
  {
    name: 'ticket',
    account: 'banzhang',
    path: async (api) => `/tickets/${(await recordedCall(api)).tickets[0].id}`,
    landmark: '[data-ticket] [data-recording]',
  },
  { name: 'calls', account: 'banzhang', path: '/calls', landmark: '.ant-table-row' },
  {
    name: 'call',
    account: 'banzhang',
    path: async (api) => `/calls/${(await recordedCall(api)).id}`,
    landmark: '[data-call] [data-recording]',
  },
  { name: 'callbacks', account: 'banzhang', path: '/callbacks', landmark: '.ant-table-row' },
  { name: 'office-tickets', account: 'rexianban', path: '/tickets', landmark: '.ant-table-row' },
  { name: 'dispatch', account: 'paidan', path: '/', landmark: '[data-brief], .bench-none' },
  { name: 'review', account: 'shenhe', path: '/', landmark: '[data-brief], .bench-none' },
  { name: 'followup', account: 'huifang', path: '/', landmark: '[data-brief], .bench-none' },
  { name: 'office', account: 'rexianban', path: '/', landmark: '[data-brief], .bench-none' },
  { name: 'supervision', account: 'rexianban', path: '/supervision', landmark: '[data-brief], .bench-none' },
  { name: 'unit-tickets', account: 'pt-xxb-jb', path: '/tickets', landmark: '.ant-table' },
  { name: 'unit-desk', account: 'pt-xxb-jb', path: '/dept', landmark: '[data-queue-shown]' },
  { name: 'department-people', account: 'pt-xxb', path: '/department', landmark: '[data-act=add-person]' },
  {
    name: 'department-info',
    account: 'pt-xxb',
    path: '/department?tab=info',
    landmark: '[data-act=save-department]',
  },
  { name: 'announcements', account: 'rexianban', path: '/announcements', landmark: '[data-act=announce]' },
  { name: 'profile', account: 'pt-xxb-jb', path: '/profile', landmark: '[data-panel=profile]' },
  { name: 'daily', account: 'rexianban', path: '/reports/daily', landmark: '[data-report]' },
  { name: 'daily-unit', account: 'pt-xxb', path: '/reports/daily', landmark: '[data-report]' },
  { name: 'knowledge', account: '8002', path: '/knowledge', landmark: 'main' },
  { name: 'search', account: 'rexianban', path: '/search', landmark: '.ant-table-row' },
  {
    name: 'unit-desk-390',
    account: 'pt-xxb-jb',
    path: '/dept',
    landmark: '[data-queue-shown]',
    size: handheld,
  },
  { name: 'unit-leader', account: 'pt-xxb', path: '/leader', landmark: '[data-leader] [data-rate]' },
  {
    name: 'unit-leader-390',
    account: 'pt-xxb',
    path: '/leader',
    landmark: '[data-leader] [data-rate]',
    size: handheld,
  },
  { name: 'city-leader', account: 'shizhang', path: '/city', landmark: '[data-city] [data-figure]' },
  admin('accounts'),
  admin('roles'),
  admin('seats'),
  admin('skills'),
  admin('queues'),
  admin('classes', '.ant-tree-treenode, .ant-table-row'),
  admin('policy', '[data-policy]'),
  admin('calendar', '[data-year]'),
  admin('catalogue'),
  admin('triage'),
  admin('lines'),
  admin('menus', '.react-flow__node'),
  admin('prompts'),
  admin('blacklist', '.ant-table'),
  admin('templates'),
  admin('messages', '.ant-table'),
  admin('audit'),
  admin('health', '[data-part]'),
];

const browser = await chromium.launch({
  executablePath: BROWSER,
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ],
});

/** A tab of its own for one person, with what went wrong in it since it was last asked. */
async function tabOf(account) {
  const context = await browser.newContext({
    viewport: desktop,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    permissions: ['microphone'],
    reducedMotion: 'reduce',
  });
  if (account)
    await context.request.post(`${base}/api/v1/session`, { data: { account, password: PASSWORD } });
  const tab = { page: await context.newPage(), api: context.request, size: desktop, faults: [] };
  tab.page.on('pageerror', (e) => tab.faults.push(String(e.stack ?? e)));
  tab.page.on('console', (m) => {
    // Being asked who one is before signing in is what the sign-in page is for.
    if (m.type() === 'error' && !(m.location().url.endsWith('/api/v1/session') && /401/.test(m.text())))
      tab.faults.push(m.text());
  });
  return tab;
}

async function visit(tab, p) {
  const { page } = tab;
  tab.faults = [];
  const size = p.size ?? desktop;
  if (size !== tab.size) await page.setViewportSize(size);
  tab.size = size;
  await page.goto(base + (typeof p.path === 'string' ? p.path : await p.path(tab.api)));
  if (p.click) await page.locator(p.click).first().click();
  const landmark = await page
    .locator(p.landmark)
    .first()
    .waitFor({ state: 'visible', timeout: 10_000 })
    .then(
      () => true,
      () => false,
    );
  await page
    .waitForFunction(() => !document.querySelector('.ant-skeleton-active, .ant-spin-spinning'), null, {
      timeout: 5_000,
    })
    .catch(() => tab.faults.push('still loading'));
  await page.screenshot({ path: join(SHOTS, `page-${p.name}.png`) });
  const { axe, raw, wide } = await judged(page);
  if (wide > 1) tab.faults.push(`the page is ${wide} px wider than its window`);
  return {
    page: p.name,
    account: p.account ?? '',
    landmark,
    faults: tab.faults,
    axe,
    raw: p.name === 'docs' ? [] : raw,
  };
}

const people = new Map();
for (const p of pages.filter((p) => new RegExp(ONLY ?? '').test(p.name))) {
  const account = p.account ?? '';
  people.set(account, [...(people.get(account) ?? []), p]);
}
await Promise.all(
  [...people].map(async ([account, list]) => {
    const tab = await tabOf(account);
    for (const p of list) {
      const found = await visit(tab, p).catch((e) => ({
        page: p.name,
        account,
        landmark: false,
        faults: [String(e.message ?? e)],
        axe: [],
        raw: [],
      }));
      process.stdout.write(`${JSON.stringify(found)}\n`);
    }
  }),
);
await browser.close();
