/** Plausible data for looking at pages without a server. */

export const now = Date.now();
export const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

const seatNames = ['陈晓雯', '李建国', '王丽娟', '赵敏', '孙志强', '周婷婷', '吴海涛', '欧阳美玲'];
const states = [
  'idle',
  'talking',
  'talking',
  'wrap_up',
  'ringing',
  'not_ready',
  'rest',
  'faulty',
  'holding',
  'signed_out',
];

export const seats = Array.from({ length: 24 }, (_, i) => ({
  seat: String(8001 + i),
  account: String(8001 + i),
  name: seatNames[i % seatNames.length],
  group: ['市民一组', '市民二组', '企业与外语组'][i % 3],
  device: 'browser',
  state: states[i % states.length],
  reason: i % 10 === 5 ? 'no_answer' : i % 10 === 6 ? 'meal' : '',
  since: ago((i * 7) % 40),
  registered: i % 10 !== 7,
  auto_answer: false,
  call: [1, 2, 4, 8].includes(i % 10) ? `call-${i}` : undefined,
  queue: [1, 2, 4, 8].includes(i % 10) ? '市民综合' : undefined,
  caller_masked: [1, 2, 4, 8].includes(i % 10) ? `138****${5600 + i}` : undefined,
}));

export const queues = [
  ['citizen', '市民综合', 4, 21.5, 3],
  ['enterprise', '企业服务专席', 0, 0, 2],
  ['english', 'English', 1, 8, 0],
  ['social', '社会保障', 0, 0, 1],
].map(([queue, name, waiting, longest_s, ready]) => ({
  queue,
  name,
  waiting,
  longest_s,
  seats_ready: ready,
  seats_signed_in: 9,
  talking: 5,
  offered: 412,
  answered: 391,
  answered_in_target: 372,
  abandoned: 14,
  abandoned_in_target: 3,
  target_s: 15,
  service_level: queue === 'english' ? 0.71 : 0.903,
  waiters: Array.from({ length: Number(waiting) }, (_, i) => ({
    call: `w-${queue}-${i}`,
    caller_masked: `139****12${i}0`,
    entered_at: new Date(now - (25 - i * 5) * 1000).toISOString(),
    priority: i === 1 ? 5 : 0,
    why: ['head', 'priority', 'score', 'score'][i],
  })),
}));

export const call = {
  id: '019abc00-0000-7000-8000-000000000001',
  direction: 'inbound',
  stage: 'talk',
  caller: '13812345678',
  caller_masked: '138****5678',
  called: '12345',
  line: '',
  queue: 'citizen',
  language: 'zh',
  path: [
    { node: 'main', label: '主菜单', input: '1' },
    { node: 'citizen', label: '市民诉求' },
  ],
  started_at: ago(2),
  entered_at: ago(1.6),
  answered_at: ago(1.4),
  waited_s: 11,
  seat: '8001',
};

export const history = {
  name: '王秀兰',
  gender: 'female',
  kind: 'person',
  tags: ['独居老人'],
  regular: true,
  province: '江苏',
  city: '苏州',
  carrier: '移动',
  repeats: 2,
  blacklisted: false,
  open_tickets: 3,
  tickets: [
    [
      't1',
      '261120001231',
      '小区夜间施工噪音扰民，影响老人休息',
      'complaint',
      'dispatched',
      '市城市管理局',
      3,
      true,
    ],
    ['t2', '261118000462', '自来水水压不足', 'help', 'to_dispatch', '', 5, true],
    ['t3', '261102000157', '咨询高龄补贴申领条件', 'consult', 'closed', '', 22, false],
  ].map(([id, number, title, type, state, unit, days, open]) => ({
    id,
    number,
    title,
    type,
    state,
    unit,
    created_at: ago(Number(days) * 1440),
    open,
  })),
  calls: [
    { id: 'c1', at: ago(4400), agent: '李建国', talk_s: 184, note: 'ticket', recorded: true },
    { id: 'c2', at: ago(7300), agent: '赵敏', talk_s: 62, note: 'answered', recorded: true },
  ],
};

