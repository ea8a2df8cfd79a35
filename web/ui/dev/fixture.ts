import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { WebSocketServer } from 'ws';
import * as d from './data';
import { life, queueCounts, queueItems, units } from './life';

const list = (items: unknown[]) => ({ items, total: items.length });
const many = <T>(n: number, f: (i: number) => T) => Array.from({ length: n }, (_, i) => f(i));

const accountOf = (req: IncomingMessage) => {
  const host = (req.headers.host ?? '').split('.')[0] ?? '';
  return (req.headers.host ?? '').includes('.localhost') ? host : null;
};

function session(account: string) {
  const agent = /^8\d{3}$/.test(account);
  if (account.startsWith('pt-')) {
    const clerk = account.endsWith('-jb');
    return {
      account,
      name: clerk ? '林志明' : '信息办领导',
      roles: [clerk ? 'unit_clerk' : 'unit_leader'],
      permissions: ['ticket.list', 'ticket.act'],
      seat: '',
      unit: { id: 'xxb', name: '市信息办' },
      demo: true,
      timezone: 'Asia/Shanghai',
      version: 'fixture',
    };
  }
  return {
    account,
    name: agent ? '陈晓雯' : account === 'banzhang' ? '刘班长' : '系统管理员',
    roles: [agent ? 'agent' : account === 'banzhang' ? 'supervisor' : 'admin'],
    permissions: agent
      ? [
          'floor.seat',
          'call.list',
          'call.play',
          'callback.work',
          'ticket.create',
          'ticket.list',
          'ticket.act',
        ]
      : account === 'banzhang'
        ? [
            'floor.watch',
            'floor.force',
            'call.list',
            'call.play',
            'callback.work',
            'ticket.list',
            'ticket.act',
            'ticket.drafts',
          ]
        : [
            'accounts',
            'seats',
            'queues',
            'classes',
            'lines',
            'menus',
            'prompts',
            'audit',
            'health',
            'blacklist',
          ].map((x) => `admin.${x}`),
    seat: agent ? account : '',
    unit: null,
    demo: true,
    timezone: 'Asia/Shanghai',
    version: 'fixture',
  };
}

const classes = [
  ['city', '', ['城市管理']],
  ['site', 'city', ['城市管理', '施工管理']],
  ['noise', 'site', ['城市管理', '施工管理', '噪声扰民'], 'zsrm'],
  ['utility', '', ['公用事业']],
  ['water', 'utility', ['公用事业', '停水'], 'ts'],
  ['labour', '', ['劳动保障']],
  ['wage', 'labour', ['劳动保障', '拖欠工资'], 'tqgz'],
].map(([id, parent, path, initials]) => ({
  id,
  parent,
  path,
  name: (path as string[]).at(-1),
  initials,
  leaf: !!initials,
}));

