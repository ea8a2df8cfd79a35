import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { get } from '@/api/http';
import { useT } from '@/i18n';

interface Evidence {
  word: string;
  weight: number;
}

interface Suggestions {
  units: { unit: { id: string; name: string }; share: number; words: Evidence[] }[];
  classes: { class: string; path: string[]; share: number; words: Evidence[] }[];
  similar: { id: string; number: string; title: string; unit?: { id: string; name: string } }[];
  learned: number;
}

/** Units guessed from the text, each with the words that spoke for it; a person takes one or none. */
export function Suggestion({
  ticket,
  unit,
  take,
}: {
  ticket: string;
  unit: string | undefined;
  take: (unit: string) => void;
}) {
  const t = useT();
  const q = useQuery({
    queryKey: ['/suggest', ticket],
    queryFn: ({ signal }) => get<Suggestions>('/suggest', { ticket }, signal),
    staleTime: 60_000,
  });
  if (!q.data) return null;
  if (!q.data.units.length) {
    return (
      <p className="muted small" data-panel="no-suggestion">
        {t('没有相似的派单经验，请按职责选择')}
      </p>
    );
  }
  return (
    <section className="suggestion" data-panel="suggestion">
      <h4>
        {t('按过去的派单推荐')}
        <span className="muted small"> {t('学自 {{n}} 件', { n: q.data.learned })}</span>
      </h4>
      {q.data.units.map((s) => {
        const like = q.data.similar.filter((x) => x.unit?.id === s.unit.id).length;
        return (
          <div key={s.unit.id} className="row" data-suggested={s.unit.id}>
            <span className="grow">
              <b>{s.unit.name}</b> <span className="num">{Math.round(s.share * 100)}%</span>
              <span className="muted small suggestion-why">
                {s.words.length > 0 && t('因为“{{words}}”', { words: s.words.map((w) => w.word).join('、') })}
                {like > 0 && ` ${t('{{n}} 件相似工单派给了它', { n: like })}`}
              </span>
            </span>
            <Button size="small" disabled={unit === s.unit.id} onClick={() => take(s.unit.id)}>
              {unit === s.unit.id ? t('已选') : t('选用')}
            </Button>
          </div>
        );
      })}
    </section>
  );
}
