import { Background, Controls, type Edge, MarkerType, type Node, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import type { MenuInfo } from '@/api/contract';
import { isDark, useUi } from '@/app/ui';
import { type T, useT } from '@/i18n';

const kinds: Record<string, string> = {
  say: '播报',
  menu: '菜单',
  collect: '收号',
  hours: '时间',
  language: '语言',
  lookup: '查询',
  queue: '排队',
  voicemail: '留言',
  callback: '回拨',
  transfer: '转接',
  rate: '评价',
  hangup: '挂断',
};

/**
 * Column of each node: the longest way to it from the entry, so that edges lead to the right; those
 * that go back to a node on the way are left out. Unreachable nodes stand at the end.
 */
export function columns(menu: Pick<MenuInfo, 'nodes' | 'edges'>): Map<string, number> {
  const next = new Map<string, string[]>();
  for (const e of menu.edges) next.set(e.from, [...(next.get(e.from) ?? []), e.to]);
  const order: string[] = [];
  const forward = new Map<string, string[]>();
  const state = new Map<string, 'open' | 'left'>();
  const visit = (id: string) => {
    state.set(id, 'open');
    for (const to of next.get(id) ?? []) {
      if (state.get(to) === 'open') continue;
      forward.set(id, [...(forward.get(id) ?? []), to]);
      if (!state.has(to)) visit(to);
    }
    state.set(id, 'left');
    order.unshift(id);
  };
  const depth = new Map<string, number>();
  if (menu.nodes[0]) {
    visit(menu.nodes[0].id);
    depth.set(menu.nodes[0].id, 0);
  }
  for (const id of order) {
    const own = depth.get(id) ?? 0;
    for (const to of forward.get(id) ?? []) depth.set(to, Math.max(depth.get(to) ?? 0, own + 1));
  }
  const last = Math.max(0, ...depth.values());
  for (const n of menu.nodes) if (!depth.has(n.id)) depth.set(n.id, last + 1);
  return depth;
}

/** Distance of two steps and of two nodes of one step, for a graph that lies and one that stands. */
const lying = { step: 330, beside: 96 };
const standing = { step: 128, beside: 240 };

/** Size at which a picture of w by h is seen on the page. */
const seen = (w: number, h: number) => Math.min(1240 / w, 690 / h);

/** Whether the graph is larger on the page from the top down than from left to right. */
function stands(depth: Map<string, number>): boolean {
  const perStep = new Map<number, number>();
  for (const d of depth.values()) perStep.set(d, (perStep.get(d) ?? 0) + 1);
  const steps = perStep.size;
  const widest = Math.max(1, ...perStep.values());
  return (
    seen(widest * standing.beside, steps * standing.step) > seen(steps * lying.step, widest * lying.beside)
  );
}

function layout(menu: MenuInfo, t: T): { nodes: Node[]; edges: Edge[] } {
  const depth = columns(menu);
  const down = stands(depth);
  const rows = new Map<number, number>();
  const live = new Map((menu.live ?? []).map((l) => [l.node, l.calls]));
  const nodes: Node[] = menu.nodes.map((n) => {
    const step = depth.get(n.id) ?? 0;
    const beside = rows.get(step) ?? 0;
    rows.set(step, beside + 1);
    const calls = live.get(n.id) ?? 0;
    return {
      id: n.id,
      position: down
        ? { x: beside * standing.beside, y: step * standing.step }
        : { x: step * lying.step, y: beside * lying.beside },
      sourcePosition: down ? Position.Bottom : Position.Right,
      targetPosition: down ? Position.Top : Position.Left,
      className: 'graph-node',
      style: { width: 190 },
      data: {
        label: (
          <>
            <b>{n.label || n.id}</b>
            <br />
            <span className="muted">
              {t(kinds[n.kind] ?? n.kind)} · <code>{n.id}</code>
            </span>
            {calls > 0 && <b> · {t('{{n}} 通', { n: calls })}</b>}
          </>
        ),
      },
    };
  });
  const joined = new Map<string, Edge>();
  for (const e of menu.edges) {
    const id = `${e.from}>${e.to}`;
    const old = joined.get(id);
    const label = [old?.label, e.label].filter(Boolean).join(' / ');
    joined.set(id, {
      id,
      source: e.from,
      target: e.to,
      label,
      labelBgPadding: [4, 2],
      markerEnd: { type: MarkerType.ArrowClosed },
      animated: (live.get(e.to) ?? 0) > 0,
    });
  }
  return { nodes, edges: [...joined.values()] };
}

export default function MenuGraph({ menu }: { menu: MenuInfo }) {
  const t = useT();
  const dark = useUi(isDark);
  const { nodes, edges } = useMemo(() => layout(menu, t), [menu, t]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      fitView
      colorMode={dark ? 'dark' : 'light'}
      nodesConnectable={false}
      edgesFocusable={false}
      proOptions={{ hideAttribution: true }}
    >
      <Background />
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}
