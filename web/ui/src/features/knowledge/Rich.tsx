import { Fragment, type Key } from 'react';
import { blocksOf, type Span } from './rich';

function Line({ spans }: { spans: Span[] }) {
  return spans.map((s, i) => {
    const key: Key = `${i}${s.text}`;
    if (s.href)
      return (
        <a key={key} href={s.href} target="_blank" rel="noreferrer">
          {s.text}
        </a>
      );
    return s.strong ? <b key={key}>{s.text}</b> : <Fragment key={key}>{s.text}</Fragment>;
  });
}

/** A plain rich text: whatever looks like HTML in it is shown as text. */
export function Rich({ body }: { body: string }) {
  return (
    <div className="rich">
      {blocksOf(body).map((b, i) => {
        const key = `${b.kind}${i}`;
        if (b.kind === 'heading')
          return (
            <h4 key={key}>
              <Line spans={b.spans} />
            </h4>
          );
        if (b.kind === 'list') {
          const items = b.items.map((spans, n) => (
            <li key={`${n}${spans[0]?.text ?? ''}`}>
              <Line spans={spans} />
            </li>
          ));
          return b.ordered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
        }
        return (
          <p key={key}>
            {b.lines.map((spans, n) => (
              <Fragment key={`${n}${spans[0]?.text ?? ''}`}>
                {n > 0 && <br />}
                <Line spans={spans} />
              </Fragment>
            ))}
          </p>
        );
      })}
    </div>
  );
}
