/** The public reply of a closed ticket that is like another one. */
export interface ReplyLike {
  id: string;
  number: string;
  title: string;
  answer: string;
}

/** A text that replies of a unit often begin with. */
export interface ReplyTemplate {
  id: string;
  name: string;
  text: string;
}

/** A share in percent with what it is made of; of 0: there is none yet. */
export interface Rate {
  code: string;
  label: string;
  count: number;
  of: number;
  percent: number;
  formula: string;
}

/** The figures of a unit in a span. */
export interface UnitRates {
  unit: { id: string; name: string };
  from: string;
  to: string;
  received: number;
  rates: Rate[];
}

/** Who stands in for the leader of a unit, and how long. */
export interface Deputy {
  id: string;
  unit: string;
  account: string;
  name: string;
  from: string;
  to: string;
  by: string;
  at: string;
}

/** A person of a unit who can stand in for its leader. */
export interface Clerk {
  account: string;
  name: string;
}
