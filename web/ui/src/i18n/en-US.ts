import { actionTexts } from './en/actions';
import { admin } from './en/admin';
import { bench } from './en/bench';
import { codes } from './en/codes';
import { department } from './en/department';
import { departments } from './en/departments';
import { desk } from './en/desk';
import { knowledge } from './en/knowledge';
import { notices } from './en/notices';
import { pages } from './en/pages';
import { rules } from './en/rules';

/** English of every Chinese text of the pages; a test finds what is missing. */
export const enUS: Record<string, string> = {
  ...actionTexts,
  ...codes,
  ...admin,
  ...bench,
  ...department,
  ...departments,
  ...desk,
  ...knowledge,
  ...notices,
  ...pages,
  ...rules,
};
