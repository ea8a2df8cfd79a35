/** The questions of a follow-up in the order they are asked. */
export const questions = ['contacted', 'solved', 'result', 'unit', 'agent'] as const;
export type Question = (typeof questions)[number];

/** Answers so far. Levels: 1 非常满意 … 5 非常不满意, 0 拒评. Solved: 0 no, 1 yes, 2 takes no position. */
export interface Answers {
  contacted?: boolean;
  solved?: '0' | '1' | '2';
  result?: number;
  unit?: number;
  agent?: number;
}

/** The answer that a digit gives to a question; undefined: none. */
export function answerBy(q: Question, digit: number): Answers | undefined {
  if (q === 'contacted') {
    if (digit === 1) return { contacted: true };
    return digit === 2 ? { contacted: false } : undefined;
  }
  if (q === 'solved') {
    return digit <= 2 ? { solved: String(digit) as '0' | '1' | '2' } : undefined;
  }
  return digit <= 5 ? { [q]: digit } : undefined;
}

/** The first question without an answer; undefined: all are answered. */
export const openQuestion = (a: Answers): Question | undefined => questions.find((q) => a[q] === undefined);

/** The question after this one that has no answer yet, else the first such. */
export function nextQuestion(a: Answers, after: Question): Question | undefined {
  const rest = questions.slice(questions.indexOf(after) + 1);
  return rest.find((q) => a[q] === undefined) ?? openQuestion(a);
}

/** Do the answers ask for another round? Not solved, or not satisfied with the result. */
export const isDissatisfied = (a: Answers): boolean => a.solved === '0' || (a.result ?? 0) >= 4;