export const recording = {
  id: 'rec1',
  call: 'c1',
  kind: 'call',
  status: 'sealed',
  duration_s: 184,
  channels: 2,
  flaws: [],
  audio_url: '/api/v1/recordings/rec1/audio',
  peaks_url: '/api/v1/recordings/rec1/peaks?n=800',
};

const talk = (phase: number) =>
  Array.from({ length: 800 }, (_, i) => {
    const turn = Math.sin(i / 38 + phase) > 0;
    return turn ? 0.15 + 0.75 * Math.abs(Math.sin(i * 1.7) * Math.cos(i * 0.31)) : 0.02;
  });
export const peaks = { left: talk(0), right: talk(Math.PI), duration_s: 184 };

const titles = [
  '小区夜间施工噪音扰民，影响老人休息',
  '幸福路沿线路灯连续三天不亮，晚上出行不安全',
  '咨询灵活就业人员社会保险补贴办理流程',
  '拖欠农民工工资三个月，项目部拒绝见面协商',
  '表扬城北派出所民警热心帮助走失老人回家',
  '建议在人民公园南门增设共享单车停放点',
];
const types = ['complaint', 'help', 'consult', 'report', 'praise', 'suggestion'];
const stateList = ['to_dispatch', 'draft', 'closed', 'received', 'not_accepted', 'supplement'];

export const ticket = (i: number) => ({
  id: `t${i}`,
  number: stateList[i % 6] === 'draft' ? null : String(261124000010 + i * 7),
  state: stateList[i % 6],
  version: 3,
  type: types[i % 6],
  title: titles[i % 6],
  content:
    '市民来电反映：幸福路 88 号阳光花园南侧工地，自 11 月 18 日起每晚 23 点以后仍在浇筑混凝土，噪音很大，家中有 82 岁老人无法休息，曾向工地反映未果。希望有关部门夜间到现场查处，并把结果告知本人。',
  answer: i % 6 === 2 ? '已告知市民：灵活就业补贴请携带身份证、就业登记证明到社区窗口办理。' : '',
  urgency: i % 4 === 1 ? 'urgent' : 'normal',
  source: i % 5 === 4 ? 'mayor_mailbox' : 'phone',
  secret: i % 6 === 3,
  caller: {
    name: '王秀兰',
    gender: 'female',
    kind: 'person',
    phone_masked: '138****5678',
    contact_same_as_caller: true,
  },
  place: { area: ['3205', '320508'], address: '幸福路 88 号阳光花园 3 幢' },
  class_id: 'noise',
  class_path: ['城市管理', '施工管理', '噪声扰民'],
  subject: { name: '阳光花园南侧工地' },
  need_reply: true,
  need_follow_up: true,
  tags: ['老年人'],
  unit: i % 6 === 0 ? undefined : { id: 'cg', name: '市城市管理局' },
  editable: true,
  owner_account: '8001',
  owner_name: '陈晓雯',
  calls: [
    { id: 'c1', role: 'complaint', at: ago(200 + i), agent: '陈晓雯', talk_s: 184, recordings: [recording] },
  ],
  urges: i % 3,
  created_at: ago(200 + i * 300),
  updated_at: ago(190 + i * 300),
  submitted_at: ago(195 + i * 300),
  allowed_actions: [
    { name: 'submit', label: '提交派单', primary: true, needs: [] },
    { name: 'close_direct', label: '直办办结', primary: false, needs: ['opinion'] },
    { name: 'refuse', label: '不予受理', primary: false, needs: ['reason'] },
  ],
  flow: [
    {
      seq: 1,
      at: ago(200),
      actor: '8001',
      actor_name: '陈晓雯',
      event: 'create',
      from: '',
      to: 'draft',
      opinion: '',
    },
    {
      seq: 2,
      at: ago(195),
      actor: '8001',
      actor_name: '陈晓雯',
      event: 'submit',
      from: 'draft',
      to: 'to_dispatch',
      opinion: '请城管夜间到现场核查',
    },
    {
      seq: 3,
      at: ago(60),
      actor: '8002',
      actor_name: '李建国',
      event: 'urge',
      from: 'to_dispatch',
      to: 'to_dispatch',
      opinion: '市民再次来电，昨夜仍在施工',
    },
  ],
});