const routes: [
  RegExp,
  (m: RegExpMatchArray, req: IncomingMessage, body: Record<string, unknown>) => unknown,
][] = [
  [
    /^GET \/public$/,
    () => ({
      demo: true,
      captcha_always: false,
      cards: [
        ['8001', '陈晓雯', 'agent'],
        ['8002', '李建国', 'agent'],
        ['banzhang', '刘班长', 'supervisor'],
        ['shouli', '何受理', 'intake'],
        ['paidan', '郑派单', 'dispatcher'],
        ['rexianban', '热线办', 'office'],
        ['zhijian', '钱质检', 'quality'],
        ['admin', '系统管理员', 'admin'],
        ['pt-xxb', '信息办领导', 'unit_leader'],
      ].map(([account, name, role]) => ({ account, name, role, url: `http://${account}.localhost:5173/` })),
    }),
  ],
  [
    /^GET \/demo$/,
    () => ({
      traffic_per_minute: 5,
      clock_offset_days: 0,
      citizens: [
        { id: 'wang', name: '老户王女士', number: '13812345678', note: '有 3 件在办工单' },
        { id: 'corp', name: '恒达机械公司', number: '05126788321', note: '企业诉求' },
        { id: 'anon', name: '匿名来电', number: '', note: '不显示号码' },
        { id: 'john', name: 'John Miller', number: '13900001111', note: '讲英语' },
      ],
    }),
  ],
  [/^GET \/desk\/queues$/, () => list(queueCounts)],
  [
    /^GET \/desk\/queues\/(.+)$/,
    (m) => list(m[1] === 'unit_decide' ? [] : queueItems(m[1] === 'unit_done' ? 50 : 12)),
  ],
  [/^(GET|POST) \/tickets\/(life|q\d+)/, () => life()],
  [/^GET \/tickets\/drafts$/, () => list([{ ...d.ticket(1), state: 'draft' }])],
  [/^GET \/tickets\/drafts\/all$/, () => list([d.ticket(1), d.ticket(7)])],
  [/^GET \/tickets\/similar$/, () => list(many(2, d.ticket))],
  [/^GET \/tickets$/, () => ({ ...list(many(20, d.ticket)), next_cursor: 'x' })],
  [
    /^POST \/tickets$/,
    (_m, _r, b) => ({
      ...d.ticket(1),
      ...b,
      id: `new${Date.now()}`,
      version: 1,
      type: '',
      title: '',
      content: '',
      number: null,
      calls: b.call ? [{ id: b.call, role: 'complaint', at: d.ago(1) }] : [],
    }),
  ],
  [
    /^PATCH \/tickets\/(.+)$/,
    (m, _r, b) => ({ ...d.ticket(1), answer: '', ...b, id: m[1], version: Number(b.version) + 1 }),
  ],
  [
    /^POST \/tickets\/(.+)\/actions\/(.+)$/,
    (m) => ({ ...d.ticket(0), id: m[1], number: '261124001236', query_code: '482915' }),
  ],
  [/^GET \/tickets\/t?(\d+)$/, (m) => d.ticket(Number(m[1]) % 50)],
  [/^POST \/tickets\//, () => d.ticket(0)],
  [/^GET \/classes$/, () => list(classes)],
  [
    /^GET \/areas$/,
    () =>
      list([
        { code: '3205', name: '苏州市' },
        { code: '320508', parent: '3205', name: '姑苏区' },
      ]),
  ],
  [/^GET \/seats$/, () => list(d.seats)],
  [
    /^GET \/contacts$/,
    () =>
      list([
        { label: '市水务集团值班', number: '96998', kind: 'department' },
        { label: '日语译员', number: '18900001234', number_masked: '189****1234', kind: 'interpreter' },
      ]),
  ],
  [/^GET \/calls$/, () => list(many(30, d.callRecord))],
  [/^GET \/calls\/(.+)$/, () => d.callRecord(0)],
  [/^GET \/recordings\/.+\/peaks/, () => d.peaks],
  [/^GET \/callbacks$/, () => list(many(9, d.callback))],
  [/^GET \/units$/, () => list(units)],
  [
    /^GET \/admin\/accounts$/,
    () =>
      list(
        d.seats.slice(0, 12).map((x) => ({
          account: x.account,
          name: x.name,
          roles: ['agent'],
          seat: x.seat,
          disabled: false,
          locked: x.seat === '8003',
          mobile_masked: '138****0000',
          last_sign_in: d.ago(90),
        })),
      ),
  ],
  [
    /^GET \/admin\/roles$/,
    () =>
      list([
        {
          code: 'agent',
          label: '坐席',
          permissions: { 'floor.seat': 'own', 'call.list': 'own', 'ticket.create': 'own' },
        },
        { code: 'supervisor', label: '班长', permissions: { 'floor.watch': 'all', 'floor.force': 'all' } },
      ]),
  ],
  [
    /^GET \/admin\/seats$/,
    () =>
      list(
        d.seats.map((x) => ({
          id: x.seat,
          account: x.account,
          group: x.group,
          auto_answer: false,
          wrap_up_s: 60,
          disabled: false,
          skills: { citizen: 8, english: 3 },
          queues: ['citizen'],
        })),
      ),
  ],
  [
    /^GET \/admin\/skills$/,
    () =>
      list([
        { id: 'citizen', name: '市民综合', kind: 'domain' },
        { id: 'english', name: '英语', kind: 'language' },
      ]),
  ],
  [
    /^GET \/admin\/queues$/,
    () =>
      list([
        {
          id: 'citizen',
          name: '市民综合',
          target_s: 15,
          max_length: 50,
          max_wait_s: 600,
          strategy: 'longest_idle',
          skills: { citizen: 3 },
          relax: [{ after_s: 30, skill: 'citizen', level: 0 }],
          overflow: [],
        },
      ]),
  ],
  [
    /^GET \/admin\/lines$/,
    () =>
      list([
        { called: '12345', label: '', menu: '12345', queue: 'citizen' },
        { called: '12315', label: '消费维权', menu: '', queue: 'citizen' },
      ]),
  ],
  [/^GET \/admin\/menus$/, () => list([d.menu])],
  [
    /^GET \/admin\/prompts$/,
    () =>
      list([
        {
          id: 'welcome',
          text: '您好，欢迎拨打 12345 政务服务便民热线，通话将被录音。',
          lang: 'zh',
          kind: 'synthesised',
          audio_url: '/x',
        },
      ]),
  ],
  [
    /^GET \/admin\/audit$/,
    () =>
      list(
        many(12, (i) => ({
          id: i,
          at: d.ago(i * 9),
          actor: '8001',
          act: 'recording.play',
          object: 'rec1',
          detail: '',
          remote: '127.0.0.1',
        })),
      ),
  ],
  [/^GET \/admin\/blacklist$/, () => list([])],
  [
    /^GET \/admin\/health$/,
    () => ({
      status: 'degraded',
      parts: { switch: { ok: true }, redis: { ok: false, detail: 'connection refused' } },
    }),
  ],
];

async function api(req: IncomingMessage, res: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const c of req) chunks.push(c as Buffer);
  const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString() || '{}') : {};
  const path = (req.url ?? '').split('?')[0] ?? '';
  const send = (status: number, v: unknown) => {
    res.statusCode = status;
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify(v));
  };
  if (path === '/session') {
    const account = req.method === 'POST' ? String(body.account) : accountOf(req);
    return account ? send(200, session(account)) : send(401, { code: 'not_signed_in' });
  }
  for (const [re, f] of routes) {
    const m = `${req.method} ${path}`.match(re);
    if (m) return send(200, f(m, req, body));
  }
  send(req.method === 'GET' ? 404 : 200, req.method === 'GET' ? { code: 'not_found' } : {});
}

