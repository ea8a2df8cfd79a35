import type { LegView, Light, Ticket } from '@/api/contract';

/** Who has to do what by when. Texts are keys of their translations. */
export interface Must {
  who: string;
  what: string;
  /** What the act is about: the kind of a request. */
  of?: string;
  at?: string;
  light?: Light;
  remains?: string;
  /** 1 the hotline dispatched to it, 2 below that; 0 the hotline itself. */
  level: number;
  /** It is up to the unit of who looks. */
  mine?: boolean;
}

/** The stage of the hotline that has the ticket, and who works there. */
const stages: Record<string, [string, string]> = {
  draft: ['坐席', '提交派单'],
  received: ['受理员', '受理'],
  supplement: ['坐席', '补充提交'],
  to_dispatch: ['派单员', '派单'],
  under_review: ['审核员', '审核'],
  to_follow_up: ['回访员', '回访'],
  deliberation: ['热线办', '给出会商结论'],
};

/** What a unit has to do next, by the state of its part. */
const legWork: Record<string, string> = {
  to_sign: '签收',
  handling: '办理答复',
  delegated: '汇总上报',
  to_compile: '汇总上报',
  return_asked: '办理答复',
  with_leader: '领导审核上报',
};

const openLeg = (l: LegView) => l.state in legWork;

function mustOfLeg(l: LegView): Must {
  const toSign = l.state === 'to_sign' && !!l.sign_due_at;
  return {
    who: l.unit.name,
    what: l.level > 1 && l.state === 'handling' ? '办理' : (legWork[l.state] ?? ''),
    at: toSign ? l.sign_due_at : l.due_at,
    light: l.light,
    remains: toSign ? undefined : l.remains,
    level: l.level,
    mine: l.mine,
  };
}

/** Who must act now by when: the hotline's stage, or every unit that still has its part open. */
export function mustsOf(x: Ticket): Must[] {
  const decisions = (x.requests ?? [])
    .filter((r) => r.state === 'open')
    .map((r) => ({ who: '热线办', what: '决定', of: r.kind_label, at: r.decide_due_at, level: 0 }));
  if (x.state === 'dispatched' || x.state === 'suspended') {
    const legs = (x.legs ?? []).filter(openLeg).sort((a, b) => a.level - b.level || order(a) - order(b));
    return [...legs.map(mustOfLeg), ...decisions];
  }
  const stage = stages[x.state];
  if (!stage) return decisions;
  const [role, what] = stage;
  return [
    {
      who: x.owner_name ? `${role} ${x.owner_name}` : role,
      what,
      at: x.stage_due_at ?? (x.state === 'received' ? x.due_at : undefined),
      light: x.light,
      remains: x.remains,
      level: 0,
    },
    ...decisions,
  ];
}

const order = (l: LegView) => (l.role === 'lead' ? 0 : 100) + l.n;

/** The worst light of all that must act. */
export function worstLight(musts: Must[]): Light {
  for (const light of ['red', 'yellow', 'green'] as const)
    if (musts.some((m) => m.light === light)) return light;
  return '';
}

/** The legs as they hang together: a unit, then the units below it. */
export interface LegNode {
  leg: LegView;
  below: LegNode[];
}

/** The tree of the legs, the newest round of a unit first among equals by number. */
export function treeOf(legs: LegView[]): LegNode[] {
  const known = new Set(legs.map((l) => l.n));
  const below = (parent: number): LegNode[] =>
    legs
      .filter((l) => (l.parent && known.has(l.parent) ? l.parent : 0) === parent)
      .map((leg) => ({ leg, below: below(leg.n) }));
  return below(0);
}