export const callRecord = (i: number) => ({
  id: `c${i}`,
  direction: 'inbound',
  caller_masked: '138****5678',
  called: '12345',
  line: '',
  started_at: ago(10 + i * 13),
  path: call.path,
  queue: 'citizen',
  queue_name: '市民综合',
  entered_at: ago(9.8 + i * 13),
  waited_s: 11,
  seats: [
    {
      seat: '8001',
      account: '8001',
      name: '陈晓雯',
      offered_at: ago(9.5 + i * 13),
      answered_at: ago(9.4 + i * 13),
      talk_s: 184,
      hold_s: 12,
      why: 'hung_up_rating',
    },
  ],
  answered_at: ago(9.4 + i * 13),
  ended_at: ago(6 + i * 13),
  end: { side: 'seat', stage: 'talk', cause: i % 4 === 3 ? 'queue_abandoned' : 'normal' },
  rating: i % 3 === 0 ? 1 : null,
  note: { note: 'ticket', text: '' },
  recordings: [recording],
  tickets: [{ id: 't0', number: '261124000010', title: titles[0], state: 'to_dispatch' }],
  timeline: [
    { at: ago(10), type: 'call.started' },
    { at: ago(9.9), type: 'call.menu', label: '主菜单', input: '1' },
    { at: ago(9.8), type: 'call.queued', queue: 'citizen' },
    { at: ago(9.5), type: 'call.offered', seat: '8001' },
    { at: ago(9.4), type: 'call.answered', seat: '8001' },
    { at: ago(6), type: 'call.ended' },
  ],
});

export const callback = (i: number) => ({
  id: `cb${i}`,
  kind: ['voicemail', 'callback', 'missed'][i % 3],
  caller_masked: `139****88${10 + i}`,
  queue: '市民综合',
  entered_at: ago(30 + i * 40),
  state: ['waiting', 'taken', 'done'][Math.floor(i / 4) % 3],
  taken_by: i >= 4 ? '8001' : '',
  attempts: i > 5 ? [{ at: ago(20), call: 'c2', outcome: 'no_answer' }] : [],
  recording: i % 3 === 0 ? { ...recording, kind: 'voicemail', channels: 1 } : null,
});

export const menu = {
  name: '12345',
  version: '2026-11-20',
  nodes: [
    ['welcome', 'say', '欢迎语与录音告知'],
    ['main', 'menu', '主菜单'],
    ['citizen', 'queue', '市民综合'],
    ['enterprise', 'queue', '企业服务专席'],
    ['progress', 'lookup', '工单进度查询'],
    ['guide', 'say', '办事指南播报'],
    ['english', 'queue', 'English'],
    ['vm', 'voicemail', '留言'],
  ].map(([id, kind, label]) => ({ id, kind, label })),
  edges: [
    ['welcome', 'main', ''],
    ['main', 'citizen', '1 / 0 / 无按键'],
    ['main', 'enterprise', '2'],
    ['main', 'progress', '3'],
    ['main', 'guide', '4'],
    ['main', 'english', '9'],
    ['guide', 'main', ''],
    ['progress', 'citizen', '0'],
    ['citizen', 'vm', '排队 2'],
  ].map(([from, to, on]) => ({ from, to, label: on })),
  faults: [{ file: '12345.yaml', line: 42, code: 'missing_prompt', message: '提示音 guide.closed 没有录音' }],
};
