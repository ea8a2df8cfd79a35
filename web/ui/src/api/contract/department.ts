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
