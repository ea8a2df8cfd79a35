import { type ReactNode, useEffect, useRef } from 'react';
import { useT } from '@/i18n';
import { ratings, solvedTexts } from '@/labels';
import { type Answers, answerBy, type Question, questions } from './visit';

/** What is asked, word by word. */
const words: Record<Question, string> = {
  contacted: '在办理过程中，{{unit}}是否联系过您？',
  solved: '您反映的问题是否得到解决？',
  result: '您对办理结果是否满意？非常满意、满意、基本满意、不满意，还是非常不满意？',
  unit: '您对{{unit}}的服务是否满意？',
  agent: '您对 12345 话务员的服务是否满意？',
};

/** Digits of a question with what they mean, in the order of their buttons. */
const choices: Record<Question, [number, string][]> = {
  contacted: [
    [1, '联系过'],
    [2, '没有联系'],
  ],
  solved: [
    [1, solvedTexts['1'] as string],
    [0, solvedTexts['0'] as string],
    [2, solvedTexts['2'] as string],
  ],
  result: levels(),
  unit: levels(),
  agent: levels(),
};

function levels(): [number, string][] {
  return [...[1, 2, 3, 4, 5].map((n): [number, string] => [n, ratings[n] as string]), [0, '拒评']];
}

const chosen = (a: Answers, q: Question, digit: number) => {
  const by = answerBy(q, digit);
  return !!by && by[q] === a[q];
};

/** The questions to read out; a digit answers the one that is marked. */
export function Questions({
  unit,
  answers,
  current,
  choose,
  focus,
}: {
  unit: string;
  answers: Answers;
  current: Question | undefined;
  choose: (q: Question, digit: number) => void;
  focus: (q: Question) => void;
}): ReactNode {
  const t = useT();
  const list = useRef<HTMLOListElement>(null);
  const asked = useRef(current);
  useEffect(() => {
    if (asked.current === current) return;
    asked.current = current;
    const at = list.current?.querySelector('[data-current=true]') ?? list.current?.lastElementChild;
    at?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ol className="visit-questions" data-panel="questions" ref={list}>
      {questions.map((q) => (
        <li key={q} data-question={q} data-current={q === current} data-answered={answers[q] !== undefined}>
          <button type="button" className="visit-ask" onClick={() => focus(q)}>
            {t(words[q], { unit })}
          </button>
          <div className="visit-choices">
            {choices[q].map(([digit, text]) => (
              <button
                key={digit}
                type="button"
                aria-pressed={chosen(answers, q, digit)}
                onClick={() => choose(q, digit)}
                data-answer={`${q}-${digit}`}
              >
                <kbd>{digit}</kbd> {t(text)}
              </button>
            ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