/** A server of canned answers inside Vite, for looking at pages. It is no part of the product. */
export const fixtureServer = (): Plugin => ({
  name: 'fixture-server',
  configureServer(vite) {
    vite.middlewares.use('/api/v1', (req, res) => void api(req, res));
    const wss = new WebSocketServer({ noServer: true });
    vite.httpServer?.on('upgrade', (req, socket, head) => {
      if (!req.url?.startsWith('/ws')) return;
      wss.handleUpgrade(req, socket, head, (ws) => {
        let seq = 1;
        const send = (type: string, data: unknown) =>
          ws.send(JSON.stringify({ id: `1-${seq++}`, type, data }));
        const account = accountOf(req) ?? '';
        const seat = {
          ...d.seats[0],
          seat: account,
          device: 'phone',
          state: 'signed_out',
          reason: '',
          since: new Date().toISOString(),
          registered: true,
          call: undefined as string | undefined,
        };
        const put = (c: Partial<typeof seat> & Record<string, unknown>) => {
          Object.assign(seat, { since: new Date().toISOString() }, c);
          send('seat', seat);
        };
        send('hello', { account, seat: account, floor: '', desk: '', server_time: new Date().toISOString() });
        if (/^8/.test(account)) send('seat', seat);
        send('queues', d.queues);
        const current = { ...d.call, answered_at: new Date().toISOString() };
        ws.on('message', (raw) => {
          const f = JSON.parse(String(raw));
          send('reply', { ref: f.ref, ok: true });
          if (f.type === 'board.watch')
            send('board', {
              seats: d.seats,
              queues: d.queues,
              alarms: [{ code: 'recording_flaw', detail: '通话 c3：坐席一侧无声', on: true }],
            });
          if (f.type === 'seat.sign_in') put({ state: 'not_ready', reason: 'signed_in' });
          if (f.type === 'call.hangup') {
            send('call', {
              ...current,
              end: { side: 'seat', stage: 'talk', cause: 'normal', at: new Date().toISOString() },
            });
            put({ state: 'wrap_up', wrap_up_ends: new Date(Date.now() + 60_000).toISOString() });
          }
          if (f.type === 'call.hold') put({ state: 'holding' });
          if (f.type === 'call.resume') put({ state: 'talking' });
          if (f.type === 'call.consult') {
            send('call', {
              ...current,
              parties: [
                { id: 'p1', kind: 'number', label: f.data.label ?? f.data.number, state: 'consulting' },
              ],
            });
            put({ state: 'consult' });
          }
          if (f.type === 'seat.wrap_up_done') put({ state: 'idle', call: undefined });
          if (f.type === 'seat.wish') {
            put({ state: f.data.state, reason: f.data.reason });
            if (f.data.state === 'idle') {
              setTimeout(() => {
                send('pop', {
                  call: { ...current, stage: 'ringing', answered_at: undefined },
                  history: d.history,
                  complete: true,
                });
                put({ state: 'ringing', call: d.call.id });
              }, 500);
              setTimeout(() => {
                current.answered_at = new Date().toISOString();
                send('call', current);
                put({ state: 'talking', call: d.call.id });
              }, 1000);
            }
          }
        });
      });
    });
  },
});
